import { CANCEL_ALL, parseCancelGoalResponse } from '../protocol/action-messages.ts';
import { goalPhase2 } from '../protocol/goal-status.ts';
import type { GoalPhase } from '../protocol/goal-status.ts';
import type { ActionResultOp } from '../protocol/ops.ts';
import type { ActionPort } from './action-port.ts';
import { GoalHandle } from './goal-handle.ts';
import type { RosbridgeClient } from './rosbridge-client.ts';

/**
 * Actions by rosbridge's ROS 2 operations. Bridges do not report acceptance: the first feedback stands for it. Newer
 * ones cancel a goal only for the connection that sent it, so the handle cancels there and {@link cancelAll} elsewhere.
 */
export class Ros2Action implements ActionPort {
  readonly action: string;
  readonly #type: string;
  readonly #client: RosbridgeClient;

  constructor(client: RosbridgeClient, action: string, type: string) {
    this.#client = client;
    this.action = action;
    this.#type = type;
  }

  async ready(): Promise<void> {
    // Operations need no publisher that others must find first.
  }

  send(goal: unknown): GoalHandle {
    const client = this.#client;
    const id = client.newId('goal');
    const handle = new GoalHandle(
      id,
      () => client.send({ op: 'cancel_action_goal', id, action: this.action }),
      () => stopListening(),
    );
    const stopListening = client.listenToGoal(id, {
      feedback: () => handle.apply({ kind: 'feedback' }),
      result: (op) =>
        handle.apply(
          typeof op.values === 'string' && !op.result
            ? { kind: 'refused', reason: op.values }
            : { kind: 'result', phase: phaseOf(op), values: op.values },
        ),
      lost: (error) => handle.apply({ kind: 'lost', error }),
    });
    try {
      client.send({
        op: 'send_action_goal',
        id,
        action: this.action,
        action_type: this.#type,
        args: goal,
        feedback: true,
      });
    } catch (error) {
      handle.abandon(error);
    }
    return handle;
  }

  async cancelAll(client: RosbridgeClient, timeoutMs: number): Promise<void> {
    const values = await client.call(`${this.action}/_action/cancel_goal`, CANCEL_ALL, { timeoutMs });
    parseCancelGoalResponse(values);
  }

  dispose(): void {
    // Goals hold the only listeners, and let go of them when they settle.
  }
}

/** Bridges before `status` was added say only `result`, which is true for anything that ended with a result. */
function phaseOf(op: ActionResultOp): GoalPhase {
  if (op.status !== undefined) return goalPhase2(op.status);
  return op.result ? 'succeeded' : 'aborted';
}
