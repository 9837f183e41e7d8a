import { TOOL_DOWN, type Quat, type Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { PlanRequest } from '../planner.ts';

/** An object standing on the table, its id made from its label. */
export function thing(
  label: string,
  at: readonly [number, number],
  size: Vec3 = [0.04, 0.04, 0.04],
  more: Partial<SceneObject> & { z?: number; turn?: Quat } = {},
): SceneObject {
  const { z, turn, ...rest } = more;
  return {
    id: label.replace(/ /g, '-'),
    label,
    pose: { position: [at[0], at[1], z ?? size[2] / 2], orientation: turn ?? [0, 0, 0, 1] },
    size,
    score: 0.97,
    source: 'detections',
    ...rest,
  };
}

const BOWL: Vec3 = [0.15, 0.15, 0.05];

/** Three cubes, two bowls, a block and a target. */
export const tableScene: readonly SceneObject[] = [
  thing('red cube', [0.45, 0.1]),
  thing('blue cube', [0.5, -0.1]),
  thing('green cube', [0.58, 0.02]),
  thing('red bowl', [0.4, 0.28], BOWL),
  thing('blue bowl', [0.4, -0.28], BOWL),
  thing('yellow block', [0.6, 0.2], [0.06, 0.06, 0.05]),
  thing('target', [0.6, -0.2], [0.09, 0.09, 0.001]),
];

/** A request with an open hand over the table. */
export const requestOver = (
  instruction: string,
  objects: readonly SceneObject[] = tableScene,
): PlanRequest => ({
  instruction,
  objects,
  viewpoint: 'robot',
  robot: {
    toolPose: { position: [0.35, 0, 0.45], orientation: TOOL_DOWN },
    gripper: 1,
    maxOpening: 0.08,
    workspace: { min: [-0.3, -0.75, -0.002], max: [0.9, 0.75, 1.2] },
  },
});
