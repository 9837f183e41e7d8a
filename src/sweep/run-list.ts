import { WaybookError } from '../core/errors.ts';
import { type Factor, type LengthUnit, parseValue, type Scalar } from './factor.ts';

/**
 * Runs from a file: CSV with a head, or JSON lines of objects. Every row names the same parameters. Throws `input/format`
 * that names the line.
 */
export function parseRunList(text: string, name: string): { factors: Factor[]; rows: Scalar[][] } {
  const records = /\.csv$/i.test(name) ? fromCsv(text, name) : fromJsonLines(text, name);
  const names = Object.keys(records[0]?.values ?? {});
  if (names.length === 0) throw wrong(name, 1, 'it names no parameter');
  const units = new Map<string, LengthUnit>();
  const seen = new Map<string, number>();
  const rows = records.map(({ line, values }) => {
    if (Object.keys(values).length !== names.length || names.some((key) => !(key in values))) {
      throw wrong(name, line, `it does not have exactly ${names.join(', ')}`);
    }
    const row = names.map((key) => {
      const { value, unit } = parseValue(key, values[key] as Scalar);
      if (unit) units.set(key, unit);
      return value;
    });
    const same = JSON.stringify(row);
    const before = seen.get(same);
    if (before !== undefined) throw wrong(name, line, `it repeats line ${before}`);
    seen.set(same, line);
    return row;
  });
  const factors = names.map((factor, i): Factor => {
    const unit = units.get(factor);
    return {
      name: factor,
      values: [...new Set(rows.map((row) => row[i] as Scalar))],
      ...(unit ? { unit } : {}),
    };
  });
  return { factors, rows };
}

interface ListRecord {
  readonly line: number;
  readonly values: Readonly<Record<string, Scalar>>;
}

function fromJsonLines(text: string, name: string): ListRecord[] {
  return linesOf(text).map(({ line, content }) => {
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch {
      throw wrong(name, line, 'it is no JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(name, line, 'it is no object');
    for (const [key, entry] of Object.entries(value)) {
      if (!['string', 'number', 'boolean'].includes(typeof entry))
        throw wrong(name, line, `"${key}" is neither text, number nor true/false`);
    }
    return { line, values: value as Record<string, Scalar> };
  });
}

function fromCsv(text: string, name: string): ListRecord[] {
  const [head, ...rows] = linesOf(text);
  if (!head) throw wrong(name, 1, 'there is no head');
  const names = head.content.split(',').map((part) => part.trim());
  return rows.map(({ line, content }) => {
    if (content.includes('"')) throw wrong(name, line, 'quoted values are not read; use JSON lines for them');
    const parts = content.split(',').map((part) => part.trim());
    if (parts.length !== names.length)
      throw wrong(name, line, `it has ${parts.length} values, the head has ${names.length}`);
    return { line, values: Object.fromEntries(names.map((key, i) => [key, parts[i] as string])) };
  });
}

const linesOf = (text: string): { line: number; content: string }[] =>
  text.split(/\r?\n/).flatMap((content, i) => (content.trim() === '' ? [] : [{ line: i + 1, content }]));

const wrong = (file: string, line: number, why: string): WaybookError =>
  new WaybookError('input/format', `The list of runs cannot be read: ${why}.`, {
    place: { file, line },
    hint: 'Write CSV with a head, or a JSON object a line such as {"seed": 1, "noise": "10mm"}.',
  });
