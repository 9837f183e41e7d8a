import { afterEach, describe, expect, it } from 'vitest';
import { startSimulatorServer } from '../../simulator/server/simulator-server.ts';
import { fakeWorld } from '../../simulator/server/testing/fake-world.ts';
import { matchJoints, proposeProfile } from '../profiles/propose-profile.ts';
import { parseRobotProfile } from '../profiles/parse-robot-profile.ts';
import { FAKE_JOINTS, FakeBridge } from '../testing/fake-bridge.ts';
import { surveyRobot } from './survey-robot.ts';

const signal = new AbortController().signal;
const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0)) await clean();
});

describe('surveyRobot', () => {
  it('finds what the simulator offers, from which a valid profile can be made', async () => {
    const server = await startSimulatorServer({
      scene: 'fake',
      seed: 1,
      lockStep: false,
      createWorld: async (options) => fakeWorld(options),
    });
    cleanup.push(() => server.close());
    const survey = await surveyRobot({ url: server.url, listenMs: 500 }, signal);
    expect(survey.flavour).toBe('ros2');
    // The world without physics describes no arm, and the survey says so.
    expect(survey.warnings).toEqual([expect.stringMatching(/description cannot be read/)]);
    expect(survey.trajectoryActions).toEqual(['/arm_controller/follow_joint_trajectory']);
    expect(survey.gripperActions).toEqual([
      { name: '/gripper_controller/gripper_cmd', type: 'GripperCommand' },
    ]);
    expect(survey.triggers).toContain('/arm_controller/stop');
    const states = survey.jointStates.find(({ topic }) => topic === '/joint_states');
    expect(states?.names).toEqual(expect.arrayContaining(['joint1', 'joint2', 'joint3']));
    expect(states?.hz).toBeGreaterThan(0);
    const { joints, jointNames } = matchJoints(['joint1', 'joint2', 'joint3'], states?.names ?? []);
    const choice = {
      name: 'found',
      jointStates: '/joint_states',
      trajectoryAction: survey.trajectoryActions[0] ?? '',
      joints,
      jointNames,
      base: 'base',
      tool: 'tool',
      clouds: survey.clouds.map(({ topic }) => topic),
    };
    const profile = proposeProfile(survey, choice);
    expect(profile.home).toEqual(joints.map((joint) => expect.closeTo(states?.positions[joint] ?? 9, 3)));
    expect(() => proposeProfile({ ...survey, jointStates: [] }, choice)).toThrow(
      /No position of the joint joint1 came on \/joint_states/,
    );
    expect(parseRobotProfile(profile, 'found').joints).toEqual(['joint1', 'joint2', 'joint3']);
  });

  it('finds a ROS 1 arm by its goal topics, whatever they are called, and sends it nothing', async () => {
    const bridge = await FakeBridge.start({ flavour: 'ros1' });
    cleanup.push(() => bridge.close());
    bridge.topics.set('/plant7/links/arm-b/goal', 'control_msgs/FollowJointTrajectoryActionGoal');
    bridge.topics.set('/plant7/hand/goal', 'control_msgs/GripperCommandActionGoal');
    bridge.topics.set('/plant7/state_of_joints', 'sensor_msgs/JointState');
    bridge.topics.set('/plant7/eye/depth/points', 'sensor_msgs/PointCloud2');
    const survey = await surveyRobot({ url: bridge.url, listenMs: 400 }, signal);
    expect(survey.flavour).toBe('ros1');
    expect(survey.trajectoryActions).toContain('/plant7/links/arm-b');
    expect(survey.gripperActions.map(({ name }) => name)).toContain('/plant7/hand');
    expect(survey.jointStates.map(({ topic }) => topic)).toContain('/plant7/state_of_joints');
    // A topic on which nobody speaks is listed as silent, not left out.
    expect(survey.clouds.find(({ topic }) => topic === '/plant7/eye/depth/points')?.hz).toBe(0);
    expect(survey.jointStates.find(({ topic }) => topic === '/joint_states')?.names).toEqual(
      expect.arrayContaining([...FAKE_JOINTS]),
    );
    const sent = new Set(bridge.received.map((op) => op.op));
    for (const op of ['publish', 'advertise', 'send_action_goal'])
      expect(sent.has(op as 'publish')).toBe(false);
    expect(bridge.goals).toEqual([]);
  });

  it('says that nobody is there, or that rosapi is missing', async () => {
    const bridge = await FakeBridge.start();
    bridge.services.delete('/rosapi/topics');
    await expect(surveyRobot({ url: bridge.url, listenMs: 10 }, signal)).rejects.toThrow(/rosapi/);
    const { url } = bridge;
    await bridge.close();
    await expect(surveyRobot({ url, listenMs: 10 }, signal)).rejects.toThrow(/refused|connect/i);
  });
});
