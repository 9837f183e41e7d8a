import { WaybookError } from '../../core/errors.ts';
import { FOLLOW_JOINT_TRAJECTORY } from '../../robot/protocol/trajectory-messages.ts';
import { GRIPPER_COMMAND, parseGripperGoal } from '../../robot/protocol/gripper-messages.ts';
import { GoalStatus2 } from '../../robot/protocol/goal-status.ts';
import type { SendActionGoalOp } from '../../robot/protocol/ops.ts';
import { sameType } from '../../robot/protocol/ros-time.ts';
import type { Connection } from './connection.ts';
import type { Goal } from './goal.ts';
import type { SimulatorHost } from './host.ts';
import { checkTrajectoryGoal } from './trajectory-goal.ts';

export const ARM_ACTION = '/arm_controller/follow_joint_trajectory';
export const GRIPPER_ACTION = '/gripper_controller/gripper_cmd';

export const ACTIONS: ReadonlyMap<string, string> = new Map([
  [ARM_ACTION, FOLLOW_JOINT_TRAJECTORY],
  [GRIPPER_ACTION, GRIPPER_COMMAND],
]);

/** Registers a goal, or answers at once why not: `result: false` with the reason, as bridges report a rejected goal. */
export function sendGoal(host: SimulatorHost, connection: Connection, op: SendActionGoalOp): void {
  const reject = (reason: string) =>
    connection.send({
      op: 'action_result',
      id: op.id,
      action: op.action,
      values: `The goal was rejected: ${reason}.`,
      status: GoalStatus2.unknown,
      result: false,
    });
  const type = ACTIONS.get(op.action);
  if (type === undefined) return reject(`there is no action server ${op.action.slice(0, 80)}`);
  if (op.action_type !== '' && !sameType(op.action_type, type))
    return reject(`${op.action} has type ${type}`);
  const { arm, gripper } = host.simulation;
  // As real servers do with an id that is still running: one goal, one result.
  if (arm.goalIds.includes(op.id) || gripper.goalIds.includes(op.id)) return;
  if (!host.claim(connection)) return reject('another session commands this robot');
  if (host.failure !== undefined) return reject(host.failure);
  const goal = goalOf(connection, op);
  try {
    const refused =
      op.action === ARM_ACTION ? startTrajectory(host, goal, op.args) : startGrip(host, goal, op.args);
    if (refused !== undefined) reject(refused);
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
    reject(error.message.replace(/\.$/, ''));
  }
}

function startTrajectory(host: SimulatorHost, goal: Goal, args: unknown): string | undefined {
  const check = checkTrajectoryGoal(args, host.world.arm);
  return 'refused' in check ? check.refused : host.simulation.arm.start(goal, check.goal);
}

function startGrip(host: SimulatorHost, goal: Goal, args: unknown): string | undefined {
  const { position, max_effort } = parseGripperGoal(args).command;
  return host.simulation.gripper.start(goal, position, max_effort);
}

function goalOf(connection: Connection, op: SendActionGoalOp): Goal {
  const { id, action } = op;
  return {
    id,
    session: connection.identity.session,
    sink: {
      feedback(values) {
        if (op.feedback) connection.send({ op: 'action_feedback', id, action, values });
      },
      result(status, values) {
        connection.send({ op: 'action_result', id, action, values, status, result: true });
      },
    },
  };
}
