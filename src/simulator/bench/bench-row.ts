import { cpus, loadavg } from 'node:os';

/** One figure of a benchmark, as it is printed. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** what it was measured on and against, and what it should reach */
  readonly note: string;
  /** least and greatest of the runs that `value` is the median of */
  readonly range?: readonly [number, number];
}

export interface BenchReport {
  readonly bench: string;
  readonly machine: string;
  readonly rows: readonly BenchRow[];
  /** what could not be measured, and why */
  readonly skipped: readonly string[];
}

/** Processor, cores, load, platform and Node: what figures hold for. On a busy machine they are lower. */
export function machineName(): string {
  const [first] = cpus();
  const processor = `${first?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
  return `${processor}, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export const rowOf = (name: string, unit: string, runs: readonly number[], note: string): BenchRow => ({
  name,
  value: median(runs),
  unit,
  note,
  range: [Math.min(...runs), Math.max(...runs)],
});
