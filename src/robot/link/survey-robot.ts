import { WaybookError } from '../../core/errors.ts';
import { parseUrdf } from '../../kinematics/urdf.ts';
import { asFields, asString, asStrings } from '../protocol/fields.ts';
import { GRIPPER_COMMAND, PARALLEL_GRIPPER_COMMAND } from '../protocol/gripper-messages.ts';
import { parseTime, sameType, secondsOf, typeIn } from '../protocol/ros-time.ts';
import { parseJointState, parseString } from '../protocol/sensor-messages.ts';
import { FOLLOW_JOINT_TRAJECTORY } from '../protocol/trajectory-messages.ts';
import { FrameSocket } from '../socket/frame-socket.ts';
import { isUnprotected } from '../socket/connect-errors.ts';
import { detectInterface, type Interface } from './flavour.ts';
import { sleep } from './link-clock.ts';
import { RosbridgeClient } from './rosbridge-client.ts';

/** What is at a URL, as far as it says itself: everything that a profile has to name. */
export interface RobotSurvey {
  readonly flavour: 'ros1' | 'ros2';
  readonly distro: string;
  /** median of a few */
  readonly roundTripMs: number;
  /** robot clock minus ours [ms]; undefined where it does not tell its time */
  readonly clockOffsetMs?: number;
  readonly jointStates: readonly {
    readonly topic: string;
    readonly hz: number;
    readonly names: readonly string[];
    /** by the messages' names: where each joint was when it was last heard of [rad, m] */
    readonly positions: Readonly<Record<string, number>>;
  }[];
  readonly clouds: readonly { readonly topic: string; readonly hz: number }[];
  readonly images: readonly string[];
  readonly cameraInfos: readonly string[];
  readonly detections: readonly string[];
  readonly trajectoryActions: readonly string[];
  readonly gripperActions: readonly {
    readonly name: string;
    readonly type: 'GripperCommand' | 'ParallelGripperCommand';
  }[];
  /** services of `std_srvs/Trigger`, one of which may stop the robot */
  readonly triggers: readonly string[];
  readonly descriptions: readonly string[];
  /** of the first description that can be read */
  readonly arm?: {
    readonly name: string;
    readonly links: readonly string[];
    readonly joints: readonly {
      readonly name: string;
      readonly type: string;
      readonly lower: number | null;
      readonly upper: number | null;
    }[];
  };
  readonly warnings: readonly string[];
}

export interface SurveyOptions {
  readonly url: string;
  readonly token?: string;
  readonly ca?: string;
  /** how long rates are counted [ms]; default 2000 */
  readonly listenMs?: number;
}

const MIB = 1024 * 1024;
const PROBES = 7;
/** A robot may have dozens of cameras: no more than this many topics are listened to at once. */
const MOST_LISTENED = 12;

/**
 * Connects, looks what is there and leaves again. It sends no goal and no command: only questions to rosapi, and
 * subscriptions to joint states, clouds and descriptions. Throws `link/connect`, `link/protocol` or `task/cancelled`.
 */
export async function surveyRobot(options: SurveyOptions, signal: AbortSignal): Promise<RobotSurvey> {
  const warnings: string[] = [];
  const socket = await FrameSocket.open(
    {
      url: options.url,
      maxPayload: 128 * MIB,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.token === undefined ? {} : { headers: { Authorization: `Bearer ${options.token}` } }),
    },
    signal,
  );
  const client = new RosbridgeClient(socket, crypto.randomUUID(), (error) => warnings.push(error.message));
  try {
    if (isUnprotected(options.url)) {
      warnings.push('This connection is not encrypted: use wss:// or an SSH tunnel to leave this machine.');
    }
    const found = await detectInterface(client, { name: 'The robot', flavour: 'auto' }, signal);
    const trip = await measure(client, signal);
    const ofType = (type: string): string[] =>
      [...found.topics].filter(([, actual]) => sameType(actual, type)).map(([name]) => name);
    const actions = await actionsOf(client, found, signal);
    const descriptions = ofType('std_msgs/String').filter((topic) => topic.endsWith('robot_description'));
    const heard = await listen(client, found, options.listenMs ?? 2000, signal, {
      joints: ofType('sensor_msgs/JointState'),
      clouds: ofType('sensor_msgs/PointCloud2'),
      descriptions,
    });
    const urdf = heard.urdf ?? (await parameter(client, found, signal));
    return {
      flavour: found.flavour,
      distro: found.distro,
      ...trip,
      jointStates: heard.jointStates,
      clouds: heard.clouds,
      images: ofType('sensor_msgs/CompressedImage'),
      cameraInfos: ofType('sensor_msgs/CameraInfo'),
      detections: ofType('vision_msgs/Detection3DArray'),
      ...actions,
      triggers: await names(
        client,
        '/rosapi/services_for_type',
        { type: typeIn('std_srvs/srv/Trigger', found.flavour) },
        'services',
        signal,
      ),
      descriptions: descriptions.length > 0 || urdf === undefined ? descriptions : ['/robot_description'],
      ...(urdf === undefined ? {} : armOf(urdf, warnings)),
      warnings,
    };
  } finally {
    client.close();
  }
}

