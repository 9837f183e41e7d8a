import type { Capture } from '../../core/capture.ts';
import { type ErrorPlace, WaybookError } from '../../core/errors.ts';
import { compose } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Waypoint, WaypointFrame } from '../../core/waypoint.ts';
import type { WaypointsBody } from '../file/cell-bodies.ts';
import type { NotebookCell } from '../file/document.ts';

/**
 * Waypoints in base: those written in an object's frame follow the object as this capture sees it.
 * Throws `input/grounding` where the object is missing or more than one answers to its name.
 */
export function resolveWaypoints(
  body: WaypointsBody,
  capture: Capture | undefined,
  cell: NotebookCell,
): Waypoint[] {
  return body.waypoints.map((waypoint, index) => {
    const frame = waypoint.frame ?? body.frame;
    const { label, gripper, radius, position, orientation } = waypoint;
    if (frame === 'base') return { label, gripper, radius, position, orientation };
    const object = objectOf(frame, capture, cell, index);
    return { label, gripper, radius, ...compose(object.pose, { position, orientation }) };
  });
}

function objectOf(
  frame: Exclude<WaypointFrame, 'base'>,
  capture: Capture | undefined,
  cell: NotebookCell,
  waypoint: number,
): SceneObject {
  const place = { line: cell.bodyLine, waypoint, ...(cell.id === undefined ? {} : { cell: cell.id }) };
  if (!capture) {
    throw new WaybookError(
      'input/grounding',
      `The frame of "${frame.object}" needs a capture to find it in.`,
      {
        place,
        hint: 'Write capture=ID on the cell.',
      },
    );
  }
  return findObject(frame, capture.objects, place);
}

/** The one thing that a frame names, by id, label or further name. Throws `input/grounding` for none and for several. */
export function findObject(
  frame: Exclude<WaypointFrame, 'base'>,
  objects: readonly SceneObject[],
  place: ErrorPlace = {},
): SceneObject {
  const named = objects.filter(
    (o) => o.id === frame.object || o.label === frame.object || (o.names ?? []).includes(frame.object),
  );
  const [only, ...others] = named;
  if (only && others.length === 0) return only;
  const seen = objects.map((o) => o.label).join(', ') || 'nothing';
  throw new WaybookError(
    'input/grounding',
    only
      ? `${named.length} things are called "${frame.object}": ${named.map((o) => o.id).join(', ')}.`
      : `There is no "${frame.object}" in the capture.`,
    {
      place,
      hint: only ? 'Use the id of one of them.' : `It shows ${seen}.`,
      data: { candidates: named.map((o) => o.id) },
    },
  );
}
