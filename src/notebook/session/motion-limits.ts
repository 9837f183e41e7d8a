import { WaybookError } from '../../core/errors.ts';
import { quantity } from '../../core/quantity.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { DEFAULT_CLEARANCE } from '../../robot/gate/validate.ts';
import { tighten } from '../../robot/profiles/parse-robot-profile.ts';

/** What front matter and settings may tighten. */
export interface MotionLimits {
  /** m/s */
  readonly toolSpeed?: number;
  /** least distance from what was seen [m] */
  readonly clearance?: number;
  /** fraction of full speed */
  readonly speed?: number;
  /** longest motion [s] */
  readonly duration?: number;
}

const NAMES: readonly (keyof MotionLimits)[] = ['toolSpeed', 'clearance', 'speed', 'duration'];

/**
 * Front matter's `limits`. Throws `input/limit` for a name that there is none of: a limit with a typing error would
 * otherwise not hold, silently.
 */
export function parseMotionLimits(limits: Readonly<Record<string, number>> | undefined): MotionLimits {
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (!NAMES.some((known) => known === name)) {
      throw new WaybookError('input/limit', `There is no limit "${name}" in the front matter.`, {
        place: { line: 1 },
        hint: `There are ${NAMES.join(', ')} (m/s, m, fraction of full speed, s).`,
      });
    }
    if (!(value > 0)) {
      throw new WaybookError('input/limit', `The limit "${name}" must be above 0, not ${value}.`, {
        place: { line: 1 },
      });
    }
  }
  return limits ?? {};
}

/** The tighter of each. */
export function tightest(a: MotionLimits, b: MotionLimits): MotionLimits {
  const least = (name: 'toolSpeed' | 'speed' | 'duration'): Partial<MotionLimits> => {
    const value = Math.min(a[name] ?? Infinity, b[name] ?? Infinity);
    return Number.isFinite(value) ? { [name]: value } : {};
  };
  const clearance = Math.max(a.clearance ?? 0, b.clearance ?? 0);
  return {
    ...least('toolSpeed'),
    ...least('speed'),
    ...least('duration'),
    ...(clearance > 0 ? { clearance } : {}),
  };
}

/** The robot's profile with these limits in force. Throws `input/limit` where one would loosen what the robot has. */
export function profileWithin(profile: RobotProfile, limits: MotionLimits): RobotProfile {
  const least = profile.minClearance ?? DEFAULT_CLEARANCE;
  if (limits.clearance !== undefined && limits.clearance < least) {
    throw new WaybookError(
      'input/limit',
      `Limits may only be tightened: a clearance of ${quantity(limits.clearance, 'm')} is less than the robot’s ${quantity(least, 'm')}.`,
      { limit: { name: 'clearance', value: limits.clearance, limit: least, unit: 'm' } },
    );
  }
  return {
    ...tighten(profile, limits.toolSpeed === undefined ? {} : { toolSpeedLimit: limits.toolSpeed }),
    ...(limits.clearance === undefined ? {} : { minClearance: limits.clearance }),
  };
}

/** Refuses a speed above the limit; a robot is not slowed down silently. */
export function checkSpeed(speed: number, limits: MotionLimits): void {
  if (limits.speed === undefined || speed <= limits.speed) return;
  throw new WaybookError('input/limit', `A speed of ${speed} is above the limit of ${limits.speed}.`, {
    limit: { name: 'speed', value: speed, limit: limits.speed, unit: 'of full speed' },
    hint: 'Lower "speed" in the execute cell.',
  });
}
