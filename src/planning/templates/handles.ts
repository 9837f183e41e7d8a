import { rotate, type Vec3 } from '../../core/geometry.ts';
import type { ObjectFeatures } from '../grounding/features.ts';
import { HANDLE_NOUNS } from '../language/nouns.ts';
import { refusal } from '../refusal.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** Opening with which fingers straddle a handle's bar, both together [m]. */
export const STRADDLE = 0.045;

export interface Handle {
  readonly f: ObjectFeatures;
  /** horizontal opening direction, unit */
  readonly axis: readonly [number, number];
}

/** The handle of a thing, and which way it opens. Refuses where neither detections nor a person said. */
export function handleOf(writer: WaypointWriter, id: string, means: string | undefined): Handle {
  const thing = writer.scene.of(id);
  const f = means === undefined ? findPart(writer, thing, HANDLE_NOUNS) : writer.scene.of(means);
  const articulation = thing.object.articulation ?? f?.object.articulation;
  if (f === undefined) {
    throw refusal('geometry', `The ${thing.object.label} has no handle that I know of.`, {
      candidates: [thing.object],
      hint: 'Mark its handle and opening direction in 3D, or use a robot that detects handles.',
    });
  }
  const direction: Vec3 = articulation?.axis ?? rotate(f.object.pose.orientation, [1, 0, 0]);
  const length = Math.hypot(direction[0], direction[1]);
  if (length < 0.5) {
    throw refusal('geometry', `The ${f.object.label} does not open sideways.`, { candidates: [f.object] });
  }
  return { f, axis: [direction[0] / length, direction[1] / length] };
}

/** The part of a thing that has one of these nouns: itself, its own, or the one that its label names. */
export function findPart(
  writer: WaypointWriter,
  thing: ObjectFeatures,
  nouns: ReadonlySet<string>,
): ObjectFeatures | undefined {
  if ([...thing.nouns].some((noun) => nouns.has(noun))) return thing;
  const others = writer.scene.others().filter((f) => [...f.nouns].some((noun) => nouns.has(noun)));
  return (
    others.find((f) => f.object.partOf === thing.object.id) ??
    others.find(
      (f) =>
        f.object.partOf === undefined &&
        f.names.some((name) => name.slice(0, -1).some((word) => thing.nouns.has(word))),
    )
  );
}
