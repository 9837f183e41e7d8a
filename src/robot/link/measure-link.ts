import { WaybookError } from '../../core/errors.ts';
import { asFields, asString } from '../protocol/fields.ts';
import { parseString } from '../protocol/sensor-messages.ts';
import type { LinkInfo } from '../robot-link.ts';
import type { LinkSession } from './link-session.ts';
import { askTime, type TimeProbe } from './ask-time.ts';
import { LockStepClock } from './lock-step-clock.ts';
import { WallClock } from './wall-clock.ts';

const PROBES = 5;
const FIRST_STATE = 3;
const URDF_MS = 5000;
/** Stamps that differ from the robot's clock by more than this are worth a warning [s]. */
const SKEW = 0.5;

/**
 * Measures the connection, aligns the clocks, waits for the first complete joint state and gets the URDF: what must be
 * known before the link may be used. Throws where the joints do not come or are not the profile's.
 */
export async function measureLink(session: LinkSession, signal: AbortSignal): Promise<LinkInfo> {
  const { clock, found, profile } = session;
  const problems = [...session.problems];
  const probe = await probeTime(session, signal);
  if (clock instanceof WallClock && probe.robotTime !== undefined) clock.align(probe.robotTime, probe.at);
  if (clock instanceof LockStepClock) await clock.read(signal);
  await clock.until(() => session.joints.latest !== undefined, FIRST_STATE, signal);
  const first = session.joints.latest;
  if (!first) throw noJoints(session);
  if (clock instanceof WallClock && probe.robotTime === undefined) {
    clock.align(first.stamp, session.stateReceivedAt);
  }
  const gripper = profile.gripper?.joint;
  if (gripper !== undefined && !(await clock.until(() => session.joints.seen.has(gripper), 1, signal))) {
    problems.push({ blocks: 'motion', message: `No joint state names the gripper’s joint "${gripper}".` });
  }
  const skew = first.stamp - clock.now();
  if (!clock.lockStep && Math.abs(skew) > SKEW) {
    problems.push({
      blocks: 'sensing',
      message: `Joint states are stamped ${skew.toFixed(1)} s off the robot’s own clock: are its machines’ clocks in step?`,
    });
  }
  return {
    flavour: found.flavour,
    distro: found.distro,
    roundTripMs: probe.roundTripMs,
    urdf: await readUrdf(session, signal),
    clockOffsetMs:
      clock.lockStep || probe.robotTime === undefined
        ? 0
        : probe.robotTime * 1000 - performance.timeOrigin - probe.at,
    problems,
  };
}

/** By the fastest round trip of a few. */
async function probeTime(session: LinkSession, signal: AbortSignal): Promise<TimeProbe> {
  let best: TimeProbe | undefined;
  for (let i = 0; i < PROBES; i++) {
    const probe = await askTime(session, signal);
    if (!best || probe.roundTripMs < best.roundTripMs) best = probe;
  }
  if (!best) throw new WaybookError('internal/bug', 'No round trip was measured.');
  return best;
}

function noJoints({ profile, joints }: LinkSession): WaybookError {
  const missing = profile.joints.filter((name) => !joints.seen.has(name));
  if (joints.seen.size === 0) {
    return new WaybookError(
      'link/timeout',
      `No joint state came on ${profile.topics.jointStates} within ${FIRST_STATE} s.`,
      {
        hint: 'Is the robot’s driver running, and is the topic right?',
      },
    );
  }
  return new WaybookError('link/protocol', `The robot does not report the joints ${missing.join(', ')}.`, {
    hint: `It reports: ${[...joints.seen].slice(0, 20).join(', ')}. Correct "joints" in the robot’s profile.`,
    data: { missing, found: [...joints.seen] },
  });
}

/** From the latched topic, or on ROS 1 from the parameter of the same name. Throws `link/timeout`. */
async function readUrdf(session: LinkSession, signal: AbortSignal): Promise<string> {
  const topic = session.profile.topics.robotDescription;
  if (session.found.flavour === 'ros1' && !session.found.topics.has(topic)) {
    const values = asFields(
      await session.control.call('/rosapi/get_param', { name: topic, default: '' }, { signal }),
      '/rosapi/get_param',
    );
    return parameterText(asString(values['value'], '/rosapi/get_param.value'), topic);
  }
  return new Promise((resolve, reject) => {
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      session.lost.removeEventListener('abort', abort);
      unsubscribe();
      act();
    };
    const abort = (): void =>
      finish(() =>
        reject(new WaybookError('task/cancelled', 'Reading the robot’s description was cancelled.')),
      );
    const timer = setTimeout(() => finish(() => reject(noUrdf(topic))), URDF_MS);
    signal.addEventListener('abort', abort, { once: true });
    session.lost.addEventListener('abort', abort, { once: true });
    const unsubscribe = session.data.subscribe(
      topic,
      { type: session.type('std_msgs/msg/String') },
      (msg) => {
        const urdf = parseString(msg);
        if (urdf !== '') finish(() => resolve(urdf));
      },
    );
  });
}

/** rosapi gives parameters as JSON text. */
function parameterText(value: string, name: string): string {
  let text: unknown;
  try {
    text = JSON.parse(value);
  } catch {
    text = value;
  }
  if (typeof text === 'string' && text !== '') return text;
  throw noUrdf(name);
}

const noUrdf = (topic: string): WaybookError =>
  new WaybookError('link/timeout', `The robot’s description (${topic}) did not come.`, {
    hint: 'robot_state_publisher offers it, latched (transient local). Without it nothing can be checked before moving.',
  });
