import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotState } from '../../core/robot-state.ts';
import { encodeBuffer } from '../../core/scene-buffer.ts';
import type { BoxesLayer, FramesLayer, SceneLayer, UrdfLayer } from '../../core/scene.ts';
import { IDENTITY_POSE } from '../../core/geometry.ts';
import { duration, sampleCount, type Trajectory } from '../../core/trajectory.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { movingRobotLayer, restingRobotLayer, ROBOT_LAYER_HZ, type LayerContext } from './layers.ts';

/** The arm that scenes show: its kinematics, its limits, and the description it gave where it is a robot. */
export interface ShownArm {
  readonly world: {
    readonly address: { readonly kind: string };
    readonly model: RobotModel;
    readonly link: { readonly info: { readonly urdf: string } };
  };
  readonly profile: RobotProfile;
  readonly layers: LayerContext;
}

/** The arm standing still, with its frames and the space it must stay in. */
export function restingArm(arm: ShownArm, state: RobotState): SceneLayer[] {
  const { world, layers } = arm;
  const body = isOurs(arm)
    ? restingRobotLayer(world.model, state, layers)
    : urdfLayer(arm, [0], [{ joints: state.joints, gripper: state.gripper }]);
  const tool = { name: arm.profile.frames.tool, pose: world.model.forward(state.joints) };
  return [body, framesLayer(arm, [tool]), workspaceLayer(arm.profile)];
}

/** The arm along a trajectory. */
export function movingArm(arm: ShownArm, trajectory: Trajectory): SceneLayer[] {
  if (isOurs(arm)) {
    const body = movingRobotLayer(arm.world.model, trajectory, arm.layers);
    return [body, framesLayer(arm), workspaceLayer(arm.profile)];
  }
  const n = sampleCount(trajectory);
  const d = arm.profile.joints.length;
  const every = Math.max(1, Math.round(n / Math.max(1, duration(trajectory) * ROBOT_LAYER_HZ)));
  const rows: number[] = [];
  for (let i = 0; i < n; i = i === n - 1 ? n : Math.min(i + every, n - 1)) rows.push(i);
  const body = urdfLayer(
    arm,
    rows.map((i) => trajectory.times[i] ?? 0),
    rows.map((i) => ({
      joints: trajectory.joints.subarray(i * d, (i + 1) * d),
      gripper: trajectory.gripper[i] ?? 0,
    })),
  );
  return [body, framesLayer(arm), workspaceLayer(arm.profile)];
}

/** Our simulator's solids are known exactly; a robot is drawn by the description that it gives. */
const isOurs = ({ world }: ShownArm): boolean => world.address.kind === 'simulator';

function urdfLayer(
  { world, profile, layers }: ShownArm,
  times: readonly number[],
  states: readonly { readonly joints: ArrayLike<number>; readonly gripper: number }[],
): UrdfLayer {
  const { gripper } = profile;
  const names = [...profile.joints, ...(gripper ? [gripper.joint] : [])];
  const joints = new Float32Array(times.length * names.length);
  states.forEach((state, row) => {
    const at = row * names.length;
    profile.joints.forEach((_, k) => (joints[at + k] = state.joints[k] ?? 0));
    if (gripper)
      joints[at + names.length - 1] = gripper.closed + (gripper.open - gripper.closed) * state.gripper;
  });
  const text = new TextEncoder().encode(world.link.info.urdf);
  return {
    kind: 'urdf',
    id: 'robot',
    label: 'Arm',
    urdf: encodeBuffer(text, [text.length], layers),
    baseLink: profile.frames.base,
    jointNames: names,
    times: encodeBuffer(Float64Array.from(times), [times.length], layers),
    joints: encodeBuffer(joints, [times.length, names.length], layers),
  };
}

const framesLayer = ({ profile }: ShownArm, more: FramesLayer['frames'] = []): FramesLayer => ({
  kind: 'frames',
  id: 'frames',
  label: 'Frames',
  frames: [{ name: profile.frames.base, pose: IDENTITY_POSE }, ...more],
});

/** Shown when it is asked for: a box round everything says nothing about most scenes. */
const workspaceLayer = ({ workspace: { min, max } }: RobotProfile): BoxesLayer => ({
  kind: 'boxes',
  id: 'workspace',
  label: 'Workspace limits',
  hidden: true,
  boxes: [
    {
      label: 'workspace',
      role: 'workspace',
      pose: {
        position: [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2],
        orientation: IDENTITY_POSE.orientation,
      },
      size: [max[0] - min[0], max[1] - min[1], max[2] - min[2]],
    },
  ],
});
