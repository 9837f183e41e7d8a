import { WaybookError } from '../../core/errors.ts';
import {
  asBoolean,
  asFields,
  asFinite,
  asOptionalFields,
  asOptionalString,
  asString,
} from '../protocol/fields.ts';
import type { Fields } from '../protocol/fields.ts';
import { LockStepClock } from '../link/lock-step-clock.ts';
import type { RobotConnection } from '../link/robot-connection.ts';
import type { SimulatorControl, TaskVerdict } from '../robot-link.ts';

/** Building a scene compiles its model [ms]. */
const RESET_MS = 60_000;
const CALL_MS = 20_000;
const FIRST_STATE = 1;
const NEVER = new AbortController().signal;

/** The simulator's services of docs/protocol.md over a link's control socket. */
export function simulatorControl(link: RobotConnection): SimulatorControl {
  const call = async (service: string, args: unknown, timeoutMs = CALL_MS): Promise<Fields> => {
    const name = `/simulator/${service}`;
    return asFields(await link.session.control.call(name, args, { timeoutMs }), name);
  };
  return {
    async reset(scene, seed) {
      succeeded('reset', await call('reset', { scene, seed }, RESET_MS));
      await afterJump(link);
    },
    async snapshot() {
      const fields = await call('snapshot', {});
      succeeded('snapshot', fields);
      return {
        id: asString(fields['id'], 'snapshot.id'),
        hash: asString(fields['hash'], 'snapshot.hash'),
        time: asFinite(fields['time'], 'snapshot.time'),
      };
    },
    async restore(id) {
      succeeded('restore', await call('restore', { id }));
      await afterJump(link);
    },
    async moveObject(id, { position: [x, y, z], orientation: [qx, qy, qz, qw] }) {
      const pose = { position: { x, y, z }, orientation: { x: qx, y: qy, z: qz, w: qw } };
      succeeded('move an object', await call('move_object', { id, pose }));
    },
    async task() {
      return parseVerdict(await call('task', {}));
    },
  };
}

/** Time and joints are elsewhere now: what was known is forgotten, and the first new state is waited for. */
async function afterJump(link: RobotConnection): Promise<void> {
  const { session } = link;
  session.joints.clear();
  session.tf.clearMoving();
  if (session.clock instanceof LockStepClock) await session.clock.read(NEVER);
  if (!(await session.clock.force(() => session.joints.latest !== undefined, FIRST_STATE, NEVER))) {
    throw new WaybookError('link/timeout', 'The simulator sent no joint state after its reset.');
  }
  if (link.state === 'fault') link.recover();
  if (link.state === 'monitoring') await link.arm(NEVER);
}

function succeeded(service: string, fields: Fields): void {
  if (asBoolean(fields['success'] ?? true, `${service}.success`)) return;
  const message = asOptionalString(fields['message'], `${service}.message`) ?? 'no reason given';
  throw new WaybookError('input/reference', `The simulator refused to ${service}: ${message}`);
}

function parseVerdict(fields: Fields): TaskVerdict {
  const metrics = Object.entries(asOptionalFields(fields['metrics'], 'task.metrics')).map(
    ([name, value]) => [name, asFinite(value, `task.metrics.${name}`)] as const,
  );
  return {
    task: asString(fields['task'], 'task.task'),
    success: asBoolean(fields['success'], 'task.success'),
    reason: asOptionalString(fields['reason'], 'task.reason') ?? '',
    metrics: Object.fromEntries(metrics),
  };
}
