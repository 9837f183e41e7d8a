import { add, cross, dot, normalize, rotate, subtract, type Vec3 } from '../../../src/core/geometry.ts';
import type { PinMarked } from '../../../src/core/viewer-messages.ts';
import type { LayerData } from '../scene-data.ts';

/** What is pinned: a thing or place, a handle that is pulled along a line, or one that goes round a hinge. */
export type PinKind = 'thing' | 'slides' | 'swings';

/** What to click, one after the other, for each kind. */
const CLICKS: Readonly<Record<PinKind, readonly string[]>> = {
  thing: ['Click the thing or the place.'],
  slides: ['Click the handle.', 'Click a place towards which it opens.'],
  swings: [
    'Click the handle.',
    'Click one end of the hinge.',
    'Click the other end of the hinge.',
    'Click a place towards which the handle goes when it opens.',
  ],
};

/** Two clicks nearer than this give no direction [m]. */
const APART = 0.01;

/** What is to be clicked next, with so many clicked. */
export const nextClick = (kind: PinKind, clicked: number): string => CLICKS[kind][clicked] ?? '';

/** Whether a further click can be used: clicks that give a direction must be apart. */
export function canClick(points: readonly Vec3[], at: Vec3): boolean {
  const last = points.at(-1);
  return last === undefined || Math.hypot(...subtract(at, last)) > APART;
}

/** The pin that the clicks make, in the scene's frame; undefined while some are missing. */
export function pinFrom(kind: PinKind, points: readonly Vec3[]): PinMarked | undefined {
  const [at, second, third, fourth] = points;
  if (at === undefined || points.length < CLICKS[kind].length) return undefined;
  switch (kind) {
    case 'thing':
      return { at };
    case 'slides':
      return second && { at, opens: normalize(subtract(second, at)) };
    case 'swings': {
      if (second === undefined || third === undefined || fourth === undefined) return undefined;
      const axis = normalize(subtract(third, second));
      const arm = subtract(at, second);
      // it opens about the hinge the way that takes the handle towards the last click
      const opens = dot(cross(axis, arm), subtract(fourth, at)) >= 0;
      return { at, hinge: { origin: second, axis: opens ? axis : [-axis[0], -axis[1], -axis[2]] } };
    }
  }
}

/** What the capture found where something was clicked: its name, and its middle. */
export function thingAt(layers: readonly LayerData[], at: Vec3): { label: string; at: Vec3 } | undefined {
  const found = layers
    .flatMap((layer) => (layer.kind === 'boxes' ? layer.boxes : []))
    .filter(({ pose, size }) => {
      const [x, y, z, w] = pose.orientation;
      const local = rotate([-x, -y, -z, w], subtract(at, pose.position));
      return local.every((v, k) => Math.abs(v) < (size[k] as number) / 2 + APART);
    })
    .sort((a, b) => Math.min(...a.size) - Math.min(...b.size))[0];
  return found && { label: found.label, at: add(found.pose.position, [0, 0, 0]) };
}
