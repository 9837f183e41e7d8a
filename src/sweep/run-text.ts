import { parseDocument } from 'yaml';
import { WaybookError } from '../core/errors.ts';
import { paramOf, resolveParams } from '../notebook/file/parameters.ts';
import { readNotebook } from '../notebook/file/read-notebook.ts';
import { DEFAULT_ROBOT, parseRobotAddress, robotIdentity } from '../notebook/session/robot-address.ts';
import { NOISE, type Scalar } from './factor.ts';

/** Switches of the simulator's scene that a sweep may vary by their own names. */
const SCENE_SWITCHES = ['distractors', 'obstacles', 'arm', 'object', 'goal'] as const;
const SESSION_KEYS = ['refiner', 'planner'] as const;

/**
 * The notebook that a run is: the same text with the run's values in its front matter. A run is nothing but the
 * execution of this text, so it can be opened, run and verified by itself. `values` may name `seed`, `noise`, `refiner`,
 * `planner`, switches of the scene, and parameters that the front matter declares. Throws `input/usage` for others,
 * and for a notebook that is for a real robot.
 */
export function runText(text: string, name: string, values: Readonly<Record<string, Scalar>>): string {
  const document = readNotebook(text, name);
  const { frontMatter, frontMatterRaw } = document;
  const address = parseRobotAddress(frontMatter.robot ?? DEFAULT_ROBOT);
  if (address.kind !== 'simulator') {
    throw new WaybookError('input/usage', `${name} is for the robot "${robotIdentity(address)}".`, {
      hint: 'Sweeps run on the simulator only: give --robot sim:SCENE.',
    });
  }
  const options: Record<string, string> = { ...address.options };
  const params: Record<string, Scalar> = { ...frontMatter.params };
  const settings: Record<string, unknown> = {};
  let seed = typeof params['seed'] === 'number' ? params['seed'] : address.seed;
  for (const [key, value] of Object.entries(values)) {
    if (key === 'seed') seed = seedOf(value, name);
    else if (key === NOISE) Object.assign(options, noiseSwitch(value));
    else if (SCENE_SWITCHES.some((known) => known === key)) options[key] = String(value);
    else if (SESSION_KEYS.some((known) => known === key)) settings[key] = String(value);
    else if (Object.hasOwn(params, key))
      params[key] = paramOf(resolveParams(frontMatter.params, { [key]: value }), key) ?? value;
    else throw unknownFactor(key, name, Object.keys(params));
  }
  // The address says the seed; a parameter of that name would only repeat or contradict it.
  delete params['seed'];
  settings['robot'] = robotIdentity({ ...address, seed, options });
  settings['params'] = Object.keys(params).length > 0 ? params : undefined;
  return withFrontMatter(frontMatterRaw, settings) + text.slice(frontMatterRaw.length);
}

/** The text with another robot in its front matter. Throws `input/format` where that is none. */
export function withRobot(text: string, name: string, robot: string): string {
  parseRobotAddress(robot);
  const { frontMatterRaw } = readNotebook(text, name);
  return withFrontMatter(frontMatterRaw, { robot }) + text.slice(frontMatterRaw.length);
}

function withFrontMatter(raw: string, settings: Readonly<Record<string, unknown>>): string {
  const lines = raw.replace(/^\uFEFF/, '').split(/\r?\n/);
  const close =
    lines[0]?.trimEnd() === '---'
      ? lines.findIndex((line, i) => i > 0 && /^(---|\.\.\.)\s*$/.test(line))
      : -1;
  const yaml = parseDocument(close > 0 ? lines.slice(1, close).join('\n') : 'waybook: 1');
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) yaml.delete(key);
    else yaml.set(key, value);
  }
  const rest = close > 0 ? lines.slice(close + 1).join('\n') : lines.join('\n');
  return `---\n${yaml.toString({ lineWidth: 0 }).trimEnd()}\n---\n${rest}`;
}

function noiseSwitch(value: Scalar): Record<string, string> {
  if (typeof value !== 'number') return { noise: String(value) };
  return { 'detection-noise': `${Number((value * 1000).toFixed(4))}mm` };
}

function seedOf(value: Scalar, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new WaybookError('input/usage', `${name}: the seed "${String(value)}" is not a whole number from 0.`);
}

function unknownFactor(key: string, name: string, params: readonly string[]): WaybookError {
  const known = ['seed', NOISE, ...SESSION_KEYS, ...SCENE_SWITCHES, ...params.filter((p) => p !== 'seed')];
  return new WaybookError('input/usage', `${name} has no parameter "${key}".`, {
    hint: `A sweep can vary ${known.join(', ')}; others must stand under params: in the front matter.`,
  });
}
