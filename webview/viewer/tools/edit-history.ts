import type { Waypoint } from '../../../src/core/waypoint.ts';

/** One committed change of one waypoint's pose. */
export interface PoseChange {
  readonly index: number;
  readonly before: Waypoint;
  readonly after: Waypoint;
}

/** What was changed in the view, and how far it was undone: `changes[0..done)` hold. */
export interface EditHistory {
  readonly changes: readonly PoseChange[];
  readonly done: number;
}

export const EMPTY_HISTORY: EditHistory = { changes: [], done: 0 };

/** A new change drops what had been undone. */
export const record = (history: EditHistory, change: PoseChange): EditHistory => ({
  changes: [...history.changes.slice(0, history.done), change],
  done: history.done + 1,
});

export function undo(history: EditHistory): {
  history: EditHistory;
  apply?: { index: number; waypoint: Waypoint };
} {
  const change = history.changes[history.done - 1];
  if (!change) return { history };
  return {
    history: { ...history, done: history.done - 1 },
    apply: { index: change.index, waypoint: change.before },
  };
}

export function redo(history: EditHistory): {
  history: EditHistory;
  apply?: { index: number; waypoint: Waypoint };
} {
  const change = history.changes[history.done];
  if (!change) return { history };
  return {
    history: { ...history, done: history.done + 1 },
    apply: { index: change.index, waypoint: change.after },
  };
}

/** The same list with one waypoint replaced. */
export const withWaypoint = (list: readonly Waypoint[], index: number, waypoint: Waypoint): Waypoint[] =>
  list.map((w, i) => (i === index ? waypoint : w));

/** Rounded as it will stand in the JSON: 0.1 mm and 1e-4 in a quaternion. */
export function rounded(waypoint: Waypoint): Waypoint {
  const r = (v: number): number => Math.round(v * 1e4) / 1e4 + 0;
  const [x, y, z] = waypoint.position;
  const [qx, qy, qz, qw] = waypoint.orientation;
  return { ...waypoint, position: [r(x), r(y), r(z)], orientation: [r(qx), r(qy), r(qz), r(qw)] };
}
