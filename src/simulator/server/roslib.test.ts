import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as ROSLIB from 'roslib';
import { startSimulatorServer } from './simulator-server.ts';
import type { SimulatorServer } from './simulator-server.ts';

// roslib as it comes from npm, as anybody's client would use it: against the real physics, in real time.
let server: SimulatorServer;
let ros: ROSLIB.Ros;
beforeAll(async () => {
  server = await startSimulatorServer({ scene: 'put-in-bowl', seed: 3, lockStep: false, noise: 'off' });
  ros = new ROSLIB.Ros({ url: server.url });
  await new Promise<void>((resolve, reject) => {
    ros.on('connection', () => resolve());
    ros.on('error', reject);
  });
});
afterAll(async () => {
  ros?.close();
  await server?.close();
});

interface JointState {
  name: string[];
  position: number[];
  velocity: number[];
}
interface Cloud {
  width: number;
  height: number;
  point_step: number;
  data: string | Uint8Array;
}

/** The first message that is accepted: roslib hands what is still under way for one subscription to the next one. */
const once = <T>(
  name: string,
  messageType: string,
  compression = 'none',
  accept: (message: T) => boolean = () => true,
): Promise<T> => {
  const topic = new ROSLIB.Topic<T>({ ros, name, messageType, compression, queue_length: 1 });
  return new Promise((resolve) =>
    topic.subscribe((message) => {
      if (!accept(message)) return;
      topic.unsubscribe();
      resolve(message);
    }),
  );
};

const ACTION = {
  name: '/arm_controller/follow_joint_trajectory',
  actionType: 'control_msgs/action/FollowJointTrajectory',
};

describe('roslib, unmodified', () => {
  it('lists topics, services, nodes and action servers', async () => {
    const topics = await new Promise<{ topics: string[]; types: string[] }>((resolve, reject) =>
      ros.getTopics(resolve, reject),
    );
    expect(topics.topics).toContain('/joint_states');
    expect(topics.types[topics.topics.indexOf('/front/points')]).toBe('sensor_msgs/msg/PointCloud2');
    const services = await new Promise<string[]>((resolve, reject) => ros.getServices(resolve, reject));
    expect(services).toContain('/simulator/reset');
    expect(await new Promise((resolve, reject) => ros.getNodes(resolve, reject))).toEqual([
      '/waybook_simulator',
    ]);
    expect(await new Promise((resolve, reject) => ros.getTopicType('/clock', resolve, reject))).toBe(
      'rosgraph_msgs/msg/Clock',
    );
    const details = await new Promise<{ type: string }[]>((resolve, reject) =>
      ros.getMessageDetails('sensor_msgs/JointState', resolve, reject),
    );
    expect(details[0]?.type).toBe('sensor_msgs/msg/JointState');
  });

  it('receives joint states and clouds in JSON and CBOR', async () => {
    const state = await once<JointState>('/joint_states', 'sensor_msgs/JointState');
    expect(state.name).toEqual([...server.world.arm.joints, server.world.arm.gripper.joint]);
    const binary = await once<JointState>(
      '/joint_states',
      'sensor_msgs/msg/JointState',
      'cbor',
      ({ position }) => (position as unknown) instanceof Float64Array,
    );
    expect(binary.position).toHaveLength(8);
    const json = await once<Cloud>(
      '/front/points',
      'sensor_msgs/PointCloud2',
      'none',
      ({ data }) => typeof data === 'string',
    );
    const cbor = await once<Cloud>(
      '/front/points',
      'sensor_msgs/PointCloud2',
      'cbor',
      ({ data }) => data instanceof Uint8Array,
    );
    expect(json).toMatchObject({ width: 160, height: 120, point_step: 16 });
    expect(Buffer.from(json.data as string, 'base64').length).toBe(160 * 120 * 16);
    expect((cbor.data as Uint8Array).length).toBe(160 * 120 * 16);
    const raw = await once<{ bytes: Uint8Array }>(
      '/front/points',
      'sensor_msgs/PointCloud2',
      'cbor-raw',
      ({ bytes }) => bytes instanceof Uint8Array,
    );
    expect(raw.bytes.length).toBeGreaterThan(160 * 120 * 16);
  });

  it('runs a trajectory to its end and cancels another', async () => {
    const action = new ROSLIB.Action<unknown, { desired: unknown }, { error_code: number }>({
      ros,
      ...ACTION,
    });
    const start = await once<JointState>('/joint_states', 'sensor_msgs/JointState');
    const goal = (seconds: number, turn: number) => ({
      trajectory: {
        joint_names: start.name.slice(0, 7),
        points: [
          {
            positions: start.position.slice(0, 7).map((q, j) => (j === 0 ? q + turn : q)),
            velocities: [0, 0, 0, 0, 0, 0, 0],
            time_from_start: { sec: seconds, nanosec: 0 },
          },
        ],
      },
    });
    let feedback = 0;
    const result = await new Promise<{ error_code: number }>((resolve, reject) => {
      action.sendGoal(
        goal(1, 0.3),
        resolve,
        () => feedback++,
        (reason) => reject(new Error(reason)),
      );
    });
    expect(result.error_code).toBe(0);
    expect(feedback).toBeGreaterThan(20);
    const reached = await once<JointState>('/joint_states', 'sensor_msgs/JointState');
    expect(reached.position[0]).toBeCloseTo((start.position[0] as number) + 0.3, 1);

    const failure = await new Promise<string>((resolve, reject) => {
      const id = action.sendGoal(
        goal(5, 1.2),
        () => reject(new Error('it was not cancelled')),
        () => action.cancelGoal(id as string),
        resolve,
      );
    });
    // 5 is canceled in action_msgs/GoalStatus.
    expect(failure).toMatch(/5|cancel/i);
  });

  it('calls a service, and hears why one failed', async () => {
    const stop = new ROSLIB.Service<object, { success: boolean }>({
      ros,
      name: '/arm_controller/stop',
      serviceType: 'std_srvs/Trigger',
    });
    expect(await new Promise((resolve, reject) => stop.callService({}, resolve, reject))).toMatchObject({
      success: true,
    });
    const none = new ROSLIB.Service({ ros, name: '/nope', serviceType: 'std_srvs/Trigger' });
    expect(await new Promise((resolve, reject) => none.callService({}, reject, resolve))).toMatch(
      /does not exist/,
    );
  });
});
