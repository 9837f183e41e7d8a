import type { OutputMetadata } from '../outputs/output-metadata.ts';

/** What is said about one cell in its status row. Pure, so that the wording is tested without an editor. */
export interface CellStatus {
  readonly text: string;
  readonly tooltip: string;
  readonly side: 'left' | 'right';
  readonly command?: 'inspect' | 'edit' | 'continue';
}

export interface CellSituation {
  readonly id?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly output?: OutputMetadata;
  /** why its last result no longer fits */
  readonly stale?: string;
  /** a plan that a person has changed since the planner wrote it */
  readonly edited: boolean;
  /** what it does now */
  readonly activity?: string;
  readonly paused: boolean;
  /** the text of a badge for outputs that come from a record: "From run …" */
  readonly from?: string;
}

/** Facts that fit in the row; the rest is in the output itself. */
const SHOWN_FACTS = 4;

/** Items left to right: activity or badge, verdict, facts; on the right the references and the cell's id. */
export function cellStatus(situation: CellSituation): CellStatus[] {
  const { id, attributes, output, stale, edited, activity, paused, from } = situation;
  const items: CellStatus[] = [];
  const left = (text: string, tooltip: string, command?: CellStatus['command']): void => {
    items.push({ text, tooltip, side: 'left', command });
  };
  if (paused) left(`$(debug-pause) ${activity ?? 'Paused'}`, 'Continue with F5, step with F10', 'continue');
  else if (activity !== undefined) left(activity, activity);
  if (stale !== undefined)
    left(`$(history) Stale: ${stale}`, 'The result below belongs to an older state. Run the cell again.');
  else if (from !== undefined)
    left(`$(history) ${from}`, 'Read from the record of an earlier run; nothing ran in this window.');
  if (output && activity === undefined) {
    if (!output.ok) left(`$(error) ${refusalWord(output)}`, output.verdict, 'inspect');
    for (const { name, value } of output.facts.filter(isShort).slice(0, SHOWN_FACTS))
      left(factText(name, value), `${name}: ${value}`);
  }
  if (edited) left('$(edit) edited plan', 'Changed by hand since it was planned; planning again asks first.');
  for (const key of ['capture', 'trajectory'] as const) {
    const target = attributes[key];
    if (target !== undefined)
      items.push({
        text: `${key} #${target}`,
        tooltip: `Uses the ${key} of #${target}`,
        side: 'right',
        command: 'edit',
      });
  }
  if (id !== undefined)
    items.push({ text: `#${id}`, tooltip: 'Cell id and references', side: 'right', command: 'edit' });
  return items;
}

/** Lists and hashes are for the output below. */
const isShort = ({ value }: { readonly value: string }): boolean =>
  value.length <= 26 && !/^sha256|[0-9a-f]{8}$/.test(value);

/** Ids that a fact names, in the words of the side bar. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Planner: {
    language: 'Built-in language planner',
    openai: 'OpenAI-compatible planner',
    vscode: 'VS Code model',
  },
  Refiner: { expert: 'Action expert', spline: 'Spline', snap: 'Snap to object' },
};

/** A value that says what it is stands alone; a bare number gets its name. */
function factText(name: string, id: string): string {
  const value = NAMES[name]?.[id] ?? id;
  return /[a-z]{3,}/i.test(value) ? value : `${name} ${value}`;
}

const refusalWord = (output: OutputMetadata): string => {
  const word = /^([A-Z][a-z]+):/.exec(output.verdict)?.[1];
  return word ?? (output.kind === 'refined' ? 'Refused' : 'Failed');
};
