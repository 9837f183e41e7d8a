import type { Scene } from '../../core/scene.ts';

/** What a run's index says of one cell. */
export interface RecordedCell {
  readonly key?: string;
  /** file name of the preview in the run's folder */
  readonly preview: string;
}

/** One run as its folder tells. Every field but the name may be missing: folders are copied, cut and edited. */
export interface RunRecord {
  /** `<UTC>-<id>` */
  readonly name: string;
  /** counts from the oldest folder that is there */
  readonly number?: number;
  readonly cells: ReadonlyMap<string, RecordedCell>;
  /** `running` also where the process was killed */
  readonly outcome?: string;
  /** why it failed, or what the task's predicate says */
  readonly summary?: string;
  readonly robot?: string;
}

const SAFE_NAME = /^[^/\\]{1,255}$/;

/** Reads `index.json`; undefined where it is none. File names that leave the folder are dropped. */
export function parseRunIndex(name: string, text: string): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const cells = new Map<string, RecordedCell>();
  for (const [id, entry] of Object.entries(isObject(value['cells']) ? value['cells'] : {})) {
    if (!isObject(entry)) continue;
    const preview = entry['preview'];
    if (typeof preview !== 'string' || !SAFE_NAME.test(preview) || preview.startsWith('.')) continue;
    cells.set(id, { preview, key: typeof entry['key'] === 'string' ? entry['key'] : undefined });
  }
  const end = isObject(value['end']) ? value['end'] : {};
  const verdict = isObject(end['verdict']) ? end['verdict'] : {};
  const provenance = isObject(value['provenance']) ? value['provenance'] : {};
  return {
    name,
    cells,
    outcome: verdict['success'] === false ? 'failed' : stringOf(value['state']),
    summary: stringOf(end['failure']) ?? stringOf(verdict['reason']),
    robot: stringOf(provenance['robot']),
  };
}

/** A preview as it may be shown: an object that says which cell it is of and what came out. */
export function parsePreview(text: string): Scene | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || !Array.isArray(value['layers']) || !isObject(value['verdict'])) return undefined;
    const { ok, text: verdict } = value['verdict'];
    if (typeof ok !== 'boolean' || typeof verdict !== 'string') return undefined;
    return { ...value, facts: Array.isArray(value['facts']) ? value['facts'] : [] } as unknown as Scene;
  } catch {
    return undefined;
  }
}

/** Run names sort by time. Newest first. */
export const newestFirst = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));

/** For each cell the newest run that shows it. */
export function latestOutputs(
  records: readonly RunRecord[],
): Map<string, { run: RunRecord; cell: RecordedCell }> {
  const latest = new Map<string, { run: RunRecord; cell: RecordedCell }>();
  for (const run of records) {
    for (const [id, cell] of run.cells) if (!latest.has(id)) latest.set(id, { run, cell });
  }
  return latest;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
