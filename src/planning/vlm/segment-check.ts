import { inverse, lerp, transformPoint, type Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Waypoint } from '../../core/waypoint.ts';

/** Sampling of a straight segment [m]. */
const STEP = 0.01;

/**
 * Straight ways between waypoints that run through things which the plan does not touch, as sentences. The fingertips
 * alone are checked: the validator checks the whole arm before anything moves.
 */
export function segmentProblems(
  start: Vec3,
  waypoints: readonly Waypoint[],
  objects: readonly SceneObject[],
  touched: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  const solid = objects.filter(
    (o) => !touched.has(o.id) && !touched.has(o.partOf ?? '') && o.size[2] > 0.005,
  );
  let from = start;
  waypoints.forEach((waypoint, i) => {
    const length = Math.hypot(
      waypoint.position[0] - from[0],
      waypoint.position[1] - from[1],
      waypoint.position[2] - from[2],
    );
    const n = Math.max(1, Math.ceil(length / STEP));
    const hit = solid.find((object) => {
      for (let k = 0; k <= n; k++) if (contains(object, lerp(from, waypoint.position, k / n))) return true;
      return false;
    });
    if (hit !== undefined)
      problems.push(
        `waypoint ${i + 1} ("${waypoint.label}"): the straight way to it runs through ${hit.id}.`,
      );
    from = waypoint.position;
  });
  return problems;
}

function contains(object: SceneObject, point: Vec3): boolean {
  const p = transformPoint(inverse(object.pose), point);
  return [0, 1, 2].every((k) => Math.abs(p[k] as number) < (object.size[k] as number) / 2);
}
