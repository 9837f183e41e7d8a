import { WebSocket } from 'ws';
import { messageOf } from '../../../core/errors.ts';

export type Json = Record<string, unknown>;

const ANSWER_MS = 20_000;

/**
 * A bare rosbridge client: sends what it is told to, keeps every frame in order. Knows nothing of Waybook's own client,
 * so that the server is tested by its wire alone.
 */
export class RosbridgeClient {
  readonly socket: WebSocket;
  /** JSON frames as they came; binary ones as `{binary: Buffer}` */
  readonly frames: Json[] = [];
  readonly closed: Promise<number>;
  readonly #waiters = new Set<() => void>();
  #nextId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, binary: boolean) => {
      this.frames.push(binary ? { binary: data } : (JSON.parse(data.toString('utf8')) as Json));
      for (const waiter of [...this.#waiters]) waiter();
    });
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
    socket.on('error', () => undefined);
  }

  static connect(url: string, options: { headers?: Record<string, string> } = {}): Promise<RosbridgeClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
      const client = new RosbridgeClient(socket);
      socket.once('open', () => resolve(client));
      socket.once('unexpected-response', (_request, response) =>
        reject(new Error(`HTTP ${response.statusCode}`)),
      );
      socket.once('error', reject);
    });
  }

  send(op: Json): void {
    this.socket.send(JSON.stringify(op));
  }

  subscribe(topic: string, more: Json = {}): void {
    this.send({ op: 'subscribe', topic, ...more });
  }

  /** Values of the response; an Error with its text where `result` is false. */
  async call(service: string, args: Json = {}): Promise<Json> {
    const id = `call-${this.#nextId++}`;
    this.send({ op: 'call_service', id, service, args });
    const response = await this.next((frame) => frame['op'] === 'service_response' && frame['id'] === id);
    if (response['result'] === false) throw new Error(messageOf(response['values']));
    return response['values'] as Json;
  }

  /** Waits for simulated time in slices, as a lock-step client does. */
  async step(until: number): Promise<void> {
    const reply = await this.call('/simulator/step', { until });
    if (reply['success'] !== true) throw new Error(String(reply['message']));
  }

  /** The first frame, past or to come, that matches. Rejects after a while, or when the socket closes. */
  async next(matches: (frame: Json) => boolean, what = 'a frame'): Promise<Json> {
    let checked = 0;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        this.socket.off('close', lost);
        act();
      };
      const check = () => {
        for (; checked < this.frames.length; checked++) {
          const frame = this.frames[checked] as Json;
          if (matches(frame)) return settle(() => resolve(frame));
        }
      };
      const lost = () => settle(() => reject(new Error(`The socket closed while waiting for ${what}.`)));
      const timer = setTimeout(
        () => settle(() => reject(new Error(`Timed out waiting for ${what}.`))),
        ANSWER_MS,
      );
      this.#waiters.add(check);
      this.socket.on('close', lost);
      check();
    });
  }

  /** The result of a goal. */
  result(id: string): Promise<Json> {
    return this.next((frame) => frame['op'] === 'action_result' && frame['id'] === id, `the result of ${id}`);
  }

  /** Messages of a topic so far. */
  messages(topic: string): Json[] {
    return this.frames
      .filter((frame) => frame['op'] === 'publish' && frame['topic'] === topic)
      .map((f) => f['msg'] as Json);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

export const ARM_ACTION = '/arm_controller/follow_joint_trajectory';
export const GRIPPER_ACTION = '/gripper_controller/gripper_cmd';

const durationOf = (t: number) => ({ sec: Math.floor(t), nanosec: Math.round((t - Math.floor(t)) * 1e9) });

/** A goal by op, as a literal frame. */
export function trajectoryGoalOp(
  id: string,
  joints: readonly string[],
  points: readonly { t: number; p: readonly (number | null)[]; v?: readonly number[] }[],
  stamp = 0,
): Json {
  return {
    op: 'send_action_goal',
    id,
    action: ARM_ACTION,
    action_type: 'control_msgs/action/FollowJointTrajectory',
    feedback: true,
    args: {
      trajectory: {
        header: { stamp: durationOf(stamp), frame_id: '' },
        joint_names: joints,
        points: points.map(({ t, p, v }) => ({
          positions: p,
          velocities: v ?? [],
          time_from_start: durationOf(t),
        })),
      },
    },
  };
}

export const gripperGoalOp = (id: string, position: number, effort = 0): Json => ({
  op: 'send_action_goal',
  id,
  action: GRIPPER_ACTION,
  action_type: 'control_msgs/action/GripperCommand',
  feedback: true,
  args: { command: { position, max_effort: effort } },
});
