import type { ObjectFeatures } from '../grounding/features.ts';
import { towards } from '../grounding/spatial.ts';
import type { Place } from '../language/syntax.ts';
import { refusal } from '../refusal.ts';
import { halfDiagonal } from './footprint.ts';
import type { PlacementContext } from './placement-context.ts';

/** Distance that regions keep from the workspace's edge [m]. */
const INSET = 0.08;
/** Reach of an arm on a table: placing tries to stay within [m]. */
const NEAR = 0.3;
const FAR = 0.72;

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

/** Whether a thing can stand at a place of the table, within reach and `margin` away from all others. */
export function isFree(
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
export function freeSpot(
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
