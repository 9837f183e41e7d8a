import { matrixFromQuat, type Vec3 } from '../../core/geometry.ts';
import { overFootprint, type ObjectFeatures } from '../grounding/features.ts';
import { directionOf, towards, type ViewAxes } from '../grounding/spatial.ts';
import type { Target } from '../language/action.ts';
import type { Place } from '../language/syntax.ts';
import { list, refusal } from '../refusal.ts';
import type { SceneState } from './scene-state.ts';

/** Where a thing's centre goes: horizontally, and the height of what it will stand on. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  /** height of the surface under it [m] */
  readonly surface: number;
  /** it goes into something with walls up to this height [m] */
  readonly rim?: number;
  /** it is let go a little above and may drop [m] */
  readonly drop: number;
}

export interface PlacementContext {
  readonly scene: SceneState;
  readonly axes: ViewAxes;
  readonly workspace: { readonly min: Vec3; readonly max: Vec3 };
  /** horizontal direction across the opening of the fingers that will let go: there they need no room */
  readonly across?: readonly [number, number];
  /** how many things the plan puts into or on each thing, by id */
  readonly crowds?: ReadonlyMap<string, number>;
}

/** Free table between things that are put next to each other [m]. */
const GAP = 0.04;
/** How far "to the left" moves a thing unless it is said [m]. */
const SHIFT = 0.1;
/** How far over a post a ring is let go [m]: fingers hang lower than the middle that they hold. */
const OVER_POST = 0.002;
/** Distance that regions keep from the workspace's edge [m]. */
const INSET = 0.08;
/** Reach of an arm on a table: placing tries to stay within [m]. */
const NEAR = 0.3;
const FAR = 0.72;

/** Radius of the circle round a thing's footprint [m]. */
const halfDiagonal = (f: ObjectFeatures): number =>
  f.round ? f.object.size[0] / 2 : Math.hypot(f.object.size[0], f.object.size[1]) / 2;

/** Half extent of a thing's own box along a horizontal direction [m]. */
function halfExtent(f: ObjectFeatures, direction: readonly [number, number]): number {
  if (f.round) return f.object.size[0] / 2;
  const m = matrixFromQuat(f.object.pose.orientation);
  let sum = 0;
  for (let k = 0; k < 3; k++)
    sum += Math.abs(m[k]! * direction[0] + m[3 + k]! * direction[1]) * (f.object.size[k]! / 2);
  return sum;
}

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
      const spread = stacked.length > 0 || (isCrowded(ref, context) && ref.container);
      const [x, y] = spread ? roomiest(object, ref, [rx, ry], stacked) : [rx, ry];
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

const unit = (x: number, y: number): [number, number] => {
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
};

const standsOn = (f: ObjectFeatures, ref: ObjectFeatures): boolean => {
  const [x, y] = f.object.pose.position;
  return (
    f.min[2] > ref.max[2] - 0.012 && f.min[2] < ref.max[2] + 0.03 && overFootprint(x, y, ref, 0) && !f.fixture
  );
};

/** Into a container, away from what is already in it, and off the middle where more is to come. */
function inside(object: ObjectFeatures, ref: ObjectFeatures, context: PlacementContext): Placement {
  const { scene, across } = context;
  const middle = exposedMiddle(object, ref, scene);
  const held = scene.others(object.object.id, ref.object.id).filter((f) => {
    const [x, y] = f.object.pose.position;
    return overFootprint(x, y, ref, 0) && f.min[2] < ref.max[2] && f.min[2] > ref.min[2] - 0.01 && !f.fixture;
  });
  const alone = held.length === 0 && !isCrowded(ref, context);
  const [x, y] = alone ? middle : roomiest(object, ref, middle, held, across);
  const surface = Math.max(ref.min[2], scene.table) + 0.004;
  // let go above what lies there, rather than be pressed against it
  const below = held.filter(
    (f) =>
      Math.hypot(f.object.pose.position[0] - x, f.object.pose.position[1] - y) <
      halfDiagonal(f) + halfDiagonal(object),
  );
  const drop = Math.max(0.01, ...below.map((f) => f.max[2] - surface + 0.005));
  return { x, y, surface, rim: ref.max[2], drop };
}

const isCrowded = (ref: ObjectFeatures, { crowds }: PlacementContext): boolean =>
  (crowds?.get(ref.object.id) ?? 0) > 1;

/** Free length that a thing needs in a drawer beside its own [m]. */
const SLACK = 0.02;

/**
 * The middle of what can be reached of a container from above: of a drawer, what stands out of its cabinet. Refuses
 * where that is not enough for the thing.
 */
function exposedMiddle(object: ObjectFeatures, ref: ObjectFeatures, scene: SceneState): [number, number] {
  const [x, y] = ref.object.pose.position;
  const axis = ref.object.articulation?.kind === 'prismatic' ? ref.object.articulation.axis : undefined;
  const shell = scene
    .others(object.object.id, ref.object.id)
    .find((f) => f.fixture && f.max[2] > ref.max[2] && overlaps(f, ref));
  if (axis === undefined || shell === undefined) return [x, y];
  const along = unit(axis[0], axis[1]);
  const at = (f: ObjectFeatures): number =>
    f.object.pose.position[0] * along[0] + f.object.pose.position[1] * along[1];
  const front = at(ref) + halfExtent(ref, along);
  const exposed = front - Math.max(at(shell) + halfExtent(shell, along), at(ref) - halfExtent(ref, along));
  if (exposed < 2 * halfExtent(object, along) + SLACK) {
    throw refusal(
      'geometry',
      `The ${ref.object.label} is not open far enough for the ${object.object.label}.`,
      {
        candidates: [ref.object],
        hint: `Open the ${ref.object.label} first.`,
      },
    );
  }
  const shift = front - exposed / 2 - at(ref);
  return [x + along[0] * shift, y + along[1] * shift];
}

