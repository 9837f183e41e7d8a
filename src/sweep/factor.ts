import { WaybookError } from '../core/errors.ts';
import { parseSeeds } from './seeds.ts';

export type Scalar = string | number | boolean;

/** One thing that a sweep varies, with its values in the order in which they were given. */
export interface Factor {
  readonly name: string;
  /** lengths in metres */
  readonly values: readonly Scalar[];
  /** how people wrote lengths; absent where the values are plain */
  readonly unit?: LengthUnit;
}

export type LengthUnit = 'mm' | 'cm' | 'm';
const METRES: Record<LengthUnit, number> = { mm: 0.001, cm: 0.01, m: 1 };

/** The factor whose values are lengths, or the words that the scene's own switch takes. */
export const NOISE = 'noise';
const NOISE_WORDS = ['off', 'normal'];

/**
 * Reads `seed=0..49`, `noise=0,10,20mm` or `name=a,b,3`. Ranges are of whole numbers; a unit holds for every value
 * before it that has none. Throws `input/usage`.
 */
export function parseFactor(text: string): Factor {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const list = text.slice(at + 1).trim();
  if (at < 1 || list === '' || !/^[A-Za-z][\w-]*$/.test(name)) {
    throw new WaybookError('input/usage', `--param "${text}" is not name=values.`, {
      hint: 'Write --param seed=0..49 or --param noise=0,10,20mm.',
    });
  }
  if (name === NOISE) return unique(noiseFactor(list, text));
  if (/^\s*\d+(\.\.\d+)?\s*(,\s*\d+(\.\.\d+)?\s*)*$/.test(list)) {
    return unique({ name, values: parseSeeds(list) });
  }
  return unique({ name, values: list.split(',').map(scalarOf) });
}

/** One value of a factor as a list file or a single `--param` gives it. Throws `input/usage`. */
export function parseValue(name: string, value: Scalar): { value: Scalar; unit?: LengthUnit } {
  if (name !== NOISE) return { value: typeof value === 'string' ? scalarOf(value) : value };
  const factor = noiseFactor(String(value), `${name}=${String(value)}`);
  return { value: factor.values[0] as Scalar, unit: factor.unit };
}

/** A value for people: `10 mm`, `snap`, `7`. */
export function describeValue(factor: Pick<Factor, 'unit'>, value: Scalar): string {
  if (typeof value !== 'number' || factor.unit === undefined) return String(value);
  return `${Number((value / METRES[factor.unit]).toPrecision(6))} ${factor.unit}`;
}

function noiseFactor(list: string, text: string): Factor {
  const parts = list.split(',').map((part) => part.trim());
  if (parts.every((part) => NOISE_WORDS.includes(part))) return { name: NOISE, values: parts };
  let unit: LengthUnit | undefined;
  const values: Scalar[] = [];
  for (const part of parts.reverse()) {
    const match = /^(\d+(?:\.\d+)?)\s*(mm|cm|m)?$/.exec(part);
    unit = (match?.[2] as LengthUnit | undefined) ?? unit;
    if (!match || (unit === undefined && Number(match[1]) !== 0)) {
      throw new WaybookError('input/usage', `--param "${text}" cannot be read: "${part}" is no length.`, {
        hint: 'Write noise=0,10,20mm for detections that are off, or noise=off,normal for the cameras.',
      });
    }
    values.unshift(Number((Number(match[1]) * METRES[unit ?? 'mm']).toPrecision(9)));
  }
  return { name: NOISE, values, unit: unit ?? 'mm' };
}

function scalarOf(text: string): Scalar {
  const trimmed = text.trim();
  if (trimmed === 'true') return true;
  if (trimmed === 'false') return false;
  const number = Number(trimmed);
  return trimmed !== '' && Number.isFinite(number) ? number : trimmed;
}

function unique(factor: Factor): Factor {
  if (new Set(factor.values).size === factor.values.length) return factor;
  throw new WaybookError('input/usage', `--param ${factor.name} names a value twice.`, {
    hint: 'Every run of a sweep is another one.',
  });
}
