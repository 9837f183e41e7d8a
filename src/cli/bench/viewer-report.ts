import { WaybookError } from '../../core/errors.ts';
import { formatTable } from '../sweep/table.ts';

/** Figures of the viewer, each beside bare three.js doing the same. */
export interface ViewerReport {
  readonly machine: string;
  readonly figures: readonly {
    readonly name: string;
    readonly viewer: number;
    readonly bare: number;
    readonly unit: string;
    readonly must: string;
    readonly holds: boolean;
    readonly note: string;
  }[];
}

/** Reads what test/browser/bench.mjs prints. Throws `internal/bug` where it is no report. */
export function parseViewerReport(text: string): ViewerReport {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'figures' in value && Array.isArray(value.figures)) {
      return value as ViewerReport;
    }
  } catch {
    // said below
  }
  throw new WaybookError('internal/bug', 'The viewer’s measurement printed no report.');
}

export function printViewerReport({ machine, figures }: ViewerReport): string {
  const value = (v: number, unit: string): string => `${Number(v.toPrecision(3))} ${unit}`.trim();
  const rows = figures.map((f) => [
    f.name,
    value(f.viewer, f.unit),
    value(f.bare, f.unit),
    f.must,
    f.holds ? 'holds' : 'does not hold',
    f.note,
  ]);
  return `${machine}\n${formatTable([['measured', 'viewer', 'bare three.js', 'must be', '', 'note'], ...rows])}`;
}