const overlaps = (a: ObjectFeatures, b: ObjectFeatures): boolean =>
  [0, 1].every((k) => a.min[k]! < b.max[k]! && b.min[k]! < a.max[k]!);

/** Share of a round container's radius that its bottom has, beside leaning walls. */
const BOTTOM = 0.62;
/** Room between a thing and the wall [m]. */
const WALL = 0.012;

/** The spot off the middle that is furthest from what is there; across the fingers, where that is known and enough. */
function roomiest(
  object: ObjectFeatures,
  ref: ObjectFeatures,
  middle: readonly [number, number],
  held: readonly ObjectFeatures[],
  across?: readonly [number, number],
): [number, number] {
  const round = Array.from(
    { length: 12 },
    (_, i) => [Math.cos((i * Math.PI) / 6), Math.sin((i * Math.PI) / 6)] as const,
  );
  // a third thing has to go where room is
  const aside = across !== undefined && held.length < 2;
  const directions = aside ? [across, [-across[0], -across[1]] as const] : round;
  let best: [number, number] = [middle[0], middle[1]];
  let most = -Infinity;
  for (const direction of directions) {
    const reach = ref.round ? (BOTTOM * ref.object.size[0]) / 2 : halfExtent(ref, direction) - WALL;
    const off = Math.max(0, reach - halfExtent(object, direction));
    const spot: [number, number] = [middle[0] + off * direction[0], middle[1] + off * direction[1]];
    const room =
      held.length === 0
        ? off
        : Math.min(
            ...held.map((f) =>
              Math.hypot(f.object.pose.position[0] - spot[0], f.object.pose.position[1] - spot[1]),
            ),
          );
    if (room > most + 1e-9) [best, most] = [spot, room];
  }
  return best;
}

/** Middle of a side, corner or the centre of the workspace. */
export function regionOf(place: Place, { axes, workspace }: PlacementContext): [number, number] {
  const { min, max } = workspace;
  const cx = (Math.max(min[0], NEAR) + Math.min(max[0], FAR)) / 2;
  const cy = (min[1] + max[1]) / 2;
  const hx = Math.max(0.02, (Math.min(max[0], FAR) - Math.max(min[0], NEAR)) / 2 - INSET);
  const hy = Math.max(0.02, Math.min((max[1] - min[1]) / 2 - INSET, 0.26));
  let x = cx;
  let y = cy;
  for (const side of place.sides) {
    if (side === 'top' || side === 'bottom') {
      throw refusal('geometry', 'The table has no top or bottom side to put things on.', {
        hint: 'Say left, right, front, back or middle.',
      });
    }
    const direction = towards(side, axes);
    x += direction[0] * hx;
    y += direction[1] * hy;
  }
  if (place.corner && place.sides.length < 2) {
    throw refusal('ambiguous', 'The table has four corners.', {
      words: ['corner'],
      hint: 'Say "the front left corner".',
    });
  }
  return [x, y];
}

function inReach(x: number, y: number, { workspace: { min, max } }: PlacementContext): boolean {
  return (
    x > min[0] + 0.01 &&
    x < max[0] - 0.01 &&
    y > min[1] + 0.01 &&
    y < max[1] - 0.01 &&
    Math.hypot(x, y) < FAR &&
    Math.hypot(x, y) > NEAR
  );
}

function isFree(
  object: ObjectFeatures,
  x: number,
  y: number,
  context: PlacementContext,
  margin: number,
): boolean {
  if (!inReach(x, y, context)) return false;
  const radius = halfDiagonal(object);
  return context.scene.others(object.object.id).every((f) => {
    if (f.max[2] - context.scene.table < 0.004) return true;
    const dx = Math.max(0, f.min[0] - x, x - f.max[0]);
    const dy = Math.max(0, f.min[1] - y, y - f.max[1]);
    return Math.hypot(dx, dy) > radius + margin;
  });
}

/** The free place nearest to a wish. */
function freeSpot(
  object: ObjectFeatures,
  wish: readonly [number, number],
  context: PlacementContext,
): [number, number] {
  for (let ring = 0; ring < 12; ring++) {
    for (let i = 0; i < Math.max(1, ring * 6); i++) {
      const angle = (2 * Math.PI * i) / Math.max(1, ring * 6);
      const x = wish[0] + 0.025 * ring * Math.cos(angle);
      const y = wish[1] + 0.025 * ring * Math.sin(angle);
      if (isFree(object, x, y, context, 0.035)) return [x, y];
    }
  }
  throw refusal(
    'geometry',
    `There is no free place on the table for the ${object.object.label} within reach.`,
    { candidates: [object.object] },
  );
}
