import { WaybookError } from '../../core/errors.ts';
import type { StopReport } from '../robot-link.ts';
import { parseTriggerResponse } from '../protocol/action-messages.ts';
import type { GoalHandle } from './goal-handle.ts';
import { isAtRest } from './joint-tracker.ts';
import type { LinkSession } from './link-session.ts';

const ACKNOWLEDGE_MS = 500;
/** How long the arm may take to come to rest [s of robot time]. */
const REST_LIMIT = 3;
/** Rest means this many fresh states in a row without motion. */
const RESTING_STATES = 3;
const NEVER = new AbortController().signal;

/**
 * Asks for the end of all motion in every way that the robot has, at once: its stop service and the actions' cancel
 * services on a socket of their own, and cancelling by operation on the goal's own socket, which is the only place
 * where some bridges look. Rest is then measured at the joints: an acknowledgement proves nothing. Never throws.
 */
export async function stopMotion(session: LinkSession, goals: readonly GoalHandle[]): Promise<StopReport> {
  const started = performance.now();
  let acknowledgedMs: number | undefined;
  const acknowledge = (): void => void (acknowledgedMs ??= performance.now() - started);
  let fresh = 0;
  let restedAt: number | undefined;
  const forget = session.onState((state) => {
    fresh = isAtRest(state) ? fresh + 1 : 0;
    if (fresh >= RESTING_STATES) restedAt ??= performance.now() - started;
  });
  const ways = [
    ...goals.map(async (goal) => goal.cancel()),
    callStopService(session).then(acknowledge),
    session.trajectory.cancelAll(session.stopper, ACKNOWLEDGE_MS).then(acknowledge),
    ...(session.gripper
      ? [session.gripper.cancelAll(session.stopper, ACKNOWLEDGE_MS).then(acknowledge)]
      : []),
  ];
  try {
    await Promise.allSettled(ways);
    await session.clock.force(() => restedAt !== undefined, REST_LIMIT, NEVER);
  } catch {
    // The link is gone: rest could not be measured, and the report says so.
  } finally {
    forget();
  }
  return {
    atRest: restedAt !== undefined,
    ...(acknowledgedMs === undefined ? {} : { acknowledgedMs }),
    ...(restedAt === undefined ? {} : { atRestMs: restedAt }),
  };
}

async function callStopService(session: LinkSession): Promise<void> {
  const service = session.profile.stopService;
  if (service === undefined) throw new WaybookError('link/fault', 'This robot has no stop service.');
  const reply = parseTriggerResponse(await session.stopper.call(service, {}, { timeoutMs: ACKNOWLEDGE_MS }));
  if (!reply.success) throw new WaybookError('link/fault', `${service} refused: ${reply.message}`);
}
