import { WaybookError } from '../../core/errors.ts';
import { asFields } from '../protocol/fields.ts';
import { parseTime, secondsOf } from '../protocol/ros-time.ts';
import type { LinkSession } from './link-session.ts';

export interface TimeProbe {
  readonly roundTripMs: number;
  /** the robot's clock at `at` [s], by half of the round trip; undefined where it does not tell */
  readonly robotTime?: number;
  /** `performance.now()` [ms] */
  readonly at: number;
}

/** Asks for the robot's time once. Throws what the link throws, and nothing where there is only no such service. */
export async function askTime(session: LinkSession, signal: AbortSignal): Promise<TimeProbe> {
  const start = performance.now();
  let robotTime: number | undefined;
  try {
    const values = asFields(
      await session.control.call('/rosapi/get_time', {}, { signal }),
      '/rosapi/get_time',
    );
    robotTime = secondsOf(parseTime(values['time'], '/rosapi/get_time.time'));
  } catch (error) {
    if (!(error instanceof WaybookError) || error.code !== 'link/fault') throw error;
  }
  const roundTripMs = performance.now() - start;
  const at = start + roundTripMs / 2;
  return { roundTripMs, at, ...(robotTime === undefined ? {} : { robotTime }) };
}
