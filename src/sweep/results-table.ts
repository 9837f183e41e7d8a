import { renameSync } from 'node:fs';
import {
  fileWriter,
  ParquetWriter,
  type BasicType,
  type ColumnSource,
  type SchemaElement,
} from 'hyparquet-writer';
import type { Factor, Scalar } from './factor.ts';
import type { RunRow } from './run-row.ts';

/** Rows in memory at a time; also a row group of the file. */
const GROUP = 2000;
const INT32_MAX = 0x7fffffff;

interface Column {
  readonly name: string;
  readonly type: Extract<BasicType, 'BOOLEAN' | 'INT32' | 'DOUBLE' | 'STRING'>;
  readonly of: (row: RunRow) => Scalar | undefined;
}

/**
 * Writes the rows as one Parquet file, a row per run, a column per factor and metric (`metric_NAME`); lengths in metres.
 * It holds only what the sweep decides, so the same sweep gives the same bytes. Rows are taken one at a time.
 */
export function writeResultsTable(
  file: string,
  rows: Iterable<RunRow>,
  factors: readonly Factor[],
  metrics: readonly string[],
  createdBy: string,
): void {
  const columns = columnsOf(factors, metrics);
  const temporary = `${file}.tmp`;
  const writer = new ParquetWriter({
    writer: fileWriter(temporary),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(schemaOf)],
    createdBy,
  });
  let group: RunRow[] = [];
  const flush = (): void => {
    if (group.length === 0) return;
    const columnData = columns.map(({ name, of }): ColumnSource => ({
      name,
      data: group.map((row) => of(row) ?? null),
    }));
    void writer.write({ columnData, rowGroupSize: GROUP });
    group = [];
  };
  for (const row of rows) {
    group.push(row);
    if (group.length === GROUP) flush();
  }
  flush();
  void writer.finish();
  renameSync(temporary, file);
}

function columnsOf(factors: readonly Factor[], metrics: readonly string[]): Column[] {
  const fixed = new Set([
    'index',
    'notebook',
    'success',
    'outcome',
    'exit_code',
    'reason',
    'code',
    'key',
    'record',
  ]);
  return [
    { name: 'index', type: 'INT32', of: (row) => row.index },
    { name: 'notebook', type: 'STRING', of: (row) => row.notebook },
    ...factors.map((factor): Column => {
      const type = typeOf(factor);
      return {
        // A parameter of the notebook may have the name of a column of ours.
        name: fixed.has(factor.name) ? `param_${factor.name}` : factor.name,
        type,
        of: ({ values }) => (type === 'STRING' ? String(values[factor.name]) : values[factor.name]),
      };
    }),
    { name: 'success', type: 'BOOLEAN', of: (row) => row.success },
    { name: 'outcome', type: 'STRING', of: (row) => row.outcome },
    { name: 'exit_code', type: 'INT32', of: (row) => row.exitCode },
    { name: 'reason', type: 'STRING', of: (row) => row.reason },
    { name: 'code', type: 'STRING', of: (row) => row.code },
    { name: 'trajectory_hash', type: 'STRING', of: (row) => row.trajectoryHash },
    { name: 'final_state_hash', type: 'STRING', of: (row) => row.finalStateHash },
    ...metrics.map((name): Column => ({
      name: `metric_${name}`,
      type: 'DOUBLE',
      of: (row) => row.metrics[name],
    })),
    { name: 'key', type: 'STRING', of: (row) => row.key },
    { name: 'record', type: 'STRING', of: (row) => row.record },
  ];
}

function typeOf({ values }: Factor): Column['type'] {
  if (values.every((value) => typeof value === 'boolean')) return 'BOOLEAN';
  if (!values.every((value) => typeof value === 'number')) return 'STRING';
  return values.every((value) => Number.isInteger(value) && Math.abs(value) <= INT32_MAX)
    ? 'INT32'
    : 'DOUBLE';
}

function schemaOf({ name, type }: Column): SchemaElement {
  return type === 'STRING'
    ? { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
    : { name, type, repetition_type: 'OPTIONAL' };
}