async function measure(
  client: RosbridgeClient,
  signal: AbortSignal,
): Promise<{ roundTripMs: number; clockOffsetMs?: number }> {
  const probes: { trip: number; offset: number | undefined }[] = [];
  for (let i = 0; i < PROBES; i++) {
    const start = performance.now();
    let time: number | undefined;
    try {
      const reply = asFields(await client.call('/rosapi/get_time', {}, { signal }), '/rosapi/get_time');
      time = secondsOf(parseTime(reply['time'], 'time')) * 1000;
    } catch (error) {
      if (!(error instanceof WaybookError) || error.code !== 'link/fault') throw error;
    }
    const trip = performance.now() - start;
    probes.push({ trip, offset: time === undefined ? undefined : time - (Date.now() - trip / 2) });
  }
  probes.sort((a, b) => a.trip - b.trip);
  const offset = probes[0]?.offset;
  return {
    roundTripMs: probes[Math.floor(PROBES / 2)]?.trip ?? Number.NaN,
    ...(offset === undefined ? {} : { clockOffsetMs: offset }),
  };
}

/** A list from rosapi; empty where this bridge does not have that service. */
async function names(
  client: RosbridgeClient,
  service: string,
  args: object,
  key: string,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    return [...asStrings(asFields(await client.call(service, args, { signal }), service)[key], key)];
  } catch (error) {
    if (error instanceof WaybookError && (error.code === 'link/fault' || error.code === 'link/protocol'))
      return [];
    throw error;
  }
}

async function actionsOf(
  client: RosbridgeClient,
  found: Interface,
  signal: AbortSignal,
): Promise<Pick<RobotSurvey, 'trajectoryActions' | 'gripperActions'>> {
  const typed: [string, string][] = [];
  if (found.flavour === 'ros1') {
    for (const [topic, type] of found.topics) {
      if (topic.endsWith('/goal'))
        typed.push([topic.slice(0, -'/goal'.length), type.replace(/ActionGoal$/, '')]);
    }
  } else {
    for (const action of await names(client, '/rosapi/action_servers', {}, 'action_servers', signal)) {
      typed.push([action, await actionType(client, action, signal)]);
    }
  }
  const is = (type: string, wanted: string): boolean => sameType(actionName(type), actionName(wanted));
  const unknown = typed.filter(([, type]) => type === '').map(([name]) => name);
  return {
    trajectoryActions: [
      ...typed.filter(([, type]) => is(type, FOLLOW_JOINT_TRAJECTORY)).map(([name]) => name),
      ...unknown.filter((name) => name.includes('trajectory')),
    ],
    gripperActions: [
      ...typed
        .filter(([, type]) => is(type, GRIPPER_COMMAND))
        .map(([name]) => ({ name, type: 'GripperCommand' as const })),
      ...typed
        .filter(([, type]) => is(type, PARALLEL_GRIPPER_COMMAND))
        .map(([name]) => ({ name, type: 'ParallelGripperCommand' as const })),
      ...unknown
        .filter((name) => name.includes('grip'))
        .map((name) => ({ name, type: 'GripperCommand' as const })),
    ],
  };
}

