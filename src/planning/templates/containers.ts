import { overFootprint, type ObjectFeatures } from '../grounding/features.ts';
import { refusal } from '../refusal.ts';
import { halfDiagonal, halfExtent, unit } from './footprint.ts';
import type { Placement, PlacementContext } from './placement-context.ts';
import type { SceneState } from './scene-state.ts';

/** Into a container, away from what is already in it, and off the middle where more is to come. */
export function inside(object: ObjectFeatures, ref: ObjectFeatures, context: PlacementContext): Placement {
  const { scene, across } = context;
  const middle = exposedMiddle(object, ref, scene);
  const held = scene.others(object.object.id, ref.object.id).filter((f) => {
    const [x, y] = f.object.pose.position;
    return overFootprint(x, y, ref, 0) && f.min[2] < ref.max[2] && f.min[2] > ref.min[2] - 0.01 && !f.fixture;
  });
  refuseCrowd(object, ref, Math.max(held.length + 1, context.crowds?.get(ref.object.id) ?? 0));
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

/** Radius of the circle that so many circles of radius 1 fit into, by their number (Graham 1968). */
const PACKED = [0, 1, 2, 2.155, 2.414, 2.701, 3, 3] as const;
/** Share of a bowl’s radius that several things fill together: above the bottom its walls lean out. */
const PACKING = 0.7;
/** Of a box, the circle that a neighbour keeps out of is this much wider than the box. */
const KEPT = 1.05;

/** Refuses what would have to lie on top of the others: a bowl that is pressed on tips over. */
function refuseCrowd(object: ObjectFeatures, ref: ObjectFeatures, count: number): void {
  if (count < 3 || !ref.round) return;
  const each = (KEPT * Math.min(object.object.size[0], object.object.size[1])) / 2;
  const packed = PACKED[count];
  const room = (PACKING * ref.object.size[0]) / 2;
  if (packed !== undefined && packed * each <= room) return;
  throw refusal(
    'geometry',
    `The ${ref.object.label} has no room for ${count} things of the ${object.object.label}’s size.`,
    {
      candidates: [ref.object],
      hint: 'Put fewer things in it, or name a larger container.',
    },
  );
}

export const isCrowded = (ref: ObjectFeatures, { crowds }: PlacementContext): boolean =>
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
export function roomiest(
  object: ObjectFeatures,
  ref: ObjectFeatures,
  middle: readonly [number, number],
  held: readonly ObjectFeatures[],
  across?: readonly [number, number],
  share = BOTTOM,
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
    const reach = ref.round ? (share * ref.object.size[0]) / 2 : halfExtent(ref, direction) - WALL;
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
