import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { cborRawHead, encodeCbor } from '../protocol/cbor.ts';
import { encodeJson } from '../protocol/encode-json.ts';
import { asFields } from '../protocol/fields.ts';
import { GoalStatus1, GoalStatus2 } from '../protocol/goal-status.ts';
import type { ClientOp, Compression, ServerOp } from '../protocol/ops.ts';
import { parseClientOp } from '../protocol/parse-ops.ts';
import { encodePointCloud2 } from '../protocol/encode-point-cloud2.ts';
import type { PointCloud2Message } from '../protocol/point-cloud2.ts';
import { rawPointCloud2Size, writeRawPointCloud2 } from '../protocol/raw-point-cloud2.ts';
import { inFlavour, rosTime, typeIn } from '../protocol/ros-time.ts';
import type { RosFlavour } from '../protocol/ros-time.ts';
import type { FakeEnd } from './fake-robot.ts';
import { FakeRobot, goalIdOf } from './fake-robot.ts';

export interface FakeBridgeOptions {
  readonly flavour?: RosFlavour;
  /** on this port again, after a restart */
  readonly port?: number;
  readonly robot?: FakeRobot;
  readonly cloudPoints?: number;
}

interface Client {
  readonly socket: WebSocket;
  readonly topics: Map<string, Compression>;
  readonly goals: Set<string>;
}

const ARM = '/arm_controller/follow_joint_trajectory';
const GRIPPER = '/gripper_controller/gripper_cmd';
export const FAKE_JOINTS = ['joint1', 'joint2', 'joint3', 'joint4', 'joint5', 'joint6', 'joint7'];
export const FAKE_HOME = [0, -0.785, 0, -2.356, 0, 1.571, 0.785];
const STATUS2: Record<FakeEnd, number> = {
  succeeded: GoalStatus2.succeeded,
  cancelled: GoalStatus2.canceled,
  aborted: GoalStatus2.aborted,
};
const STATUS1: Record<FakeEnd, number> = {
  succeeded: GoalStatus1.succeeded,
  cancelled: GoalStatus1.preempted,
  aborted: GoalStatus1.aborted,
};

/**
 * A bridge for tests that behaves as real ones were measured to: errors are silent except for service calls, a
 * disconnect stops nothing, cancelling by operation works only on the goal's own socket, messages above
 * `maxMessageSize` come as fragments with id 0 and a fractional total (JSON) or not at all (CBOR). Its faults are
 * public members that a test sets.
 */
export class FakeBridge {
  readonly robot: FakeRobot;
  readonly flavour: RosFlavour;
  /** every operation received, in order, over all connections */
  readonly received: ClientOp[] = [];
  /** headers and paths of the upgrades */
  readonly upgrades: IncomingMessage[] = [];
  maxMessageSize = Number.POSITIVE_INFINITY;
  acceptsGoals = true;
  sendsResults = true;
  answersServices = true;
  publishesStates = true;
  cancelsByOp = true;
  cancelsByService = true;
  /** names that rosapi lists beside the robot's own */
  readonly topics: Map<string, string>;
  readonly services: Map<string, (args: unknown) => unknown>;
  readonly cloudPoints: number;
  /** stamps of joint states minus the robot's clock [s] */
  stateOffset = 0;
  /** stamps of clouds minus the robot's clock [s] */
  cloudDelay = 0;
  readonly #server: WebSocketServer;
  readonly #clients = new Set<Client>();
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;

