import { describe, expect, it } from 'vitest';
import { parseRobotProfile, tighten } from './parse-robot-profile.ts';
import { sampleProfiles } from './sample-profiles.ts';
import { simulatorProfile } from './simulator-profile.ts';

describe('parseRobotProfile', () => {
  it('takes the sample profiles and the simulator’s own', () => {
    expect(sampleProfiles().map((profile) => profile.name)).toEqual(['fr3', 'ur5e', 'xarm7', 'so-101']);
    expect(parseRobotProfile(structuredClone(simulatorProfile), 'simulator')).toEqual(simulatorProfile);
  });

  it('names every wrong entry', () => {
    const bad = { ...simulatorProfile, flavour: 'ros3', trajectoryAction: 'no-slash', spped: 1 };
    expect(() => parseRobotProfile(bad, 'mine')).toThrow(/"mine".*flavour.*/);
    expect(() => parseRobotProfile(bad, 'mine')).toThrow(/trajectoryAction/);
    expect(() => parseRobotProfile(bad, 'mine')).toThrow(/spped/);
  });

  it('refuses what a schema cannot see', () => {
    const short = { ...simulatorProfile, home: [0, 0] };
    expect(() => parseRobotProfile(short, 'mine')).toThrow(/home has 2 values for 7 joints/);
    const empty = { ...simulatorProfile, workspace: { min: [0, 0, 1], max: [1, 1, 0] } };
    expect(() => parseRobotProfile(empty, 'mine')).toThrow(/empty along z/);
    for (const value of [null, 7, [], 'text'])
      expect(() => parseRobotProfile(value, 'mine')).toThrow(/not valid/);
  });

  it('puts the namespace before every name that does not begin with a slash', () => {
    const profile = parseRobotProfile(
      {
        ...simulatorProfile,
        namespace: '/left',
        trajectoryAction: 'arm_controller/follow_joint_trajectory',
        stopService: 'arm_controller/stop',
        topics: {
          ...simulatorProfile.topics,
          jointStates: 'joint_states',
          robotDescription: '/robot_description',
          cameras: { front: { points: 'front/points', info: '/shared/camera_info' } },
        },
      },
      'left',
    );
    expect(profile.trajectoryAction).toBe('/left/arm_controller/follow_joint_trajectory');
    expect(profile.stopService).toBe('/left/arm_controller/stop');
    expect(profile.topics).toMatchObject({
      jointStates: '/left/joint_states',
      robotDescription: '/robot_description',
      cameras: { front: { points: '/left/front/points', info: '/shared/camera_info' } },
    });
  });
});

describe('tighten', () => {
  it('takes lower limits and refuses higher ones', () => {
    expect(tighten(simulatorProfile, { toolSpeedLimit: 0.25 }).toolSpeedLimit).toBe(0.25);
    expect(() => tighten(simulatorProfile, { toolSpeedLimit: 2 })).toThrow(/looser than 1 m\/s/);
    const acceleration = simulatorProfile.accelerationLimits.map((limit) => limit * 1.01);
    expect(() => tighten(simulatorProfile, { accelerationLimits: acceleration })).toThrow(
      /accelerationLimits\[0\]/,
    );
    const { min, max } = simulatorProfile.workspace;
    expect(() => tighten(simulatorProfile, { workspace: { min: [min[0], min[1], -1], max } })).toThrow(
      /workspace.min.z/,
    );
  });
});
