import { angleBetween, distance, slerp, type Pose } from '../../core/geometry.ts';
import { gripperEvents } from '../../core/waypoint.ts';
import { CubicSpline } from '../../kinematics/cubic-spline.ts';
import type { Refiner } from '../../refinement/refiner.ts';

const STEP = 0.005;
/** Metres of chord that a turn of 1 rad counts as. */
const METRES_PER_RADIAN = 0.2;

/**
 * The interpolating cubic B-spline: twice continuously differentiable through the waypoints of each stretch from rest to
 * rest (every such spline is a natural cubic spline in B-form; de Boor 1978). Unlike Waybook's own `spline` it may overshoot.
 */
export const cubicBSplineRefiner: Omit<Refiner, 'id'> = {
  refine: async ({ waypoints, start }, signal) => {
    signal.throwIfAborted();
    const rests = new Set(gripperEvents(waypoints, start.gripper).map((e) => e.waypoint));
    const poses: Pose[] = [start.pose];
    const waypointIndices: number[] = [];
    let stretch: Pose[] = [start.pose];
    waypoints.forEach(({ position, orientation }, k) => {
      stretch.push({ position, orientation });
      if (!rests.has(k) && k !== waypoints.length - 1) return;
      for (const part of interpolate(stretch)) {
        poses.push(...part);
        waypointIndices.push(poses.length - 1);
      }
      stretch = [{ position, orientation }];
    });
    return {
      kind: 'refined',
      path: { waypoints, poses, waypointIndices, confidence: waypoints.map(() => 1) },
      notes: [],
    };
  },
};

/** The poses that lead to each knot after the first, the knot itself last. */
function interpolate(knots: readonly Pose[]): Pose[][] {
  const lengths = [0];
  for (let i = 1; i < knots.length; i++) {
    const a = knots[i - 1]!;
    const b = knots[i]!;
    const chord = Math.hypot(
      distance(a.position, b.position),
      METRES_PER_RADIAN * angleBetween(a.orientation, b.orientation),
    );
    lengths.push(lengths[i - 1]! + Math.max(chord, 1e-6));
  }
  const spline = new CubicSpline(
    Float64Array.from(lengths),
    Float64Array.from(knots.flatMap((knot) => [...knot.position])),
    3,
  );
  const value = new Float64Array(3);
  return knots.slice(1).map((knot, i) => {
    const from = lengths[i]!;
    const length = lengths[i + 1]! - from;
    const n = Math.max(1, Math.ceil((1.5 * length) / STEP));
    return Array.from({ length: n }, (_, k): Pose => {
      if (k === n - 1) return knot;
      const u = (k + 1) / n;
      spline.evaluate(from + u * length, value);
      return {
        position: [value[0]!, value[1]!, value[2]!],
        orientation: slerp(knots[i]!.orientation, knot.orientation, u),
      };
    });
  });
}
