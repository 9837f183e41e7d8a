import { WaybookError } from '../../core/errors.ts';
import {
  actionlibCancel,
  actionlibGoal,
  parseActionlib,
  parseGoalStatusArray,
} from '../protocol/action-messages.ts';
import { goalPhase1, isTerminal } from '../protocol/goal-status.ts';
import { inFlavour, typeIn, ZERO_TIME } from '../protocol/ros-time.ts';
import type { ActionPort } from './action-port.ts';
import { GoalHandle } from './goal-handle.ts';
import type { LinkClock } from './link-clock.ts';
import type { RosbridgeClient } from './rosbridge-client.ts';

/** A goal sent before the server has met our publisher is lost without a word: its status tells that it is there [s]. */
const STATUS_WAIT = 3;
const DISCOVERY_WAIT = 0.6;

/** Actions by the five topics of actionlib, ROS 1. */
export class Ros1Action implements ActionPort {
  readonly action: string;
  readonly #client: RosbridgeClient;
  readonly #goals = new Map<string, GoalHandle>();
  readonly #subscriptions: (() => void)[];
  #statuses = 0;
  #met = false;

  constructor(client: RosbridgeClient, action: string, type: string) {
    this.#client = client;
    this.action = action;
    const name = typeIn(type, 'ros1');
    client.send({ op: 'advertise', topic: `${action}/goal`, type: `${name}ActionGoal` });
    client.send({ op: 'advertise', topic: `${action}/cancel`, type: 'actionlib_msgs/GoalID' });
    this.#subscriptions = [
      client.subscribe(`${action}/status`, { type: 'actionlib_msgs/GoalStatusArray' }, (msg) =>
        this.#status(msg),
      ),
      client.subscribe(`${action}/feedback`, { type: `${name}ActionFeedback` }, (msg) => {
        this.#goals.get(parseActionlib(msg, 'feedback').status.id)?.apply({ kind: 'feedback' });
      }),
      client.subscribe(`${action}/result`, { type: `${name}ActionResult` }, (msg) => {
        const { status, body } = parseActionlib(msg, 'result');
        this.#goals.get(status.id)?.apply({ kind: 'result', phase: goalPhase1(status.status), values: body });
      }),
    ];
  }

  async ready(clock: LinkClock, signal: AbortSignal): Promise<void> {
    if (this.#met) return;
    if (!(await clock.until(() => this.#statuses > 0, STATUS_WAIT, signal))) {
      throw new WaybookError('link/timeout', `The action server ${this.action} sends no status.`, {
        hint: 'Is its node running, and is the action’s name right?',
      });
    }
    await clock.advance(DISCOVERY_WAIT, signal);
    this.#met = true;
  }

  send(goal: unknown): GoalHandle {
    const client = this.#client;
    const id = client.newId('goal');
    const forget = client.onClosed((error) => handle.apply({ kind: 'lost', error }));
    const handle = new GoalHandle(
      id,
      () => this.#cancel(client, id),
      () => {
        this.#goals.delete(id);
        forget();
      },
    );
    this.#goals.set(id, handle);
    try {
      client.send({
        op: 'publish',
        topic: `${this.action}/goal`,
        msg: inFlavour(actionlibGoal(id, ZERO_TIME, goal), 'ros1'),
      });
    } catch (error) {
      handle.abandon(error);
    }
    return handle;
  }

  /** Topics acknowledge nothing: done as soon as the bridge has read it. */
  async cancelAll(client: RosbridgeClient, timeoutMs: number): Promise<void> {
    client.send({ op: 'advertise', topic: `${this.action}/cancel`, type: 'actionlib_msgs/GoalID' });
    this.#cancel(client, '');
    await client.roundTrip({ timeoutMs });
  }

  dispose(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
  }

  #cancel(client: RosbridgeClient, id: string): void {
    client.send({
      op: 'publish',
      topic: `${this.action}/cancel`,
      msg: inFlavour(actionlibCancel(id), 'ros1'),
    });
  }

  #status(msg: unknown): void {
    this.#statuses++;
    for (const entry of parseGoalStatusArray(msg)) {
      const phase = goalPhase1(entry.status);
      const goal = this.#goals.get(entry.id);
      if (!goal) continue;
      // Rejection is told by status alone; the other ends come with a result, which says more.
      if (phase === 'rejected') goal.apply({ kind: 'result', phase, values: {} });
      else if (!isTerminal(phase)) goal.apply({ kind: 'status', phase });
    }
  }
}
