import { describe, expect, it } from 'vitest';
import { IDENTITY_POSE } from '../../core/geometry.ts';
import type { RobotState } from '../../core/robot-state.ts';
import { decodeBuffer, fromBase64 } from '../../core/scene-buffer.ts';
import type { SceneBuffer, UrdfLayer } from '../../core/scene.ts';
import { simulatorProfile } from '../../robot/profiles/simulator-profile.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { restingArm } from './arm-layers.ts';

const state = {
  joints: Float64Array.from(simulatorProfile.joints, (_, i) => i / 10),
  gripper: 0.5,
} as unknown as RobotState;

const model = {
  linkNames: ['base'],
  geoms: new Map(),
  joints: [],
  forward: () => IDENTITY_POSE,
  linkPoses: () => [IDENTITY_POSE],
} as unknown as RobotModel;

const shown = (kind: string) => ({
  world: { address: { kind }, model, link: { info: { urdf: '<robot name="r"/>' } } },
  profile: simulatorProfile,
  layers: {},
});

const numbers = (buffer: SceneBuffer): number[] => [...decodeBuffer(buffer, fromBase64(buffer.base64 ?? ''))];

describe('layers of an arm', () => {
  it('draws our simulator by its solids, a robot by the description that it gave', () => {
    expect(restingArm(shown('simulator'), state)[0]?.kind).toBe('robot');
    const [layer] = restingArm(shown('url'), state);
    expect(layer).toMatchObject({ kind: 'urdf', id: 'robot', baseLink: simulatorProfile.frames.base });
    const urdf = layer as UrdfLayer;
    expect(new TextDecoder().decode(Uint8Array.from(numbers(urdf.urdf)))).toBe('<robot name="r"/>');
  });

  it('gives the gripper’s joint its value between closed and open', () => {
    const urdf = restingArm(shown('profile'), state)[0] as UrdfLayer;
    const gripper = simulatorProfile.gripper;
    expect(urdf.jointNames.at(-1)).toBe(gripper?.joint);
    const middle = ((gripper?.open ?? 0) + (gripper?.closed ?? 0)) / 2;
    expect(numbers(urdf.joints).at(-1)).toBeCloseTo(middle, 6);
    expect(numbers(urdf.joints)[2]).toBeCloseTo(0.2, 6);
  });

  it('shows the frames, and the workspace only when it is asked for', () => {
    const layers = restingArm(shown('simulator'), state);
    const frames = layers.find((layer) => layer.kind === 'frames');
    expect(frames?.kind === 'frames' && frames.frames.map(({ name }) => name)).toEqual([
      simulatorProfile.frames.base,
      simulatorProfile.frames.tool,
    ]);
    const workspace = layers.find((layer) => layer.id === 'workspace');
    expect(workspace?.hidden).toBe(true);
    const [box] = workspace?.kind === 'boxes' ? workspace.boxes : [];
    const { min, max } = simulatorProfile.workspace;
    expect(box?.size[2]).toBeCloseTo(max[2] - min[2], 9);
    expect((box?.pose.position[2] ?? 0) - (box?.size[2] ?? 0) / 2).toBeCloseTo(min[2], 9);
  });
});
