import { SCENE_VERSION, type Scene } from '../../core/scene.ts';
import { parseWaypointsBody } from '../../notebook/file/cell-bodies.ts';
import type { NotebookCell } from '../../notebook/file/document.ts';
import type { Params } from '../../notebook/file/parameters.ts';

/**
 * The waypoints that a cell writes, as a scene of their own; undefined where their numbers are in the frame of an object,
 * which only a capture places. Throws `input/schema` for a body that is none.
 */
export function waypointsScene(cell: NotebookCell, title: string, params: Params): Scene | undefined {
  const { waypoints, frame } = parseWaypointsBody(cell, params);
  const inBase = (value: unknown): boolean => value === undefined || value === 'base';
  if (!inBase(frame) || waypoints.some((waypoint) => !inBase(waypoint.frame))) return undefined;
  const id = cell.id ?? '';
  return {
    version: SCENE_VERSION,
    kind: 'plan',
    cell: id,
    title,
    verdict: { ok: true, text: title },
    facts: [],
    layers: [{ kind: 'waypoints', id: 'coarse', label: title, cell: id, waypoints }],
  };
}
