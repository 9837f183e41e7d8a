import { type ErrorCode, WaybookError } from '../../core/errors.ts';
import type { Finding, NotebookCell } from './document.ts';

/** Something wrong in a cell's body, at an offset of it. */
export interface BodyProblem {
  readonly severity: 'error' | 'warning';
  readonly code: 'format' | 'schema' | 'limit' | 'parameter';
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  readonly hint?: string;
  readonly limit?: {
    readonly name: string;
    readonly value: number;
    readonly limit: number;
    readonly unit: string;
  };
  /** index of the waypoint it is about */
  readonly waypoint?: number;
}

const ERROR_CODES: Record<BodyProblem['code'], ErrorCode> = {
  format: 'input/format',
  schema: 'input/schema',
  limit: 'input/limit',
  parameter: 'input/reference',
};

export function problemToFinding(problem: BodyProblem, cell: NotebookCell): Finding {
  const start = place(cell, problem.offset);
  const end = place(cell, problem.offset + problem.length);
  return {
    severity: problem.severity,
    code: `body/${problem.code}`,
    message: problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`,
    ...start,
    endLine: end.line,
    endColumn: end.column,
    ...(cell.id === undefined ? {} : { cell: cell.id }),
  };
}

export function problemToError(problem: BodyProblem, cell: NotebookCell): WaybookError {
  return new WaybookError(ERROR_CODES[problem.code], problem.message, {
    place: {
      ...place(cell, problem.offset),
      ...(cell.id === undefined ? {} : { cell: cell.id }),
      ...(problem.waypoint === undefined ? {} : { waypoint: problem.waypoint }),
    },
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    ...(problem.limit === undefined ? {} : { limit: problem.limit }),
  });
}

function place(cell: NotebookCell, offset: number): { line: number; column: number } {
  let line = cell.bodyLine;
  let start = 0;
  for (let at = cell.body.indexOf('\n'); at >= 0 && at < offset; at = cell.body.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: Math.min(offset, cell.body.length) - start + 1 };
}
