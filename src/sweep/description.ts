import { WaybookError } from '../core/errors.ts';
import { hashJson } from '../core/hash.ts';
import type { Factor, Scalar } from './factor.ts';
import { runText } from './run-text.ts';

/** A file beside a notebook that its capture cells read. */
export interface SweepFile {
  /** relative to the notebook, forward slashes */
  readonly path: string;
  readonly sha256: string;
}

export interface SweepNotebook {
  /** what tables call it */
  readonly name: string;
  /** the file's text, with `--robot` in its front matter where that was given */
  readonly text: string;
  readonly files: readonly SweepFile[];
}

/**
 * What a sweep is, for every engine: the notebooks, what varies, and which runs there are. Nothing in it names a
 * machine, a path or a scheduler. It is kept as `sweep.json`, so that a sweep can go on without its notebook.
 */
export interface SweepDescription {
  readonly waybookSweep: 1;
  readonly title: string;
  readonly notebooks: readonly SweepNotebook[];
  readonly factors: readonly Factor[];
  /** rows of values in the order of `factors`; absent: every combination, the last factor fastest */
  readonly list?: readonly (readonly Scalar[])[];
  /** how many successes keep their record, about; `all` keeps every one */
  readonly keep: number | 'all';
  /** hash of the programs and the model that run it */
  readonly programs: string;
}

export const MAX_RUNS = 200_000;

/** One run, as every engine gets it. */
export interface RunOrder {
  readonly kind: 'run';
  readonly index: number;
  readonly key: string;
  readonly notebook: string;
  readonly values: Readonly<Record<string, Scalar>>;
  /** the notebook to run, with the values in its front matter */
  readonly text: string;
  /** stem of the files that a kept record gets */
  readonly record: string;
  /** whether the record is kept also where the run succeeds */
  readonly sampled: boolean;
}

/** How many runs there are. Throws `input/usage` where they are none, or more than {@link MAX_RUNS}. */
export function countRuns(description: SweepDescription): number {
  const { list, factors, notebooks } = description;
  const perNotebook = list ? list.length : factors.reduce((n, factor) => n * factor.values.length, 1);
  const count = perNotebook * notebooks.length;
  if (count < 1 || count > MAX_RUNS) {
    throw new WaybookError('input/usage', `The sweep has ${count} runs, not 1 to ${MAX_RUNS}.`);
  }
  return count;
}

/** The `index`-th run. Throws as {@link runText} does. */
export function orderOf(description: SweepDescription, index: number): RunOrder {
  const { notebooks, factors, list, keep, programs } = description;
  const total = countRuns(description);
  const perNotebook = total / notebooks.length;
  const notebook = notebooks[Math.floor(index / perNotebook)];
  if (!notebook || index < 0) throw new RangeError(`There is no run ${index} of ${total}`);
  let rest = index % perNotebook;
  const values: Record<string, Scalar> = {};
  if (list) {
    factors.forEach((factor, i) => (values[factor.name] = list[rest]?.[i] as Scalar));
  } else {
    for (const factor of [...factors].reverse()) {
      values[factor.name] = factor.values[rest % factor.values.length] as Scalar;
      rest = Math.floor(rest / factor.values.length);
    }
  }
  const ordered = Object.fromEntries(factors.map(({ name }) => [name, values[name] as Scalar]));
  const text = runText(notebook.text, notebook.name, ordered);
  const key = hashJson({ text, files: notebook.files, programs });
  return {
    kind: 'run',
    index,
    key,
    notebook: notebook.name,
    values: ordered,
    text,
    record: `${String(index).padStart(5, '0')}-${key.slice(0, 8)}`,
    sampled: keep === 'all' || isSampled(key, keep / total),
  };
}

/** The key decides, so that the same runs are kept whoever runs them, in whatever order. */
const isSampled = (key: string, share: number): boolean =>
  Number.parseInt(key.slice(8, 16), 16) / 0x1_0000_0000 < share;
