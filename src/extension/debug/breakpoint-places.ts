import type { Breakpoint } from '../../notebook/session/session-api.ts';
import { locateWaypoints, waypointOnLine } from '../language/waypoint-locations.ts';

/** A runnable cell as far as breakpoints care. */
export interface BreakpointCell {
  readonly id: string;
  readonly isWaypoints: boolean;
  readonly text: string;
}

/** What a breakpoint on a line (from 0) of a cell means, and the line it should be shown on. */
export interface PlacedBreakpoint {
  readonly line: number;
  readonly breakpoint: Breakpoint;
}

/**
 * Maps lines to (cell id, waypoint label): the only names that survive an edit on disk, after which cells have other
 * URIs. A line before the first waypoint, and any line of another kind of cell, means the cell's start.
 */
export function placeBreakpoint(cell: BreakpointCell, line: number): PlacedBreakpoint {
  const start = offsetOfLine(cell.text, line);
  const end = offsetOfLine(cell.text, line + 1) - 1;
  const waypoint = cell.isWaypoints
    ? waypointOnLine(locateWaypoints(cell.text), start, Math.max(start, end))
    : undefined;
  const atStart = waypoint === undefined || end < waypoint.span.start;
  if (atStart)
    return { line: cell.isWaypoints && waypoint === undefined ? 0 : line, breakpoint: { cell: cell.id } };
  return {
    line: lineOfOffset(cell.text, waypoint.span.start),
    breakpoint: { cell: cell.id, waypoint: waypoint.label },
  };
}

/** Line (from 0) on which a breakpoint stands in the text now; undefined where the waypoint is gone. */
export function lineOfBreakpoint(cell: BreakpointCell, breakpoint: Breakpoint): number | undefined {
  if (breakpoint.waypoint === undefined) return 0;
  const found = locateWaypoints(cell.text).find(({ label }) => label === breakpoint.waypoint);
  return found && lineOfOffset(cell.text, found.span.start);
}

/**
 * Breakpoints as a session has them: a waypoint is approached by the cell that executes its plan, so one on a plan
 * counts in every execute cell that names it. `executes` is execute cell to waypoints cell.
 */
export function forSession(
  breakpoints: readonly Breakpoint[],
  executes: ReadonlyMap<string, string>,
): Breakpoint[] {
  return breakpoints.flatMap((breakpoint) => {
    if (breakpoint.waypoint === undefined) return [breakpoint];
    const { waypoint } = breakpoint;
    return [...executes].filter(([, plan]) => plan === breakpoint.cell).map(([cell]) => ({ cell, waypoint }));
  });
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let i = 0; i < line; i++) {
    const next = text.indexOf('\n', offset);
    if (next < 0) return text.length + 1;
    offset = next + 1;
  }
  return offset;
}

function lineOfOffset(text: string, offset: number): number {
  let line = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
