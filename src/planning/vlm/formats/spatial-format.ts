import { WaybookError } from '../../../core/errors.ts';
import { jsonOf } from '../reply-extraction.ts';
import { numberLists } from './number-lists.ts';

/** A point that a model named: x right and y down in thousandths of the square picture, and metres of depth if given. */
export interface SpatialPoint {
  readonly x: number;
  readonly y: number;
  readonly depth?: number;
  readonly label?: string;
  /** what the gripper does at it */
  readonly gripper?: 'open' | 'close';
}

/** How one family of models is asked for points, and how its answers read. */
export interface SpatialFormat {
  readonly id: string;
  readonly title: string;
  /** models named like this speak it */
  readonly models: RegExp;
  /** what is sent to be pointed at things */
  ask(things: string): string;
  /** order of coordinates, for prompts that mix points with other JSON */
  readonly order: 'xy' | 'yx';
  /** it speaks in traces of the tool with depths rather than in steps over objects */
  readonly traces?: true;
  /** Undefined where the text holds no points of this format. */
  parse(text: string): SpatialPoint[] | undefined;
}

const inRange = (n: number): boolean => Number.isFinite(n) && n >= 0 && n <= 1000;

/** JSON objects with `key: [a, b, …]`, one or a list of them. */
function jsonPoints(text: string, key: string, order: 'xy' | 'yx'): SpatialPoint[] | undefined {
  const value = jsonOf(text, true);
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const points: SpatialPoint[] = [];
  for (const item of items) {
    if (typeof item !== 'object' || item === null) return undefined;
    const record = item as Readonly<Record<string, unknown>>;
    const numbers = record[key];
    if (!Array.isArray(numbers) || numbers.length < 2) return undefined;
    const [a, b, depth] = numbers as unknown[];
    if (typeof a !== 'number' || typeof b !== 'number' || !inRange(a) || !inRange(b)) return undefined;
    if (depth !== undefined && !(typeof depth === 'number' && depth > 0 && Number.isFinite(depth)))
      return undefined;
    const { label, gripper } = record;
    points.push({
      x: order === 'xy' ? a : b,
      y: order === 'xy' ? b : a,
      ...(typeof depth === 'number' ? { depth } : {}),
      ...(typeof label === 'string' ? { label } : {}),
      ...(gripper === 'open' || gripper === 'close' ? { gripper } : {}),
    });
  }
  return points.length > 0 ? points : undefined;
}

/** Qwen-VL: `{"point_2d": [x, y], "label": …}` */
export const qwenFormat: SpatialFormat = {
  id: 'qwen-vl',
  title: 'Qwen-VL: [x, y]',
  models: /qwen|cosmos/i,
  order: 'xy',
  ask: (things) =>
    `Locate ${things} with points. Report the points in JSON format like this: {"point_2d": [x, y], "label": "name"}`,
  parse: (text) => jsonPoints(text, 'point_2d', 'xy'),
};

/** Gemini (Robotics-ER): `[{"point": [y, x], "label": …}]`, 0..1000 */
export const geminiFormat: SpatialFormat = {
  id: 'gemini',
  title: 'Gemini: [y, x]',
  models: /gemini/i,
  order: 'yx',
  ask: (things) =>
    `Point to ${things} in the image. The answer should follow the json format: [{"point": <point>, "label": <label1>}, ...]. ` +
    'The points are in [y, x] format normalized to 0-1000.',
  parse: (text) => jsonPoints(text, 'point', 'yx'),
};

/** RoboBrain 2.5: `[(x, y, d), …]`; 3D HAMSTER: `{"point_3d": [u, v, d], "gripper": …}`; depth in metres */
export const depthFormat: SpatialFormat = {
  id: 'uvd',
  title: '(u, v, d): RoboBrain 2.5, 3D HAMSTER',
  models: /robobrain|hamster/i,
  order: 'xy',
  traces: true,
  ask: (task) =>
    `Please predict 3D end-effector-centric waypoints to complete the task successfully. The task is "${task}". ` +
    'Your answer should be formatted as a list of tuples, i.e. [(x1, y1, d1), (x2, y2, d2), ...], where x and y are ' +
    'normalized to 0-1000 and d is the depth in metres.',
  parse: (text) => {
    const json = jsonPoints(text, 'point_3d', 'xy');
    if (json !== undefined) return json.every((p) => p.depth !== undefined) ? json : undefined;
    const triples = numberLists(text).filter(({ values }) => values.length === 3);
    const points = triples.map(({ values: [x, y, depth] }) => ({
      x: x as number,
      y: y as number,
      depth: depth as number,
    }));
    return points.length > 0 && points.every((p) => inRange(p.x) && inRange(p.y) && p.depth > 0)
      ? points
      : undefined;
  },
};

export const spatialFormats: readonly SpatialFormat[] = [qwenFormat, geminiFormat, depthFormat];

/** The format with this id, or that of a model's family; Qwen's where neither is known. Throws `input/planner`. */
export function spatialFormat(model: string, id?: string): SpatialFormat {
  if (id !== undefined) {
    const found = spatialFormats.find((format) => format.id === id);
    if (found !== undefined) return found;
    throw new WaybookError('input/planner', `There is no point format "${id}".`, {
      hint: `There are ${spatialFormats.map((f) => f.id).join(', ')}.`,
    });
  }
  return spatialFormats.find((format) => format.models.test(model)) ?? qwenFormat;
}
