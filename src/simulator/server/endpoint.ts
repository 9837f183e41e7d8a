import { WaybookError, messageOf } from '../../core/errors.ts';
import type { CallServiceOp, ClientOp, PublishOp, SubscribeOp } from '../../robot/protocol/ops.ts';
import { parseClientOp } from '../../robot/protocol/parse-ops.ts';
import { sameType } from '../../robot/protocol/ros-time.ts';
import { sendGoal } from './actions.ts';
import type { Connection } from './connection.ts';
import type { SimulatorHost } from './host.ts';
import { rosapiServices } from './rosapi.ts';
import { simulatorServices } from './services.ts';
import type { ServiceSpec } from './services.ts';
import { HEARTBEAT_TOPIC } from './topics.ts';

/** Unanswered service calls that one connection may have. */
const MAX_PENDING_CALLS = 64;

/** Messages of a flooding topic that are under way to one subscriber: one is made while another is sent. */
export const FLOOD_DEPTH = 2;

/** Serves the rosbridge operations of one host. */
export class Endpoint {
  readonly #host: SimulatorHost;
  readonly #services: ReadonlyMap<string, ServiceSpec>;
  readonly #log: (line: string) => void;

  constructor(host: SimulatorHost, log: (line: string) => void) {
    this.#host = host;
    this.#log = log;
    const all: ServiceSpec[] = [...simulatorServices(host), ...rosapiServices(host, () => all)];
    this.#services = new Map(all.map((service) => [service.name, service]));
  }

  /** Handles one frame; whatever it holds, nothing is thrown. */
  receive(connection: Connection, frame: string | Uint8Array): void {
    let op: ClientOp;
    try {
      op = parseClientOp(frame);
    } catch (error) {
      connection.error(messageOf(error));
      return;
    }
    try {
      this.#handle(connection, op);
    } catch (error) {
      if (!(error instanceof WaybookError)) this.#log(`internal error in ${op.op}: ${messageOf(error)}`);
      connection.error(messageOf(error), 'id' in op ? op.id : undefined);
    }
  }

  #handle(connection: Connection, op: ClientOp): void {
    switch (op.op) {
      case 'subscribe':
        return this.#subscribe(connection, op);
      case 'unsubscribe':
        return connection.subscriptions.remove(rosName(op.topic), op.id);
      case 'publish':
        return this.#publish(connection, op);
      case 'call_service':
        return void this.#call(connection, op);
      case 'send_action_goal':
        return sendGoal(this.#host, connection, { ...op, action: rosName(op.action) });
      case 'cancel_action_goal':
        // An id that nobody has is no error: the goal may just have ended.
        this.#host.simulation.arm.cancel(op.id);
        this.#host.simulation.gripper.cancel(op.id);
        return;
      case 'set_level':
        return connection.setLevel(op.level);
      case 'advertise':
      case 'unadvertise':
        // Nothing to keep: only the heartbeat is listened to, and it needs no notice.
        return;
    }
  }

  #subscribe(connection: Connection, op: SubscribeOp): void {
    const topic = this.#host.topics.get(rosName(op.topic));
    if (!topic) return connection.error(`There is no topic ${op.topic.slice(0, 80)}.`, op.id);
    if (op.type !== undefined && op.type !== '' && !sameType(op.type, topic.type)) {
      return connection.error(`${topic.name} has type ${topic.type}, not ${op.type.slice(0, 80)}.`, op.id);
    }
    const listening = connection.subscriptions.has(topic.name);
    if (!connection.subscriptions.add({ ...op, topic: topic.name })) {
      return connection.error('This connection holds too many subscriptions.', op.id);
    }
    if (topic.rate === 0) this.#host.publishLatched(topic.name, connection);
    if (topic.rate === 'flood' && !listening) this.#host.flood(topic, connection, FLOOD_DEPTH);
  }

  #publish(connection: Connection, op: PublishOp): void {
    if (rosName(op.topic) === HEARTBEAT_TOPIC) this.#host.heartbeat(connection);
    else connection.error(`Nothing listens to ${op.topic.slice(0, 80)}.`, op.id);
  }

  async #call(connection: Connection, op: CallServiceOp): Promise<void> {
    const name = rosName(op.service);
    const answer = (values: unknown, result: boolean) =>
      connection.send({
        op: 'service_response',
        ...(op.id === undefined ? {} : { id: op.id }),
        service: op.service,
        values,
        result,
      });
    const service = this.#services.get(name);
    if (!service) return answer(`Service ${name.slice(0, 80)} does not exist`, false);
    if (connection.pendingCalls >= MAX_PENDING_CALLS)
      return answer('Too many calls of this connection are unanswered', false);
    connection.pendingCalls++;
    try {
      const values = service.handle(op.args ?? {}, connection);
      // Immediate answers stay in the order of their calls.
      answer(values instanceof Promise ? await values : values, true);
    } catch (error) {
      if (!(error instanceof WaybookError)) this.#log(`internal error in ${name}: ${messageOf(error)}`);
      answer(messageOf(error), false);
    } finally {
      connection.pendingCalls--;
    }
  }
}

/** roslib calls `rosapi/topics` without a slash; ROS resolves it in the root namespace. */
const rosName = (name: string): string => (name.startsWith('/') ? name : `/${name}`);
