import { distance } from '../../core/geometry.ts';
import { duration } from '../../core/trajectory.ts';
import type { RecordContents } from '../../records/read-record.ts';

/** One thing that two records were compared in. */
export interface Comparison {
  readonly what: string;
  readonly same: boolean;
  /** what differs and by how much */
  readonly difference?: string;
}

/** Compares what a run recorded with what it gave again: inputs first, so that the first difference is the cause. */
export function compareRecords(before: RecordContents, after: RecordContents): Comparison[] {
  const rows: Comparison[] = [];
  for (const capture of before.captures) {
    const other = after.captures.find((c) => c.cell === capture.cell);
    rows.push(equal(`capture #${capture.cell}`, capture.hash, other?.hash, 'another cloud'));
  }
  for (const { cell, asked } of before.waypoints) {
    const other = after.waypoints.find((w) => w.cell === cell)?.asked;
    const moved = asked.flatMap((waypoint, i) => {
      const there = other?.[i];
      if (!there) return [`"${waypoint.label}" is missing`];
      const by = distance(waypoint.position, there.position) * 1000;
      const turned = waypoint.orientation.some((v, k) => v !== there.orientation[k]);
      if (by === 0 && !turned && waypoint.gripper === there.gripper) return [];
      return [
        `"${waypoint.label}" ${by > 0 ? `moved ${by.toFixed(2)} mm` : turned ? 'turned' : 'has another opening'}`,
      ];
    });
    rows.push({
      what: `waypoints #${cell}`,
      same: moved.length === 0,
      ...(moved.length > 0 ? { difference: moved.join(', ') } : {}),
    });
  }
  for (const { cell, hash, trajectory } of before.trajectories) {
    const other = after.trajectories.find((t) => t.cell === cell);
    const longer = other ? duration(other.trajectory) - duration(trajectory) : 0;
    const how = `${longer >= 0 ? '+' : ''}${longer.toFixed(2)} s, tool off by ${other ? toolDifference(trajectory.tool, other.trajectory.tool).toFixed(2) : '?'} mm at most`;
    rows.push(equal(`trajectory #${cell}`, hash, other?.hash, how));
  }
  const success = (record: RecordContents): string =>
    record.end?.verdict ? (record.end.verdict.success ? 'success' : 'failure') : 'no verdict';
  rows.push(
    equal('verdict', success(before), success(after), `${success(before)} before, ${success(after)} now`),
  );
  rows.push(
    equal('final state', before.end?.finalStateHash, after.end?.finalStateHash, 'the world ended elsewhere'),
  );
  return rows;
}

const equal = (
  what: string,
  a: string | undefined,
  b: string | undefined,
  difference: string,
): Comparison => ({
  what,
  same: a === b,
  ...(a === b ? {} : { difference: b === undefined ? 'missing in the new run' : difference }),
});

/** Greatest distance between tool positions at the same share of the way [mm]. */
function toolDifference(a: Float64Array, b: Float64Array): number {
  const n = a.length / 7;
  const m = b.length / 7;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const j = n === 1 ? 0 : Math.round((i * (m - 1)) / (n - 1));
    most = Math.max(
      most,
      Math.hypot(a[7 * i]! - b[7 * j]!, a[7 * i + 1]! - b[7 * j + 1]!, a[7 * i + 2]! - b[7 * j + 2]!),
    );
  }
  return most * 1000;
}
