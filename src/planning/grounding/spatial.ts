import { rotate, type Vec3 } from '../../core/geometry.ts';
import type { Direction, Side } from '../language/lexicon.ts';
import type { PlanView, Viewpoint } from '../planner.ts';
import type { Relation } from '../language/syntax.ts';
import { overFootprint, type ObjectFeatures } from './features.ts';

export type Vec2 = readonly [number, number];

/**
 * What a viewer calls left and front, as unit vectors in base's XY plane. `front` points towards the viewer: the
 * front of the table is its near side, and "in front of" is nearer to the viewer.
 */
export interface ViewAxes {
  readonly left: Vec2;
  readonly front: Vec2;
}

/**
 * Seen from the robot's base, front is -X and left is +Y. Seen by a camera, front is against its line of sight and
 * left is left in its picture; a camera that is not given is taken to stand opposite the robot and look at it.
 */
export function viewAxes(viewpoint: Viewpoint, view?: Pick<PlanView, 'cameraPose'>): ViewAxes {
  switch (viewpoint) {
    case 'robot':
      return { left: [0, 1], front: [-1, 0] };
    case 'camera': {
      if (view === undefined) return { left: [0, -1], front: [1, 0] };
      const right = rotate(view.cameraPose.orientation, [1, 0, 0]);
      const length = Math.hypot(right[0], right[1]);
      if (length < 0.1) return { left: [0, -1], front: [1, 0] };
      const left: Vec2 = [-right[0] / length, -right[1] / length];
      // the viewer looks along left turned by -90 degrees, and its front side is the opposite
      return { left, front: [-left[1], left[0]] };
    }
  }
}

const negative = (v: Vec2): Vec2 => [-v[0], -v[1]];
export const dot2 = (a: Vec2, b: Vec2): number => a[0] * b[0] + a[1] * b[1];

/** Unit vector in base for a side or direction. */
export function towards(side: Side | Direction, axes: ViewAxes): Vec3 {
  switch (side) {
    case 'left':
      return [axes.left[0], axes.left[1], 0];
    case 'right':
      return [-axes.left[0], -axes.left[1], 0];
    case 'front':
      return [axes.front[0], axes.front[1], 0];
    case 'back':
      return [-axes.front[0], -axes.front[1], 0];
    case 'top':
    case 'up':
      return [0, 0, 1];
    case 'bottom':
    case 'down':
      return [0, 0, -1];
    case 'middle':
      return [0, 0, 0];
  }
}

/** Where one thing is with respect to another, horizontally. */
export function directionOf(relation: Relation, axes: ViewAxes): Vec2 | undefined {
  switch (relation) {
    case 'left-of':
      return axes.left;
    case 'right-of':
      return negative(axes.left);
    case 'in-front-of':
      return axes.front;
    case 'behind':
      return negative(axes.front);
    default:
      return undefined;
  }
}

const centre = (f: ObjectFeatures): Vec3 => f.object.pose.position;

/** Horizontal distance between two boxes; 0 where they overlap [m]. */
export function gapBetween(a: ObjectFeatures, b: ObjectFeatures): number {
  const dx = Math.max(0, a.min[0] - b.max[0], b.min[0] - a.max[0]);
  const dy = Math.max(0, a.min[1] - b.max[1], b.min[1] - a.max[1]);
  return Math.hypot(dx, dy);
}

const over = (a: ObjectFeatures, b: ObjectFeatures, margin: number): boolean => {
  const [x, y] = centre(a);
  return overFootprint(x, y, b, margin);
};

/** Slack for what touches or stands in something [m]. */
const TOUCH = 0.025;
/** Further apart than this is not next to each other [m]. */
const NEXT_TO = 0.15;

/**
 * How well `a` stands in `relation` to `b`: a cost in metres, smaller is better, or undefined where it does not
 * hold. `between` takes its second end in `c`.
 */
export function relationCost(
  relation: Relation,
  a: ObjectFeatures,
  b: ObjectFeatures,
  axes: ViewAxes,
  c?: ObjectFeatures,
): number | undefined {
  const [ax, ay] = centre(a);
  const [bx, by] = centre(b);
  switch (relation) {
    case 'on':
      if (!over(a, b, 0.01) || a.min[2] < b.min[2] - 0.005) return undefined;
      if (b.container && a.min[2] < b.max[2] + TOUCH) return 0;
      return Math.abs(a.min[2] - b.max[2]) < TOUCH ? 0 : undefined;
    case 'in':
    case 'middle-of':
      return over(a, b, 0) && a.min[2] < b.max[2] - 0.002 && a.min[2] > b.min[2] - TOUCH ? 0 : undefined;
    case 'under':
      return over(a, b, 0) && a.max[2] < b.min[2] + TOUCH ? 0 : undefined;
    case 'above':
      return over(a, b, 0.01) && a.min[2] > b.max[2] - TOUCH ? 0 : undefined;
    case 'from':
    case 'at': {
      const touching = relationCost('on', a, b, axes) ?? relationCost('in', a, b, axes);
      return touching ?? (gapBetween(a, b) < 0.03 ? 0.03 : undefined);
    }
    case 'next-to':
    case 'around': {
      const gap = gapBetween(a, b);
      const apart =
        relationCost('on', a, b, axes) === undefined && relationCost('on', b, a, axes) === undefined;
      return apart && gap < NEXT_TO ? Math.hypot(ax - bx, ay - by) : undefined;
    }
    case 'left-of':
    case 'right-of':
    case 'in-front-of':
    case 'behind': {
      const direction = directionOf(relation, axes) as Vec2;
      const along = (ax - bx) * direction[0] + (ay - by) * direction[1];
      const across = Math.abs((ax - bx) * direction[1] - (ay - by) * direction[0]);
      if (along < 0.02 || across > 1.5 * along) return undefined;
      return along + across;
    }
    case 'between': {
      if (c === undefined) return undefined;
      const [cx, cy] = centre(c);
      const length = Math.hypot(cx - bx, cy - by);
      if (length < 1e-6) return undefined;
      const s = ((ax - bx) * (cx - bx) + (ay - by) * (cy - by)) / length ** 2;
      const across = Math.abs((ax - bx) * (cy - by) - (ay - by) * (cx - bx)) / length;
      return s > 0.1 && s < 0.9 && across < 0.6 * length ? across : undefined;
    }
    case 'to':
    case 'of':
    case 'with':
      return undefined;
  }
}
