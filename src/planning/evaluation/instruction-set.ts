import { WaybookError } from '../../core/errors.ts';
import type { PlanStep } from '../planner.ts';

/** An instruction over one scene, with what is right: any of several step lists, or a refusal. */
export interface LabelledInstruction {
  /** name of a scene file */
  readonly scene: string;
  readonly instruction: string;
  readonly line: number;
  readonly expected: readonly Expectation[];
}

export type Expectation =
  | { readonly kind: 'refuse' }
  /** whatever it plans: the words leave it open on purpose ("any cube") */
  | { readonly kind: 'any' }
  /** steps in canonical form, in any order */
  | { readonly kind: 'steps'; readonly steps: readonly string[] };

/**
 * Reads a set of labelled instructions. Lines are `# SCENE` (what follows is over that scene) or
 * `INSTRUCTION -> EXPECTATION`, alternatives apart by `|`. An expectation is `refuse`, `any`, or steps apart by `;`:
 * `put OBJECT RELATION OBJECT…`, `put OBJECT table`, `put OBJECT @SIDES`, `put OBJECT >DIRECTION`, and in the same way
 * `push` and `drag`; `pick OBJECT`, `open OBJECT`, `close`, `press`, `rotate`, `reach`; `insert OBJECT HOLE`;
 * `switch OBJECT on|off|other`. Throws `input/format` with the line.
 */
export function parseInstructionSet(text: string): LabelledInstruction[] {
  const items: LabelledInstruction[] = [];
  let scene: string | undefined;
  text.split(/\r?\n/).forEach((raw, i) => {
    const line = raw.trim();
    if (line === '') return;
    if (line.startsWith('#')) {
      scene = line.slice(1).trim();
      return;
    }
    const at = line.lastIndexOf('->');
    if (at < 0 || scene === undefined) {
      throw new WaybookError(
        'input/format',
        `Line ${i + 1} is not "INSTRUCTION -> EXPECTATION" under a "# SCENE".`,
        {
          place: { line: i + 1 },
        },
      );
    }
    const expected = line
      .slice(at + 2)
      .split('|')
      .map((alternative) => parseExpectation(alternative.trim()));
    items.push({ scene, instruction: line.slice(0, at).trim(), line: i + 1, expected });
  });
  return items;
}

function parseExpectation(text: string): Expectation {
  if (text === 'refuse') return { kind: 'refuse' };
  if (text === 'any') return { kind: 'any' };
  return {
    kind: 'steps',
    steps: text
      .split(';')
      .map((step) => step.trim().replace(/\s+/g, ' '))
      .sort(),
  };
}

/** A planned step as a label would say it. */
export function canonicalStep(step: PlanStep): string {
  const refs = step.references ?? (step.destination === undefined ? [] : [step.destination]);
  const verb = /^(?:put|stack|remove)$/.test(step.verb) ? 'put' : step.verb === 'pull' ? 'drag' : step.verb;
  if (verb === 'insert') return `insert ${step.object} ${refs[0] ?? ''}`.trim();
  if (verb === 'lift') return `pick ${step.object}`;
  if (verb === 'rotate') return `rotate ${step.object}`;
  if (/^(?:turn (?:on|off)|toggle)$/.test(verb)) return `switch ${step.object} ${step.relation ?? ''}`.trim();
  if (refs.length > 0) return `${verb} ${step.object} ${step.relation ?? ''} ${refs.join(' ')}`;
  if (step.relation === 'on table') return `${verb} ${step.object} table`;
  if (step.relation === undefined) return `${verb} ${step.object}`;
  if (verb === 'put' || verb === 'push' || verb === 'drag') {
    const shifted = step.shift === true;
    return `${verb} ${step.object} ${shifted ? '>' : '@'}${step.relation}`;
  }
  return `${verb} ${step.object}`;
}
