import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { quantity } from '../../core/quantity.ts';
import { asFields, asStrings } from '../protocol/fields.ts';
import { GRIPPER_COMMAND, PARALLEL_GRIPPER_COMMAND } from '../protocol/gripper-messages.ts';
import { sameType, typeIn } from '../protocol/ros-time.ts';
import { FOLLOW_JOINT_TRAJECTORY } from '../protocol/trajectory-messages.ts';
import type { Interface } from './flavour.ts';
import type { RosbridgeClient } from './rosbridge-client.ts';

/** Something that the profile names and the robot does not offer. Bridges would accept it without a word. */
export interface InterfaceProblem {
  /** motion: no goal may be sent; sensing: only that camera or detector is missing; nothing: worth knowing */
  readonly blocks: 'motion' | 'sensing' | 'nothing';
  readonly message: string;
}

/** One centimetre of camera error halves the success of a grasp: refused above that, warned about above half [m]. */
export const HAND_EYE_LIMIT = 0.01;

export const gripperActionType = (type: 'GripperCommand' | 'ParallelGripperCommand'): string =>
  type === 'GripperCommand' ? GRIPPER_COMMAND : PARALLEL_GRIPPER_COMMAND;

/** Compares the profile's names and types with what the robot lists. */
export async function checkInterface(
  client: RosbridgeClient,
  profile: RobotProfile,
  found: Interface,
  signal: AbortSignal,
): Promise<InterfaceProblem[]> {
  const problems: InterfaceProblem[] = [];
  const add = (blocks: InterfaceProblem['blocks'], message: string | undefined): void => {
    if (message !== undefined) problems.push({ blocks, message });
  };
  const { topics } = profile;
  add('motion', topicProblem(found, topics.jointStates, 'sensor_msgs/msg/JointState'));
  for (const camera of Object.values(topics.cameras)) {
    add('sensing', topicProblem(found, camera.points, 'sensor_msgs/msg/PointCloud2'));
    if (camera.info !== undefined)
      add('sensing', topicProblem(found, camera.info, 'sensor_msgs/msg/CameraInfo'));
    if (camera.image !== undefined) {
      add('sensing', topicProblem(found, camera.image, 'sensor_msgs/msg/CompressedImage'));
    }
  }
  if (topics.detections !== undefined) {
    add('sensing', topicProblem(found, topics.detections, 'vision_msgs/msg/Detection3DArray'));
  }
  if (profile.speedScaling) {
    add('motion', topicProblem(found, profile.speedScaling.topic, 'std_msgs/msg/Float64'));
  }
  for (const { topic, type } of profile.robotModes ?? []) add('motion', topicProblem(found, topic, type));
  for (const problem of handEyeProblems(profile)) problems.push(problem);
  const actions: [string, string][] = [[profile.trajectoryAction, FOLLOW_JOINT_TRAJECTORY]];
  if (profile.gripper) actions.push([profile.gripper.action, gripperActionType(profile.gripper.type)]);
  const servers =
    found.flavour === 'ros2'
      ? await listOf(client, '/rosapi/action_servers', 'action_servers', signal)
      : undefined;
  for (const [action, type] of actions) add('motion', actionProblem(found, action, type, servers));
  if (profile.stopService !== undefined) {
    const services = await listOf(client, '/rosapi/services', 'services', signal);
    if (services && !services.includes(profile.stopService)) {
      add('motion', `There is no stop service ${profile.stopService}.`);
    }
  }
  if (profile.kind === 'robot' && profile.heartbeat) {
    const { topic } = profile.heartbeat;
    const listeners = await listOf(client, '/rosapi/subscribers', 'subscribers', signal, { topic });
    if (listeners?.length === 0) {
      add(
        'nothing',
        `Nobody listens to ${topic}: no dead-man would stop the robot if this connection were lost.`,
      );
    }
  }
  return problems;
}

/** What the last camera check found: motion on what a camera sees is only as good as that. */
function handEyeProblems({ handEye, topics }: RobotProfile): InterfaceProblem[] {
  if (!handEye || Object.keys(topics.cameras).length === 0) return [];
  const { measured, limit = HAND_EYE_LIMIT, date } = handEye;
  if (measured === undefined) {
    return [
      { blocks: 'sensing', message: 'The camera was never checked against the arm: run Check Camera.' },
    ];
  }
  if (measured <= limit / 2) return [];
  const found = `The camera was ${quantity(measured, 'm')} off the arm${date === undefined ? '' : ` on ${date}`}; the limit is ${quantity(limit, 'm')}.`;
  return [{ blocks: measured > limit ? 'motion' : 'sensing', message: found }];
}

function topicProblem(found: Interface, topic: string, type: string): string | undefined {
  const actual = found.topics.get(topic);
  if (actual === undefined) return `There is no topic ${topic}.`;
  return sameType(actual, type)
    ? undefined
    : `${topic} is of type ${actual}, not ${typeIn(type, found.flavour)}.`;
}

function actionProblem(
  found: Interface,
  action: string,
  type: string,
  servers: readonly string[] | undefined,
): string | undefined {
  if (found.flavour === 'ros1')
    return topicProblem(found, `${action}/goal`, `${typeIn(type, 'ros1')}ActionGoal`);
  // Bridges before Jazzy cannot list action servers; acceptance then tells.
  if (servers === undefined || servers.includes(action)) return undefined;
  return `There is no action server ${action} (found: ${servers.slice(0, 6).join(', ') || 'none'}).`;
}

async function listOf(
  client: RosbridgeClient,
  service: string,
  key: string,
  signal: AbortSignal,
  args: object = {},
): Promise<readonly string[] | undefined> {
  try {
    const values = await client.call(service, args, { signal });
    return asStrings(asFields(values, service)[key], `${service}.${key}`);
  } catch (error) {
    if (error instanceof WaybookError && error.code === 'link/fault') return undefined;
    throw error;
  }
}
