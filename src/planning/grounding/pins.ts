import { IDENTITY_QUAT, quatFromMatrix, cross, type Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';

/** A name that a person gave to a place in the scene, by hand. */
export interface Pin {
  /** in base [m] */
  readonly at: Vec3;
  /** of a handle: the way along which it opens what it is on, in base */
  readonly opens?: Vec3;
  /** of a handle that swings: a point on the hinge in base [m], and the hinge's axis, about which it opens */
  readonly hinge?: { readonly origin: Vec3; readonly axis: Vec3 };
}

/** A pin this near to a thing's middle names that thing [m]. */
const REACH = 0.06;
/** Size of what is pinned where nothing was seen [m]. */
const SMALL = 0.03;
/** How far a pinned handle is taken to go [m, rad]. */
const TRAVEL = { slide: 0.18, swing: 1.2 };

/**
 * The objects with a person's pins: the nearest thing within 6 cm takes the name as its label and keeps its own as further
 * names; where nothing was seen, a small thing stands there. Handles with a way or a hinge open along it.
 */
export function withPins(
  objects: readonly SceneObject[],
  pins: Readonly<Record<string, Pin>> | undefined,
): readonly SceneObject[] {
  const entries = Object.entries(pins ?? {});
  if (entries.length === 0) return objects;
  const result = [...objects];
  const taken = new Set<number>();
  for (const [name, pin] of entries) {
    const near = result
      .map((object, i) => ({ i, d: distanceTo(object, pin.at) }))
      .filter(({ i, d }) => d < REACH && !taken.has(i))
      .sort((a, b) => a.d - b.d)[0];
    const thing = near && result[near.i];
    const moving = articulationOf(pin);
    if (near !== undefined && thing !== undefined) {
      taken.add(near.i);
      result[near.i] = {
        ...thing,
        label: name,
        names: [thing.label, ...(thing.names ?? [])],
        ...(moving === undefined ? {} : { articulation: moving }),
      };
      continue;
    }
    taken.add(result.length);
    result.push({
      id: `pin-${name.toLowerCase().replace(/[^\p{L}\d]+/gu, '-')}`,
      label: name,
      pose: { position: pin.at, orientation: pin.opens === undefined ? IDENTITY_QUAT : facing(pin.opens) },
      size: [SMALL, SMALL, SMALL],
      score: 1,
      source: 'pinned',
      ...(moving === undefined ? {} : { articulation: moving }),
    });
  }
  return result;
}

function articulationOf({ opens, hinge }: Pin): SceneObject['articulation'] {
  if (hinge !== undefined) return { kind: 'revolute', ...hinge, travel: TRAVEL.swing };
  if (opens === undefined) return undefined;
  const n = Math.hypot(...opens);
  if (n < 1e-6) return undefined;
  return { kind: 'prismatic', axis: [opens[0] / n, opens[1] / n, opens[2] / n], travel: TRAVEL.slide };
}

/** A frame whose +X is the way, upright where it can be. */
function facing(way: Vec3): SceneObject['pose']['orientation'] {
  const n = Math.hypot(way[0], way[1]);
  if (n < 1e-6) return IDENTITY_QUAT;
  const x: Vec3 = [way[0] / n, way[1] / n, 0];
  const y = cross([0, 0, 1], x);
  return quatFromMatrix([x[0], y[0], 0, x[1], y[1], 0, x[2], y[2], 1]);
}

const distanceTo = ({ pose }: SceneObject, at: Vec3): number =>
  Math.hypot(pose.position[0] - at[0], pose.position[1] - at[1], pose.position[2] - at[2]);