  static async start(options: FakeBridgeOptions = {}): Promise<FakeBridge> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: options.port ?? 0,
      perMessageDeflate: false,
    });
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve);
      server.once('error', reject);
    });
    return new FakeBridge(server, options);
  }

  private constructor(server: WebSocketServer, options: FakeBridgeOptions) {
    this.#server = server;
    this.flavour = options.flavour ?? 'ros2';
    this.robot = options.robot ?? new FakeRobot(FAKE_JOINTS, this.flavour, FAKE_HOME);
    this.cloudPoints = options.cloudPoints ?? 1000;
    const type = (name: string): string => typeIn(name, this.flavour);
    this.topics = new Map([
      ['/joint_states', type('sensor_msgs/msg/JointState')],
      ['/tf', type('tf2_msgs/msg/TFMessage')],
      ['/tf_static', type('tf2_msgs/msg/TFMessage')],
      ['/robot_description', type('std_msgs/msg/String')],
      ['/front/points', type('sensor_msgs/msg/PointCloud2')],
    ]);
    if (this.flavour === 'ros1') {
      this.topics.set(`${ARM}/goal`, 'control_msgs/FollowJointTrajectoryActionGoal');
      this.topics.set(`${GRIPPER}/goal`, 'control_msgs/GripperCommandActionGoal');
    }
    this.services = this.#builtInServices();
    server.on('connection', (socket, request) => this.#connected(socket, request));
    this.#timer = setInterval(() => this.#tick(), 10);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/`;
  }

  get connections(): number {
    return this.#clients.size;
  }

  /** Cuts every connection without a closing handshake, as a pulled cable or a killed process does. */
  cut(): void {
    for (const { socket } of this.#clients) socket.terminate();
  }

  /** Half-open: connections stand, and nothing is read or answered any more. */
  freeze(): void {
    this.publishesStates = false;
    for (const { socket } of this.#clients) socket.pause();
  }

  /** Any bytes as a frame, to everybody. */
  inject(frame: string | Uint8Array, pieces = 1): void {
    const size = Math.ceil(frame.length / pieces);
    for (const { socket } of this.#clients) {
      if (typeof frame === 'string' || pieces === 1) socket.send(frame);
      else {
        for (let piece = 0; piece < pieces; piece++) {
          const fin = piece === pieces - 1;
          socket.send(frame.subarray(piece * size, (piece + 1) * size), { binary: true, fin });
        }
      }
    }
  }

  /** Ends the bridge; the robot goes on. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Goals received, over all connections. */
  get goals(): ClientOp[] {
    return this.received.filter(
      (op) => op.op === 'send_action_goal' || (op.op === 'publish' && op.topic === `${ARM}/goal`),
    );
  }

  #connected(socket: WebSocket, request: IncomingMessage): void {
    this.upgrades.push(request);
    const client: Client = { socket, topics: new Map(), goals: new Set() };
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      let op: ClientOp;
      try {
        op = parseClientOp(isBinary ? data : data.toString('utf8'));
      } catch {
        return;
      }
      this.received.push(op);
      this.#serve(client, op);
    });
  }

  #serve(client: Client, op: ClientOp): void {
    switch (op.op) {
      case 'subscribe':
        client.topics.set(op.topic, op.compression ?? 'none');
        this.#latched(client, op.topic);
        return;
      case 'unsubscribe':
        client.topics.delete(op.topic);
        return;
      case 'call_service':
        this.#call(client, op.service, op.id, op.args);
        return;
      case 'send_action_goal':
        if (this.flavour === 'ros2') this.#goal2(client, op.id, op.action, op.args);
        return;
      case 'cancel_action_goal':
        if (this.cancelsByOp && client.goals.has(op.id)) this.robot.cancel(op.id);
        return;
      case 'publish':
        if (this.flavour === 'ros1') this.#actionlib(op.topic, op.msg);
        return;
      case 'advertise':
      case 'unadvertise':
      case 'set_level':
        return;
    }
  }

  #latched(client: Client, topic: string): void {
    if (topic === '/robot_description') this.#publishTo(client, topic, { data: '<robot name="fake"/>' });
    if (topic === '/tf_static') {
      const pose = { translation: { x: 0.5, y: 0, z: 1 }, rotation: { x: 1, y: 0, z: 0, w: 0 } };
      const header = { stamp: rosTime(0), frame_id: 'base' };
      this.#publishTo(client, topic, {
        transforms: [{ header, child_frame_id: 'front_optical_frame', transform: pose }],
      });
    }
  }

  #builtInServices(): Map<string, (args: unknown) => unknown> {
    const services = new Map<string, (args: unknown) => unknown>([
      ['/rosapi/topics', () => ({ topics: [...this.topics.keys()], types: [...this.topics.values()] })],
      ['/rosapi/get_time', () => ({ time: rosTime(this.robot.now()) })],
      ['/rosapi/services', () => ({ services: [...this.services.keys()] })],
      [
        '/arm_controller/stop',
        () => {
          this.robot.stop('aborted');
          return { success: true, message: 'stopped' };
        },
      ],
    ]);
    if (this.flavour === 'ros2') {
      services.set('/rosapi/get_ros_version', () => ({ version: 2, distro: 'jazzy' }));
      services.set('/rosapi/action_servers', () => ({ action_servers: [ARM, GRIPPER] }));
      for (const action of [ARM, GRIPPER]) {
        services.set(`${action}/_action/cancel_goal`, () => {
          if (this.cancelsByService && action === ARM) this.robot.stop('cancelled');
          return { return_code: 0, goals_canceling: [] };
        });
      }
    }
    return services;
  }

  #call(client: Client, service: string, id: string | undefined, args: unknown): void {
    if (!this.answersServices) return;
    const handler = this.services.get(service);
    const head = { op: 'service_response', service, ...(id === undefined ? {} : { id }) } as const;
    if (!handler) {
      this.#send(client, { ...head, values: `Service ${service} does not exist`, result: false });
      return;
    }
    this.#send(client, { ...head, values: inFlavour(handler(args), this.flavour), result: true });
  }

  #goal2(client: Client, id: string, action: string, args: unknown): void {
    if (!this.acceptsGoals) return;
    client.goals.add(id);
    if (action === GRIPPER) {
      this.#gripped(args, (values) => {
        this.#send(client, {
          op: 'action_result',
          id,
          action,
          values,
          status: GoalStatus2.succeeded,
          result: true,
        });
      });
      return;
    }
    if (action !== ARM) return;
    this.robot.start(
      {
        id,
        feedback: (t) => this.#send(client, { op: 'action_feedback', id, action, values: feedbackValues(t) }),
        end: (end, errorCode) => {
          if (!this.sendsResults) return;
          const values = { error_code: errorCode, error_string: '' };
          this.#send(client, { op: 'action_result', id, action, values, status: STATUS2[end], result: true });
        },
      },
      args,
    );
  }

  #actionlib(topic: string, msg: unknown): void {
    const at = topic.lastIndexOf('/');
    const action = topic.slice(0, at);
    const part = topic.slice(at + 1);
    if (part === 'cancel') {
      const id = String(asFields(msg, 'cancel')['id']);
      if (id === '') this.robot.stop('cancelled');
      else this.robot.cancel(id);
      return;
    }
    if (part !== 'goal' || !this.acceptsGoals) return;
    const fields = asFields(msg, 'goal');
    const id = goalIdOf(fields['goal_id']);
    const status = (code: number) => ({ goal_id: { stamp: rosTime(0), id }, status: code, text: '' });
    if (action === GRIPPER) {
      this.#gripped(fields['goal'], (result) => {
        this.publish(`${action}/result`, { status: status(GoalStatus1.succeeded), result });
      });
      return;
    }
    if (action !== ARM) return;
    this.robot.start(
      {
        id,
        feedback: (t) =>
          this.publish(`${action}/feedback`, {
            status: status(GoalStatus1.active),
            feedback: feedbackValues(t),
          }),
        end: (end, errorCode) => {
          if (!this.sendsResults) return;
          this.publish(`${action}/result`, {
            status: status(STATUS1[end]),
            result: { error_code: errorCode, error_string: '' },
          });
        },
      },
      fields['goal'],
    );
  }

  #gripped(goal: unknown, done: (values: unknown) => void): void {
    const command = asFields(asFields(goal, 'goal')['command'], 'command');
    this.robot.gripper = Number(command['position']);
    setTimeout(
      () => done({ position: this.robot.gripper, effort: 0, stalled: false, reached_goal: true }),
      50,
    );
  }

  #tick(): void {
    this.robot.tick();
    this.#ticks++;
    const stamp = rosTime(this.robot.now() + this.stateOffset);
    if (this.publishesStates) {
      this.publish('/joint_states', {
        header: { stamp, frame_id: '' },
        name: [...this.robot.joints, 'finger_joint'],
        position: [...this.robot.positions, this.robot.gripper],
        velocity: [...this.robot.velocities, 0],
        effort: [],
      });
    }
    if (this.#ticks % 10 === 0) this.#publishCloud();
    if (this.flavour === 'ros1' && this.#ticks % 20 === 0) {
      for (const action of [ARM, GRIPPER]) this.publish(`${action}/status`, { status_list: [] });
    }
  }

  #publishCloud(): void {
    const n = this.cloudPoints;
    const positions = Float32Array.from({ length: 3 * n }, (_, i) => (i % 100) / 100);
    const cloud = {
      frame: 'front_optical_frame',
      stamp: this.robot.now() + this.cloudDelay,
      width: n,
      height: 1,
      positions,
    };
    this.publish('/front/points', encodePointCloud2({ ...cloud, colors: new Uint8Array(3 * n) }));
  }

  publish(topic: string, msg: unknown): void {
    for (const client of this.#clients) if (client.topics.has(topic)) this.#publishTo(client, topic, msg);
  }

  #publishTo(client: Client, topic: string, msg: unknown): void {
    const compression = client.topics.get(topic) ?? 'none';
    const message = inFlavour(msg, this.flavour);
    if (compression === 'none' || compression === 'png') {
      this.#send(client, { op: 'publish', topic, msg: message });
      return;
    }
    let frame: Uint8Array;
    if (compression === 'cbor-raw') {
      // Raw messages of other types are not needed by any test.
      if (topic !== '/front/points') return;
      const cloud = msg as PointCloud2Message;
      if (this.flavour === 'ros1') {
        const raw = ros1PointCloud2(cloud);
        const body = cborRawHead(topic, 0, 0, raw.length);
        client.socket.send(Buffer.concat([body, raw]));
        return;
      }
      const size = rawPointCloud2Size(cloud);
      const head = cborRawHead(topic, 0, 0, size);
      frame = new Uint8Array(head.length + size);
      frame.set(head);
      writeRawPointCloud2(cloud, frame, head.length);
    } else {
      frame = encodeCbor({ op: 'publish', topic, msg: message });
    }
    // Real bridges fail on fragmenting CBOR, and say nothing.
    if (frame.length <= this.maxMessageSize) client.socket.send(frame);
  }

  #send(client: Client, op: ServerOp): void {
    const text = encodeJson(op);
    if (text.length <= this.maxMessageSize) {
      client.socket.send(text);
      return;
    }
    const size = this.maxMessageSize;
    for (let num = 0; num * size < text.length; num++) {
      const data = text.slice(num * size, (num + 1) * size);
      client.socket.send(JSON.stringify({ op: 'fragment', id: 0, data, num, total: text.length / size }));
    }
  }
}

