import { WaybookError } from '../core/errors.ts';

/**
 * What is wrong, or other than usual, in an episode. Everything that is not said is exact and ordinary; the camera has
 * its ordinary noise throughout. Lengths in m, angles in rad.
 */
export interface Condition {
  /** standard deviation per axis of an error shared by the waypoints of one thing */
  readonly shared: number;
  /** standard deviation per axis of each waypoint's own error */
  readonly iid: number;
  /** standard deviation along the ray from the camera, shared by the waypoints of one thing: a wrong depth */
  readonly ray: number;
  /** standard deviation about the vertical, shared by the waypoints of one thing */
  readonly yaw: number;
  /** chance that a waypoint in free space is missing */
  readonly drop: number;
  /** how far the first thing that is acted on was moved after planning, in a random direction */
  readonly moved: number;
  /** what the waypoints of the first grasp lie over instead: another thing, or nothing within 12 cm */
  readonly shift: 'none' | 'distractor' | 'empty';
  /** share of the first thing, with all round it, that an edge hides from the camera */
  readonly hidden: number;
  readonly camera: string;
  /** standard deviations of the camera's believed pose: `[m per axis, rad per axis]` times this, over the ordinary ones */
  readonly extrinsics: number;
  readonly distractors: number;
  readonly obstacles: number;
  /** shape family that replaces what the task handles; empty: the task's own */
  readonly object: string;
  /** arm of the catalogue; empty: the one that the data was made with */
  readonly arm: string;
}

export const EXACT: Condition = {
  shared: 0,
  iid: 0,
  ray: 0,
  yaw: 0,
  drop: 0,
  moved: 0,
  shift: 'none',
  hidden: 0,
  camera: 'front',
  extrinsics: 0,
  distractors: 0,
  obstacles: 0,
  object: '',
  arm: '',
};

/** One unit of `extrinsics`: a camera calibrated to 1 cm and 2°. */
export const EXTRINSICS_UNIT = { position: 0.01, rotation: (2 * Math.PI) / 180 } as const;

const DEGREE = Math.PI / 180;
/** How people write each number: millimetres, degrees, per cent. */
const UNITS = {
  shared: 1e-3,
  iid: 1e-3,
  ray: 1e-3,
  yaw: DEGREE,
  drop: 0.01,
  moved: 1e-3,
  hidden: 0.01,
  extrinsics: 1,
  distractors: 1,
  obstacles: 1,
} as const;
const WORDS = ['shift', 'camera', 'object', 'arm'] as const;

const isNumber = (key: string): key is keyof typeof UNITS => key in UNITS;

/**
 * Reads `shared=20,yaw=15,camera=left`: millimetres, degrees and per cent; `exact` is the empty one. Throws `input/usage`
 * for what it does not know.
 */
export function parseCondition(text: string): Condition {
  const found: Record<string, string | number> = { ...EXACT };
  if (text === 'exact') return EXACT;
  for (const part of text.split(',')) {
    const [key = '', value = ''] = part.trim().split('=', 2);
    if (isNumber(key)) {
      const number = Number(value);
      if (value === '' || !Number.isFinite(number) || number < 0)
        throw unusable(text, `${key} wants a number of at least 0`);
      found[key] = number * UNITS[key];
    } else if (WORDS.some((word) => word === key) && value !== '') {
      if (key === 'shift' && value !== 'distractor' && value !== 'empty')
        throw unusable(text, 'shift is distractor or empty');
      found[key] = value;
    } else throw unusable(text, `there is no "${key}"`);
  }
  // Every key came from EXACT and every value was checked for its key above.
  return found as unknown as Condition;
}

/** The one way to write a condition: the keys in a fixed order, only those that differ from the exact one. */
export function conditionName(condition: Condition): string {
  const parts: string[] = [];
  for (const key of Object.keys(EXACT) as (keyof Condition)[]) {
    if (condition[key] === EXACT[key]) continue;
    const value = condition[key];
    parts.push(
      `${key}=${typeof value === 'number' && isNumber(key) ? Number((value / UNITS[key]).toPrecision(6)) : value}`,
    );
  }
  return parts.length === 0 ? 'exact' : parts.join(',');
}

function unusable(text: string, why: string): WaybookError {
  return new WaybookError('input/usage', `The condition "${text}" cannot be read: ${why}.`, {
    hint: `Write exact, or some of ${[...Object.keys(UNITS), ...WORDS].join(', ')}, as in shared=20,yaw=15.`,
  });
}
