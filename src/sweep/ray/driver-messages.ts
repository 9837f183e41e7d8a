import { parseDelivery } from '../run-row.ts';
import type { RunRow } from '../run-row.ts';
import { isObject } from '../../core/is-object.ts';

/** What the Python driver prints; lines of others stand between. */
export type DriverMessage =
  | {
      readonly type: 'ready';
      readonly ray: string;
      readonly python: string;
      readonly nodes: number;
      readonly cpus: number;
    }
  | {
      readonly type: 'result';
      readonly index: number;
      readonly row: RunRow;
      readonly seconds: number;
      readonly where: string;
      /** base64 */
      readonly zip?: string;
    }
  | {
      readonly type: 'crashed';
      readonly index: number;
      readonly attempts: number;
      readonly error: string;
      readonly where: string;
    }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'fault'; readonly code: string; readonly text: string }
  | { readonly type: 'done' }
  | { readonly type: 'stopped' };

const MARK = 'WAYBOOK ';

/** A line of the driver's output; undefined where it is somebody else's, or cut off. */
export function parseDriverLine(line: string): DriverMessage | undefined {
  const at = line.indexOf(MARK);
  if (at < 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line.slice(at + MARK.length));
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { type, text, index, where } = value;
  switch (type) {
    case 'done':
    case 'stopped':
      return { type };
    case 'say':
      return typeof text === 'string' ? { type, text } : undefined;
    case 'fault':
      return typeof text === 'string' ? { type, text, code: String(value['code']) } : undefined;
    case 'ready': {
      const { ray, python, nodes, cpus } = value;
      const sound = typeof ray === 'string' && typeof python === 'string';
      return sound ? { type, ray, python, nodes: Number(nodes), cpus: Number(cpus) } : undefined;
    }
    case 'crashed': {
      const { attempts, error } = value;
      if (typeof index !== 'number' || typeof error !== 'string' || typeof attempts !== 'number')
        return undefined;
      return { type, index, attempts, error, where: String(where) };
    }
    case 'result': {
      const inner = value['value'];
      if (typeof index !== 'number' || !isObject(inner)) return undefined;
      const delivery = parseDelivery({ ...inner, attempts: 1, where: String(where) });
      if (!delivery) return undefined;
      const { row, seconds } = delivery;
      const zip = inner['zip'];
      return { type, index, row, seconds, where: String(where), ...(typeof zip === 'string' ? { zip } : {}) };
    }
    default:
      return undefined;
  }
}