/** As genpy writes it: little endian, no padding, lengths before texts and arrays, a `seq` in the header. */
function ros1PointCloud2(cloud: PointCloud2Message): Buffer {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return bytes;
  };
  const u8 = (value: number): Buffer => Buffer.of(value);
  const text = (value: string): Buffer => Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)]);
  const { stamp, frame_id } = cloud.header;
  const { data } = cloud;
  return Buffer.concat([
    ...[u32(7), u32(stamp.sec), u32(stamp.nanosec), text(frame_id), u32(cloud.height), u32(cloud.width)],
    u32(cloud.fields.length),
    ...cloud.fields.flatMap((field) => [
      text(field.name),
      u32(field.offset),
      u8(field.datatype),
      u32(field.count),
    ]),
    ...[u8(cloud.is_bigendian ? 1 : 0), u32(cloud.point_step), u32(cloud.row_step), u32(data.length)],
    ...[Buffer.from(data.buffer, data.byteOffset, data.length), u8(cloud.is_dense ? 1 : 0)],
  ]);
}

const feedbackValues = (t: number): unknown => ({
  header: { stamp: rosTime(0), frame_id: '' },
  joint_names: [],
  desired: { positions: [], velocities: [], accelerations: [], effort: [], time_from_start: rosTime(t) },
});
