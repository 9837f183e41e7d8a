import { compose, quatFromAxisAngle, quatMultiply, rotate, type Pose } from '../core/geometry.ts';
import { Random } from '../core/random.ts';
import type { Articulation, SceneObject } from '../core/scene-object.ts';
import type { Labelled, Thing } from './scene/thing.ts';
import type { SceneReading } from './tasks/task.ts';
import type { DetectionNoise } from './world-api.ts';

/** Everything that has a label, with its box where the physics has it now, plus the detector's noise. */
export function detect(
  things: readonly Thing[],
  scene: Pick<SceneReading, 'pose'>,
  noise: DetectionNoise,
  seed: number,
): SceneObject[] {
  return things.flatMap((thing) => {
    const body = scene.pose(thing);
    return thing.labels.map((label): SceneObject => {
      const articulation = articulationOf(thing, body);
      return {
        id: label.id,
        label: label.label,
        ...(label.names ? { names: label.names } : {}),
        ...(label.colour ? { colour: label.colour } : {}),
        shape: label.shape,
        pose: disturb(compose(body, label.pose), label, noise, seed),
        size: label.size,
        score: 1,
        source: 'detections',
        ...(label.partOf ? { partOf: label.partOf } : {}),
        ...(articulation ? { articulation } : {}),
      };
    });
  });
}

/** One error per object and seed: a detector is wrong about a thing in the same way each time. */
function disturb(pose: Pose, label: Labelled, noise: DetectionNoise, seed: number): Pose {
  if (noise.position === 0 && noise.yaw === 0) return pose;
  const random = new Random(seed, 'detector', label.partOf ?? label.id);
  const [x, y, z] = pose.position;
  const s = noise.position;
  const position = [x + s * random.normal(), y + s * random.normal(), z + s * random.normal()] as const;
  const turn = quatFromAxisAngle([0, 0, 1], noise.yaw * random.normal());
  return { position, orientation: quatMultiply(turn, pose.orientation) };
}

function articulationOf(thing: Thing, body: Pose): Articulation | undefined {
  const { motion } = thing;
  if (motion.kind !== 'slide' && motion.kind !== 'hinge') return undefined;
  const axis = rotate(body.orientation, motion.axis);
  const travel = motion.upper - motion.lower;
  if (motion.kind === 'slide') return { kind: 'prismatic', axis, travel };
  const [ox, oy, oz] = rotate(body.orientation, motion.origin ?? [0, 0, 0]);
  const [x, y, z] = body.position;
  return { kind: 'revolute', axis, origin: [x + ox, y + oy, z + oz], travel };
}
