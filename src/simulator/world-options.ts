import { WaybookError } from '../core/errors.ts';
import type { DetectionNoise, SensorNoise, WorldOptions } from './world-api.ts';
import { readGoal, type Goal } from './goals.ts';
import { sensorNoise } from './cameras/sensor-noise.ts';

/** Options after aliases, switches and defaults. */
export interface WorldSetup {
  readonly scene: string;
  readonly seed: number;
  readonly noise: SensorNoise;
  readonly detectionNoise: DetectionNoise;
  readonly distractors: number;
  readonly obstacles: number;
  readonly arm: string | undefined;
  readonly object: string | undefined;
  /** none: the task's own goal */
  readonly goals: readonly Goal[];
}

const MOST_EXTRAS = 6;
/** More than any detector that is worth its name is off [m]. */
const MOST_DETECTION_NOISE = 0.2;
const SWITCHES = ['distractors', 'obstacles', 'noise', 'detection-noise', 'arm', 'object', 'goal'];

/**
 * Reads a scene with its switches, `NAME?distractors=2&noise=off`. Throws `input/usage` for a switch or value that it
 * does not know, so that a typing error never gives another scene in silence.
 */
export function readOptions(options: WorldOptions): WorldSetup {
  const [scene = '', query = ''] = options.scene.split('?', 2);
  const switches = new URLSearchParams(query);
  for (const key of switches.keys()) {
    if (!SWITCHES.includes(key)) {
      throw unusable(`The scene '${options.scene}' has an unknown switch '${key}'.`);
    }
  }
  const noise = switches.get('noise');
  if (noise !== null && noise !== 'off' && noise !== 'normal') {
    throw unusable(`The switch noise of scene '${options.scene}' must be off or normal.`);
  }
  if (!Number.isInteger(options.seed) || options.seed < 0 || options.seed > 0x7fffffff) {
    throw unusable(`The seed ${options.seed} is not a whole number from 0 to 2147483647.`);
  }
  const count = (key: 'distractors' | 'obstacles'): number => {
    const value = options[key] ?? Number(switches.get(key) ?? 0);
    if (!Number.isInteger(value) || value < 0 || value > MOST_EXTRAS) {
      throw unusable(`The number of ${key} must be a whole number from 0 to ${MOST_EXTRAS}.`);
    }
    return value;
  };
  return {
    scene,
    seed: options.seed,
    noise: sensorNoise(options.noise ?? noise ?? undefined),
    detectionNoise: options.detectionNoise ?? {
      position: detectionNoise(switches.get('detection-noise'), options.scene),
      yaw: 0,
    },
    distractors: count('distractors'),
    obstacles: count('obstacles'),
    object: options.object ?? switches.get('object') ?? undefined,
    goals: options.goals ?? switches.getAll('goal').map(readGoal),
    arm: options.arm ?? switches.get('arm') ?? undefined,
  };
}

/** `10mm` or `0.01m`: standard deviation of a detection's place along each axis [m]. */
function detectionNoise(text: string | null, scene: string): number {
  if (text === null) return 0;
  const match = /^(\d+(?:\.\d+)?)(mm|cm|m)$/.exec(text);
  const metres = match
    ? Number(match[1]) * { mm: 0.001, cm: 0.01, m: 1 }[match[2] as 'mm' | 'cm' | 'm']
    : NaN;
  if (metres >= 0 && metres <= MOST_DETECTION_NOISE) return metres;
  throw unusable(
    `The switch detection-noise of scene '${scene}' must be a length from 0mm to ${MOST_DETECTION_NOISE * 1000}mm.`,
  );
}

const unusable = (message: string): WaybookError =>
  new WaybookError('input/usage', message, {
    hint: 'Switches: distractors=N, obstacles=N, noise=off|normal, detection-noise=LENGTH, arm=NAME, object=FAMILY, goal=RELATION:THING:….',
  });
