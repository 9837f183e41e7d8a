import type { SweepDescription } from './description.ts';
import { describeValue, type Factor, type Scalar } from './factor.ts';
import type { RunRow } from './run-row.ts';
import { type Proportion, wilson } from './wilson.ts';

/** Success among the runs with one value of one factor, or with one combination of values. */
export interface RateOf {
  /** value by factor; one entry, or several for a combination */
  readonly values: Readonly<Record<string, Scalar>>;
  /** the same for people */
  readonly label: string;
  readonly rate: Proportion;
  /** runs whose process died every time: not in `rate`, since nothing is known of the task */
  readonly crashed: number;
}

export interface SweepSummary {
  readonly runs: number;
  readonly done: number;
  readonly overall: RateOf;
  readonly byFactor: readonly { readonly factor: string; readonly rates: readonly RateOf[] }[];
  /** over every factor that {@link isTabulated}; absent where that is one or none */
  readonly combinations?: readonly RateOf[];
  /** commonest first, numbers replaced by # */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

/** A factor with more values than this, such as the seed, is what is averaged over. */
const MOST_TABULATED = 12;
/** More combinations than this are no table that anybody reads. */
const MOST_COMBINATIONS = 400;
const MOST_REASONS = 200;
const SHOWN_REASONS = 12;
/** What the notebook is called as a factor. */
export const NOTEBOOK = 'notebook';

export const isTabulated = (factor: Factor): boolean =>
  factor.name !== 'seed' && factor.values.length > 1 && factor.values.length <= MOST_TABULATED;

/** Factors with the notebook in front, where there are several. */
export function allFactors({ notebooks, factors }: SweepDescription): readonly Factor[] {
  return notebooks.length > 1
    ? [{ name: NOTEBOOK, values: notebooks.map(({ name }) => name) }, ...factors]
    : factors;
}

export const valueOf = (row: RunRow, factor: string): Scalar | undefined =>
  factor === NOTEBOOK ? row.notebook : row.values[factor];

interface Count {
  readonly values: Readonly<Record<string, Scalar>>;
  successes: number;
  total: number;
  crashed: number;
}

/** Counts as rows come; it holds no rows. */
export class Tally {
  readonly #description: SweepDescription;
  readonly #runs: number;
  readonly #factors: readonly Factor[];
  /** whether combinations are counted beside single factors */
  readonly #combined: boolean;
  readonly #cells = new Map<string, Count>();
  readonly #overall: Count = { values: {}, successes: 0, total: 0, crashed: 0 };
  readonly #reasons = new Map<string, number>();
  readonly #metrics = new Set<string>();

  constructor(description: SweepDescription, runs: number) {
    this.#description = description;
    this.#runs = runs;
    this.#factors = allFactors(description).filter(isTabulated);
    const combinations = this.#factors.reduce((n, factor) => n * factor.values.length, 1);
    this.#combined = this.#factors.length > 1 && combinations <= MOST_COMBINATIONS;
  }

  add(row: RunRow): void {
    const keys = this.#factors.map((factor) => [factor.name]);
    if (this.#combined) keys.push(this.#factors.map((factor) => factor.name));
    for (const names of keys) {
      const values = Object.fromEntries(names.map((name) => [name, valueOf(row, name) as Scalar]));
      const key = JSON.stringify(values);
      let count = this.#cells.get(key);
      if (!count) this.#cells.set(key, (count = { values, successes: 0, total: 0, crashed: 0 }));
      addTo(count, row);
    }
    addTo(this.#overall, row);
    for (const name of Object.keys(row.metrics)) this.#metrics.add(name);
    if (!row.success) {
      const reason = row.reason.replace(/\d+(\.\d+)?/g, '#');
      if (this.#reasons.size < MOST_REASONS || this.#reasons.has(reason))
        this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    }
  }

  get done(): number {
    return this.#overall.total + this.#overall.crashed;
  }

  get failed(): number {
    return this.done - this.#overall.successes;
  }

  get crashed(): number {
    return this.#overall.crashed;
  }

  /** names of all metrics so far, sorted */
  get metrics(): string[] {
    return [...this.#metrics].sort();
  }

  summary(): SweepSummary {
    const rate = (values: Readonly<Record<string, Scalar>>): RateOf => {
      const count = this.#cells.get(JSON.stringify(values));
      return this.#rateOf(values, count);
    };
    const combinations = this.#combined ? combinationsOf(this.#factors) : undefined;
    return {
      runs: this.#runs,
      done: this.done,
      overall: this.#rateOf({}, this.#overall),
      byFactor: this.#factors.map(({ name, values }) => ({
        factor: name,
        rates: values.map((value) => rate({ [name]: value })),
      })),
      // A combination that a list does not hold has no row.
      ...(combinations
        ? {
            combinations: combinations
              .map(rate)
              .filter((of) => of.rate.total + of.crashed > 0 || this.#description.list === undefined),
          }
        : {}),
      reasons: [...this.#reasons]
        .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
        .slice(0, SHOWN_REASONS)
        .map(([reason, count]) => ({ reason, count })),
    };
  }

  #rateOf(values: Readonly<Record<string, Scalar>>, count: Count | undefined): RateOf {
    const factors = allFactors(this.#description);
    const label = Object.entries(values)
      .map(([name, value]) => describeValue(factors.find((f) => f.name === name) ?? {}, value))
      .join(', ');
    return {
      values,
      label,
      rate: wilson(count?.successes ?? 0, count?.total ?? 0),
      crashed: count?.crashed ?? 0,
    };
  }
}

function addTo(count: Count, row: RunRow): void {
  if (row.outcome === 'crashed') {
    count.crashed += 1;
    return;
  }
  count.total += 1;
  if (row.success) count.successes += 1;
}

function combinationsOf(factors: readonly Factor[]): Record<string, Scalar>[] {
  return factors.reduce<Record<string, Scalar>[]>(
    (all, { name, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}
