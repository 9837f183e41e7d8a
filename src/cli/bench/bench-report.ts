import { WaybookError } from '../../core/errors.ts';
import { formatTable } from '../sweep/table.ts';

/** Figures of one benchmark as a program of ours prints them: medians, with the machine that they hold for. */
export interface BenchReport {
  readonly bench: string;
  readonly machine: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: number;
    readonly unit: string;
    readonly note: string;
    /** least and greatest of the runs behind the median */
    readonly range?: readonly [number, number];
  }[];
  /** what could not be measured, and why */
  readonly skipped: readonly string[];
}

/** Reads the JSON of another program of the same build. Throws `internal/bug` where it is no report. */
export function parseBenchReport(text: string): BenchReport {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'rows' in value && Array.isArray(value.rows)) {
    return value as BenchReport;
  }
  throw new WaybookError('internal/bug', 'The benchmark printed no report.');
}

export function printBenchReport(report: BenchReport): string {
  const number = (value: number): string => String(Number(value.toPrecision(3)));
  const rows = report.rows.map(({ name, value, unit, note, range }) => [
    name,
    `${number(value)} ${unit}`.trim(),
    range ? `${number(range[0])} to ${number(range[1])}` : '',
    note,
  ]);
  const skipped = report.skipped.map((line) => `Skipped: ${line}\n`).join('');
  return `${report.machine}\n${formatTable([['measured', 'median', 'range', 'note'], ...rows])}${skipped}`;
}
