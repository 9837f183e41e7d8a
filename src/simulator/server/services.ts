import { WaybookError } from '../../core/errors.ts';
import { bytesOf, hashText } from '../../core/hash.ts';
import { CANCEL_GOAL, parseCancelGoalRequest } from '../../robot/protocol/action-messages.ts';
import { asFields, asFinite, asInteger, asOptionalString, asString } from '../../robot/protocol/fields.ts';
import { parsePose } from '../../robot/protocol/geometry-messages.ts';
import { CancelCode } from '../../robot/protocol/goal-status.ts';
import { ZERO_TIME } from '../../robot/protocol/ros-time.ts';
import { ARM_ACTION, GRIPPER_ACTION } from './actions.ts';
import type { Connection } from './connection.ts';
import type { SimulatorHost } from './host.ts';

/** A service: `handle` gives the response's values, or throws a WaybookError that becomes `result: false`. */
export interface ServiceSpec {
  readonly name: string;
  readonly type: string;
  handle(args: unknown, caller: Connection): unknown;
}

/** The services beside rosapi. */
export function simulatorServices(host: SimulatorHost): ServiceSpec[] {
  const guarded =
    (work: (args: unknown, caller: Connection) => unknown) =>
    (args: unknown, caller: Connection): Promise<unknown> =>
      host.exclusively(async () => {
        const failed = (message: string) => ({
          success: false,
          message,
          time: host.time,
          epoch: host.epoch,
        });
        if (!host.mayCommand(caller))
          return failed('Another session commands this simulator; it must close first.');
        try {
          return await work(args, caller);
        } catch (error) {
          if (error instanceof WaybookError) return failed(error.explain());
          throw error;
        }
      });
  return [
    {
      name: '/simulator/reset',
      type: 'waybook_msgs/srv/Reset',
      handle: guarded(async (args) => {
        const fields = asFields(args, 'reset');
        const scene = asOptionalString(fields['scene'], 'reset.scene');
        const seed = fields['seed'] === undefined ? undefined : asInteger(fields['seed'], 'reset.seed');
        await host.reset(scene === '' ? undefined : scene, seed);
        return { success: true, message: host.world.instruction, epoch: host.epoch };
      }),
    },
    {
      name: '/simulator/step',
      type: 'waybook_msgs/srv/Step',
      handle: guarded(async (args, caller) => {
        await host.stepUntil(asFinite(asFields(args, 'step')['until'], 'step.until'), caller);
        return { success: true, message: '', time: host.time };
      }),
    },
    {
      name: '/simulator/snapshot',
      type: 'waybook_msgs/srv/Snapshot',
      // Waits its turn, so that it never shows a moment within somebody's step.
      handle: () =>
        host.exclusively(() => ({
          success: true,
          id: host.simulation.snapshot(),
          hash: host.world.stateHash(),
          time: host.time,
        })),
    },
    {
      name: '/simulator/restore',
      type: 'waybook_msgs/srv/Restore',
      handle: guarded((args) => {
        const id = asString(asFields(args, 'restore')['id'], 'restore.id');
        const success = host.restore(id);
        const message = success
          ? ''
          : `No snapshot ${id.slice(0, 40)} is kept: it is unknown, too old, or from before a reset.`;
        return { success, message, time: host.time };
      }),
    },
    {
      name: '/simulator/move_object',
      type: 'waybook_msgs/srv/MoveObject',
      handle: guarded((args) => {
        const fields = asFields(args, 'move_object');
        host.world.moveObject(
          asString(fields['id'], 'move_object.id'),
          parsePose(fields['pose'], 'move_object.pose'),
        );
        return { success: true, message: '', time: host.time };
      }),
    },
    {
      name: '/simulator/set_travel',
      type: 'waybook_msgs/srv/SetTravel',
      handle: guarded((args) => {
        const fields = asFields(args, 'set_travel');
        host.world.setTravel(
          asString(fields['id'], 'set_travel.id'),
          asFinite(fields['travel'], 'set_travel.travel'),
        );
        return { success: true, message: '', time: host.time };
      }),
    },
    {
      name: '/simulator/task',
      type: 'waybook_msgs/srv/Task',
      handle: () => host.exclusively(() => host.world.taskVerdict()),
    },
    {
      name: '/simulator/scene',
      type: 'waybook_msgs/srv/Scene',
      handle: () => host.exclusively(() => ({ objects: host.world.describeScene() })),
    },
    {
      name: '/arm_controller/stop',
      type: 'std_srvs/srv/Trigger',
      // Anybody may stop the arm, at once, also within a step.
      handle: () => {
        host.simulation.brake('stopped by /arm_controller/stop');
        return { success: true, message: 'braking to rest' };
      },
    },
    cancelService(
      ARM_ACTION,
      (id) => host.simulation.arm.cancel(id),
      () => host.simulation.arm.goalIds,
    ),
    cancelService(
      GRIPPER_ACTION,
      (id) => host.simulation.gripper.cancel(id),
      () => host.simulation.gripper.goalIds,
    ),
  ];
}

/** `action_msgs/srv/CancelGoal`: goals sent by op are known by the first 16 bytes of their id's SHA-256. */
function cancelService(action: string, cancel: (id?: string) => string[], ids: () => string[]): ServiceSpec {
  return {
    name: `${action}/_action/cancel_goal`,
    type: CANCEL_GOAL,
    handle(args) {
      const { uuid } = parseCancelGoalRequest(args).goal_info.goal_id;
      const all = uuid.every((byte) => byte === 0);
      const wanted = all ? undefined : ids().find((id) => sameBytes(goalUuid(id), uuid));
      if (!all && wanted === undefined) return { return_code: CancelCode.unknownGoal, goals_canceling: [] };
      return {
        return_code: CancelCode.none,
        goals_canceling: cancel(wanted).map((id) => ({ goal_id: { uuid: goalUuid(id) }, stamp: ZERO_TIME })),
      };
    },
  };
}

export const goalUuid = (id: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hashText(id).slice(0, 32), 'hex'));
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
