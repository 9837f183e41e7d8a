import { describe, expect, it } from 'vitest';
import type { RobotSurvey } from '../link/survey-robot.ts';
import { parseRobotProfile } from './parse-robot-profile.ts';
import { cameraName, matchJoints, proposeProfile } from './propose-profile.ts';

describe('matchJoints', () => {
  it('takes equal names as they are, and tells what is missing and what is too many', () => {
    expect(matchJoints(['a', 'b', 'c'], ['b', 'a', 'wheel'])).toEqual({
      joints: ['a', 'b'],
      jointNames: {},
      missing: ['c'],
      extra: ['wheel'],
    });
  });

  it('finds joints behind a prefix, another spelling, or both', () => {
    const { joints, jointNames, missing } = matchJoints(
      ['shoulder_pan', 'elbow', 'wrist_1'],
      ['left/Elbow', 'left/Wrist-1', 'left/Shoulder-Pan'],
    );
    expect(joints).toEqual(['shoulder_pan', 'elbow', 'wrist_1']);
    expect(jointNames).toEqual({
      shoulder_pan: 'left/Shoulder-Pan',
      elbow: 'left/Elbow',
      wrist_1: 'left/Wrist-1',
    });
    expect(missing).toEqual([]);
  });

  it('leaves to a person what could be either of two', () => {
    const { joints, missing, extra } = matchJoints(['joint1'], ['left_joint1', 'right_joint1']);
    expect([joints, missing, extra]).toEqual([[], ['joint1'], ['left_joint1', 'right_joint1']]);
  });
});

describe('proposeProfile', () => {
  it('makes a profile that is valid, slow, and made of what was found', () => {
    const survey: RobotSurvey = {
      flavour: 'ros1',
      distro: 'noetic',
      roundTripMs: 4,
      jointStates: [
        { topic: '/left/joint_states', hz: 100, names: ['l_1', 'l_2'], positions: { l_1: 0.50004, l_2: -1 } },
      ],
      clouds: [{ topic: '/cam_a/depth/points', hz: 10 }],
      images: ['/cam_b/color/compressed', '/cam_a/color/compressed'],
      cameraInfos: ['/cam_a/color/camera_info'],
      detections: [],
      trajectoryActions: ['/left/traj'],
      gripperActions: [{ name: '/left/hand', type: 'GripperCommand' }],
      triggers: ['/left/stop'],
      descriptions: ['/robot_description'],
      warnings: [],
    };
    const profile = proposeProfile(survey, {
      name: 'left',
      jointStates: '/left/joint_states',
      trajectoryAction: '/left/traj',
      joints: ['one', 'two'],
      jointNames: { one: 'l_1', two: 'l_2' },
      base: 'base_link',
      tool: 'tcp',
      clouds: ['/cam_a/depth/points'],
      gripper: { action: '/left/hand', joint: 'finger', open: 0.04, closed: 0 },
      stopService: '/left/stop',
    });
    expect(profile.home).toEqual([0.5, -1]);
    expect(parseRobotProfile(profile, 'left')).toEqual(profile);
    expect(profile.topics.cameras).toEqual({
      cam_a: {
        points: '/cam_a/depth/points',
        image: '/cam_a/color/compressed',
        info: '/cam_a/color/camera_info',
      },
    });
    expect(profile.toolSpeedLimit).toBeLessThanOrEqual(0.25);
    expect(cameraName('/front/points')).toBe('front');
  });
});
