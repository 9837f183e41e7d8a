import { overFootprint, type ObjectFeatures } from '../grounding/features.ts';
import { directionOf } from '../grounding/spatial.ts';
import type { Target } from '../language/action.ts';
import { list, refusal } from '../refusal.ts';
import { inside, isCrowded, roomiest } from './containers.ts';
import { halfDiagonal, halfExtent, unit } from './footprint.ts';
import { freeSpot, isFree, regionOf } from './free-space.ts';
import type { Placement, PlacementContext } from './placement-context.ts';

/** Free table between things that are put next to each other [m]. */
const GAP = 0.04;
/** How far "to the left" moves a thing unless it is said [m]. */
const SHIFT = 0.1;
/** Share of a round thing's radius on which others can stand. */
const TOP = 0.95;
/** How far over a post a ring is let go [m]: fingers hang lower than the middle that they hold. */
const OVER_POST = 0.002;
/** Turns a target into metres. Refuses where there is no room, or the thing cannot rest there. */
export function placementOf(object: ObjectFeatures, target: Target, context: PlacementContext): Placement {
  const { scene } = context;
  const [x, y] = object.object.pose.position;
  switch (target.kind) {
    case 'table': {
      const [px, py] = freeSpot(object, [x, y], context);
      return { x: px, y: py, surface: scene.table, drop: 0.003 };
    }
    case 'place': {
      const wanted = regionOf(target.place, context);
      const [px, py] = freeSpot(object, wanted, context);
      return { x: px, y: py, surface: scene.table, drop: 0.003 };
    }
    case 'shift': {
      const distance = target.distance ?? SHIFT;
      const px = x + target.direction[0] * distance;
      const py = y + target.direction[1] * distance;
      return { x: px, y: py, surface: scene.table, drop: 0.003 };
    }
    case 'point': {
      const [px, py, pz] = target.position;
      return { x: px, y: py, surface: Math.max(scene.table, pz), drop: 0.003 };
    }
    case 'object':
      return relativePlacement(object, target, context);
  }
}

function relativePlacement(
  object: ObjectFeatures,
  target: Extract<Target, { kind: 'object' }>,
  context: PlacementContext,
): Placement {
  const { scene } = context;
  const refs = target.ids.map((id) => scene.of(id));
  const ref = refs[0] as ObjectFeatures;
  const [rx, ry] = ref.object.pose.position;
  switch (target.relation) {
    case 'in':
      return inside(object, ref, context);
    case 'on':
    case 'middle-of': {
      if (object.nouns.has('ring') || object.nouns.has('hoop')) {
        const height = ref.max[2] - scene.table;
        const slender = ref.object.size[0] < object.object.size[0] / 2;
        // just over the post's top and let fall down it: the inner finger must not meet the post
        if (slender) return { x: rx, y: ry, surface: scene.table, drop: height + OVER_POST };
      }
      if (
        ref.container &&
        ref.max[2] - ref.min[2] > 0.02 &&
        !ref.fixture &&
        halfDiagonal(object) < halfDiagonal(ref) * 0.95
      )
        return inside(object, ref, context);
      const stacked = scene.others(object.object.id, ref.object.id).filter((f) => standsOn(f, ref));
      const supportWidth = Math.min(ref.max[0] - ref.min[0], ref.max[1] - ref.min[1]);
      const flat = ref.max[2] - scene.table < 0.004;
      if (stacked.length > 0 && supportWidth < 0.1 && !flat) {
        throw refusal(
          'geometry',
          `There is already something on the ${ref.object.label}: ${list(stacked.map((f) => f.object.label))}.`,
          {
            candidates: stacked.map((f) => f.object),
            hint: 'Move it away first, or stack on top of it.',
          },
        );
      }
      // several side by side, where there is room for it; else each on the one before
      const wide = supportWidth > 2.2 * Math.min(object.object.size[0], object.object.size[1]);
      const spread = stacked.length > 0 || (isCrowded(ref, context) && (ref.container || wide) && !flat);
      const [x, y] = spread ? roomiest(object, ref, [rx, ry], stacked, undefined, TOP) : [rx, ry];
      return { x, y, surface: Math.max(scene.table, ref.max[2]), drop: flat ? 0.003 : 0.002 };
    }
    case 'between': {
      const second = refs[1] ?? ref;
      const [sx, sy] = second.object.pose.position;
      const spot: [number, number] = [(rx + sx) / 2, (ry + sy) / 2];
      const room =
        Math.hypot(sx - rx, sy - ry) -
        halfExtent(ref, unit(sx - rx, sy - ry)) -
        halfExtent(second, unit(sx - rx, sy - ry));
      if (room < 2 * halfExtent(object, unit(sx - rx, sy - ry))) {
        throw refusal(
          'geometry',
          `There is no room for the ${object.object.label} between the ${ref.object.label} and the ${second.object.label}.`,
        );
      }
      return { x: spot[0], y: spot[1], surface: scene.table, drop: 0.003 };
    }
    case 'left-of':
    case 'right-of':
    case 'in-front-of':
    case 'behind': {
      const direction = directionOf(target.relation, context.axes) as readonly [number, number];
      const reach = halfExtent(ref, direction) + halfDiagonal(object) + GAP;
      for (let extra = 0; extra <= 0.12; extra += 0.02) {
        for (const side of [0, 0.03, -0.03, 0.06, -0.06, 0.09, -0.09].filter(
          (s) => Math.abs(s) < 0.6 * reach,
        )) {
          const x = rx + direction[0] * (reach + extra) - direction[1] * side;
          const y = ry + direction[1] * (reach + extra) + direction[0] * side;
          if (isFree(object, x, y, context, 0.02)) return { x, y, surface: scene.table, drop: 0.003 };
        }
      }
      throw refusal(
        'geometry',
        `There is no free place "${target.relation.replace(/-/g, ' ')}" the ${ref.object.label} within reach.`,
        { candidates: [ref.object] },
      );
    }
    case 'next-to':
    case 'to':
    case 'at':
    case 'around': {
      const [ox, oy] = object.object.pose.position;
      const from = Math.atan2(oy - ry, ox - rx);
      for (let extra = 0; extra <= 0.06; extra += 0.02) {
        for (const turn of [0, 1, -1, 2, -2, 3, -3, 4].map((k) => (k * Math.PI) / 4)) {
          const direction: [number, number] = [Math.cos(from + turn), Math.sin(from + turn)];
          const reach = halfExtent(ref, direction) + halfDiagonal(object) + GAP * 0.75 + extra;
          const x = rx + direction[0] * reach;
          const y = ry + direction[1] * reach;
          if (isFree(object, x, y, context, 0.02)) return { x, y, surface: scene.table, drop: 0.003 };
        }
      }
      throw refusal('geometry', `There is no free place next to the ${ref.object.label} within reach.`, {
        candidates: [ref.object],
      });
    }
    case 'under':
    case 'above':
    case 'from':
    case 'of':
    case 'with':
      throw refusal(
        'geometry',
        `I cannot put the ${object.object.label} ${target.relation} the ${ref.object.label}.`,
        {
          candidates: [ref.object],
          hint: 'Say in, on, next to, left of, right of, in front of, behind or between.',
        },
      );
  }
}

const standsOn = (f: ObjectFeatures, ref: ObjectFeatures): boolean => {
  const [x, y] = f.object.pose.position;
  return (
    f.min[2] > ref.max[2] - 0.012 && f.min[2] < ref.max[2] + 0.03 && overFootprint(x, y, ref, 0) && !f.fixture
  );
};