/** `package/action/Name` and `package/Name` are the same action. */
const actionName = (type: string): string => type.replace('/action/', '/');

/** Empty where this bridge cannot tell. */
async function actionType(client: RosbridgeClient, action: string, signal: AbortSignal): Promise<string> {
  try {
    const service = '/rosapi/action_type';
    return asString(asFields(await client.call(service, { action }, { signal }), service)['type'], 'type');
  } catch (error) {
    if (error instanceof WaybookError && (error.code === 'link/fault' || error.code === 'link/protocol'))
      return '';
    throw error;
  }
}

async function listen(
  client: RosbridgeClient,
  found: Interface,
  ms: number,
  signal: AbortSignal,
  topics: { joints: readonly string[]; clouds: readonly string[]; descriptions: readonly string[] },
): Promise<Pick<RobotSurvey, 'jointStates' | 'clouds'> & { urdf?: string }> {
  const counts = new Map<string, number>();
  const joints = new Map<string, Map<string, number>>();
  let urdf: string | undefined;
  const count = (topic: string): void => void counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const stops = [
    ...topics.joints.slice(0, MOST_LISTENED).map((topic) => {
      const seen = new Map<string, number>();
      joints.set(topic, seen);
      return client.subscribe(topic, { type: typeIn('sensor_msgs/msg/JointState', found.flavour) }, (msg) => {
        count(topic);
        const { name: names, position } = parseJointState(msg);
        names.forEach((name, j) => seen.set(name, position[j] ?? Number.NaN));
      });
    }),
    ...topics.clouds.slice(0, MOST_LISTENED).map((topic) => {
      const type = typeIn('sensor_msgs/msg/PointCloud2', found.flavour);
      return client.subscribe(topic, { type, compression: 'cbor-raw' }, () => count(topic));
    }),
    ...topics.descriptions.slice(0, MOST_LISTENED).map((topic) =>
      client.subscribe(topic, { type: typeIn('std_msgs/msg/String', found.flavour) }, (msg) => {
        const text = parseString(msg);
        if (text.includes('<robot')) urdf ??= text;
      }),
    ),
  ];
  try {
    await client.roundTrip({ signal });
    counts.clear();
    const start = performance.now();
    await sleep(ms, signal);
    const seconds = (performance.now() - start) / 1000;
    const hz = (topic: string): number => (counts.get(topic) ?? 0) / seconds;
    const jointStates = topics.joints.map((topic) => ({
      topic,
      hz: hz(topic),
      names: [...(joints.get(topic)?.keys() ?? [])],
      positions: Object.fromEntries([...(joints.get(topic) ?? [])].filter(([, at]) => Number.isFinite(at))),
    }));
    return {
      jointStates,
      clouds: topics.clouds.map((topic) => ({ topic, hz: hz(topic) })),
      ...(urdf === undefined ? {} : { urdf }),
    };
  } finally {
    for (const stop of stops) stop();
  }
}

/** ROS 1 has the description as a parameter. */
async function parameter(
  client: RosbridgeClient,
  found: Interface,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (found.flavour !== 'ros1') return undefined;
  try {
    const args = { name: '/robot_description', default: '' };
    const reply = asFields(await client.call('/rosapi/get_param', args, { signal }), 'get_param');
    const text: unknown = JSON.parse(asString(reply['value'], 'value'));
    return typeof text === 'string' && text.includes('<robot') ? text : undefined;
  } catch {
    return undefined;
  }
}

function armOf(text: string, warnings: string[]): Pick<RobotSurvey, 'arm'> {
  try {
    const urdf = parseUrdf(text);
    const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
    return {
      arm: {
        name: urdf.name,
        links: urdf.links.map((link) => link.name),
        joints: urdf.joints
          .filter((joint) => joint.type !== 'fixed' && !joint.mimic)
          .map(({ name, type, lower, upper }) => ({
            name,
            type,
            lower: finite(lower),
            upper: finite(upper),
          })),
      },
    };
  } catch (error) {
    warnings.push(
      `Its description cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
    return {};
  }
}
