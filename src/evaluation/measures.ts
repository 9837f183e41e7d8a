import { distance, dot, rotate, type Pose, type Vec3 } from '../core/geometry.ts';
import type { SceneObject } from '../core/scene-object.ts';
import type { Trajectory } from '../core/trajectory.ts';
import { gripperEvents, type Waypoint } from '../core/waypoint.ts';
import type { EpisodeResult } from './episode.ts';
import type { Prepared } from './episode-scene.ts';

/** Longer than wide by this much counts as elongated: the fingers must lie across it. */
const ELONGATED = 1.25;
/** A true grasp this near to the one taken is the one that its turn is measured against [m]. */
const SAME_GRASP = 0.03;
/** A waypoint this near to a decoy's grasp has followed it [m]. */
const FOLLOWED = 0.03;

const finger = (pose: Pick<Pose, 'orientation'>): Vec3 => rotate(pose.orientation, [0, 1, 0]);

/** Angle between the lines along which two grasps open their fingers [rad], 0 … π/2: a gripper has no front. */
export const fingerAngle = (a: Pick<Pose, 'orientation'>, b: Pick<Pose, 'orientation'>): number =>
  Math.acos(Math.min(1, Math.abs(dot(finger(a), finger(b)))));

/**
 * The waypoints at which a plan first takes hold of something and first lets go. Fingers that close a little on the way are
 * only being made ready: the last closing before an opening is the grasp.
 */
export function firstGrasp(
  waypoints: readonly Waypoint[],
  gripper: number,
): { readonly close?: number; readonly open?: number } {
  let close: number | undefined;
  for (const { waypoint, from, to } of gripperEvents(waypoints, gripper)) {
    if (to < from) close = waypoint;
    else if (close !== undefined) return { close, open: waypoint };
  }
  return close === undefined ? {} : { close };
}

/**
 * How far the refined waypoints of the first grasp and the first letting go are from the truth. Any true grasp of the
 * thing will do, the planner's among them.
 */
export function contactErrors(
  prepared: Prepared,
  refined: readonly Waypoint[],
  meant: readonly number[],
): Pick<EpisodeResult, 'grasp' | 'place'> {
  const { exact, grasps, target, start } = prepared;
  const { close, open } = firstGrasp(exact, start.gripper);
  const at = (index: number | undefined): Waypoint | undefined => {
    const found = index === undefined ? -1 : meant.indexOf(index);
    return found < 0 ? undefined : refined[found];
  };
  const taken = at(close);
  const given = at(open);
  const truths: Pose[] = close === undefined ? [] : [exact[close]!, ...grasps.map((g) => g.pose)];
  const near = taken && truths.filter((t) => distance(t.position, taken.position) < SAME_GRASP);
  return {
    ...(taken
      ? {
          grasp: {
            error: Math.min(...truths.map((t) => distance(t.position, taken.position))),
            yaw: Math.min(...[exact[close!]!, ...near!].map((t) => fingerAngle(t, taken))),
            elongated: target !== undefined && isElongated(target),
            planned: plannedError(prepared, close!),
          },
        }
      : {}),
    ...(given ? { place: distance(given.position, exact[open!]!.position) } : {}),
  };
}

function plannedError({ exact, spoilt }: Prepared, index: number): number {
  const planned = spoilt.waypoints[spoilt.meant.indexOf(index)];
  return planned ? distance(planned.position, exact[index]!.position) : 0;
}

export function isElongated({ size: [a, b], shape }: Pick<SceneObject, 'size' | 'shape'>): boolean {
  return shape !== 'cylinder' && shape !== 'ball' && Math.max(a, b) > ELONGATED * Math.min(a, b);
}

/** Whether the first grasp stayed with the thing that its waypoints were moved to, in the plane. */
export function followsDecoy(
  prepared: Prepared,
  refined: readonly Waypoint[],
  meant: readonly number[],
): boolean {
  const { close } = firstGrasp(prepared.exact, prepared.start.gripper);
  const taken = close === undefined ? undefined : refined[meant.indexOf(close)];
  if (!taken) return false;
  return prepared.decoy.some(
    ({ position }) => Math.hypot(position[0] - taken.position[0], position[1] - taken.position[1]) < FOLLOWED,
  );
}

/** Things that the plan comes within this of are meant to be touched [m]. */
const ACTED_ON = 0.03;

/** Furthest that a thing was moved which the exact plan neither names nor comes near [m]. */
export function disturbance(prepared: Prepared, after: readonly SceneObject[]): number {
  let furthest = 0;
  for (const before of prepared.objects) {
    if (prepared.named.includes(before.id)) continue;
    const reach = Math.hypot(...before.size) / 2 + ACTED_ON;
    if (prepared.exact.some((w) => distance(w.position, before.pose.position) < reach)) continue;
    const now = after.find((object) => object.id === before.id);
    if (now) furthest = Math.max(furthest, distance(now.pose.position, before.pose.position));
  }
  return furthest;
}

/** Root mean square over the moves of the tool's jerk [m/s³], by third differences of the samples. */
export function rmsJerk(t: Trajectory): number {
  let sum = 0;
  let count = 0;
  for (const segment of t.segments) {
    if (segment.kind !== 'move') continue;
    for (let i = segment.first; i + 3 <= segment.last; i++) {
      const h = (t.times[i + 3]! - t.times[i]!) / 3;
      for (let k = 0; k < 3; k++) {
        const at = (n: number): number => t.tool[7 * (i + n) + k]!;
        sum += ((at(3) - 3 * at(2) + 3 * at(1) - at(0)) / h ** 3) ** 2;
      }
      count++;
    }
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}
