import type { Vec3 } from '../../core/geometry.ts';
import type { Pin } from '../../planning/grounding/pins.ts';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { WaybookError } from '../../core/errors.ts';
import type { Finding, FrontMatter } from './document.ts';
import { type SourceLines, toLineFeeds } from './source-lines.ts';

/** Front matter holds a few settings; YAML of megabytes is somebody's mistake or an attack. */
export const FRONT_MATTER_LIMIT = 256 * 1024;

export interface FrontMatterParse {
  readonly frontMatter: FrontMatter;
  /** first line behind the closing delimiter, from 0 */
  readonly end: number;
  readonly findings: readonly Finding[];
}

const EMPTY: FrontMatter = { waybook: 1, unknown: {} };
const isDelimiter = (line: string): boolean => line.trimEnd() === '---';

/**
 * Reads YAML front matter between `---` lines at the top. Throws `input/format` with the line for YAML errors,
 * wrong types and a format version other than 1.
 */
export function readFrontMatter(lines: SourceLines, fileName: string): FrontMatterParse {
  if (lines.count === 0 || !isDelimiter(lines.line(0).replace(/^\uFEFF/, ''))) {
    const finding: Finding = {
      severity: 'warning',
      code: 'format/front-matter',
      message: 'There is no front matter. Start the file with "---", "waybook: 1", "---".',
      line: 1,
    };
    return { frontMatter: EMPTY, end: 0, findings: [finding] };
  }
  let close = 1;
  while (close < lines.count && !isDelimiter(lines.line(close)) && lines.line(close).trimEnd() !== '...')
    close++;
  if (close >= lines.count) {
    throw formatError(
      'The front matter that starts here is never closed.',
      fileName,
      1,
      'Close it with a line "---".',
    );
  }
  const source = toLineFeeds(lines.slice(1, close));
  if (source.length > FRONT_MATTER_LIMIT) {
    throw formatError(`The front matter is larger than ${FRONT_MATTER_LIMIT / 1024} kB.`, fileName, 2);
  }
  const findings: Finding[] = [];
  const frontMatter = parseYaml(source, fileName, findings);
  return { frontMatter, end: close + 1, findings };
}

function parseYaml(source: string, fileName: string, findings: Finding[]): FrontMatter {
  const counter = new LineCounter();
  const lineAt = (offset: number): { line: number; column: number } => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line) + 1, column: Math.max(1, col) };
  };
  let values: unknown;
  let offsets = new Map<string, number>();
  try {
    const document = parseDocument(source, {
      lineCounter: counter,
      prettyErrors: false,
      uniqueKeys: true,
      stringKeys: true,
    });
    const error = document.errors[0];
    if (error) {
      const place = lineAt(error.pos[0]);
      throw formatError(
        `The front matter is not valid YAML: ${error.message}`,
        fileName,
        place.line,
        undefined,
        place.column,
      );
    }
    if (document.contents !== null && !isMap(document.contents)) {
      throw formatError('The front matter must be a list of "key: value" lines.', fileName, 2);
    }
    if (document.contents) {
      offsets = new Map(
        document.contents.items.map((item) => {
          const key = item.key as { value?: unknown; range?: readonly number[] } | null;
          return [String(key?.value), key?.range?.[0] ?? 0];
        }),
      );
    }
    values = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    // The YAML library overflows the stack on absurd nesting and refuses alias bombs by throwing.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw formatError(`The front matter cannot be read: ${reason}`, fileName, 2);
  }
  return typed(values as Record<string, unknown>, offsets, lineAt, fileName, findings);
}

type Place = (offset: number) => { line: number; column: number };

function typed(
  values: Record<string, unknown>,
  offsets: ReadonlyMap<string, number>,
  lineAt: Place,
  fileName: string,
  findings: Finding[],
): FrontMatter {
  const unknown: Record<string, unknown> = {};
  const known: { -readonly [K in keyof FrontMatter]?: FrontMatter[K] } = {};
  const wrong = (key: string, wanted: string): WaybookError => {
    const { line, column } = lineAt(offsets.get(key) ?? 0);
    return formatError(`"${key}" in the front matter must be ${wanted}.`, fileName, line, undefined, column);
  };
  for (const [key, value] of Object.entries(values)) {
    switch (key) {
      case 'waybook':
        if (value !== 1) {
          const { line, column } = lineAt(offsets.get(key) ?? 0);
          throw formatError(
            `This file has format version ${typeof value === 'number' || typeof value === 'string' ? value : '?'}; this Waybook reads version 1.`,
            fileName,
            line,
            'Update Waybook to open it.',
            column,
          );
        }
        break;
      case 'robot':
      case 'planner':
      case 'refiner':
        if (typeof value !== 'string' || value === '') throw wrong(key, 'a name');
        known[key] = value;
        break;
      case 'viewpoint':
        if (value !== 'robot' && value !== 'camera') throw wrong(key, '"robot" or "camera"');
        known.viewpoint = value;
        break;
      case 'params':
        known.params =
          record(value, isScalar) ?? fail(wrong(key, 'a map of names to numbers, texts or true/false'));
        break;
      case 'limits':
        known.limits = record(value, isFiniteNumber) ?? fail(wrong(key, 'a map of names to finite numbers'));
        break;
      case 'names':
        known.names = record(value, isText) ?? fail(wrong(key, 'a map of names to object labels'));
        break;
      case 'pins':
        known.pins =
          pinsOf(value) ??
          fail(
            wrong(key, 'a map of names to places: [x, y, z], or {at, opens} or {at, hinge: {origin, axis}}'),
          );
        break;
      default: {
        unknown[key] = value;
        const { line, column } = lineAt(offsets.get(key) ?? 0);
        findings.push({
          severity: 'warning',
          code: 'format/unknown-key',
          message: `"${key}" in the front matter is unknown to this version; it is kept and has no effect.`,
          line,
          column,
        });
      }
    }
  }
  if (values['waybook'] === undefined) {
    findings.push({
      severity: 'warning',
      code: 'format/front-matter',
      message: 'The front matter does not say "waybook: 1"; version 1 is assumed.',
      line: 1,
    });
  }
  return { waybook: 1, ...known, unknown };
}

/** `lid: [0.5, 0.1, 0.08]`, or with the way that a handle opens. */
function pinsOf(value: unknown): Record<string, Pin> | undefined {
  const entries = record(value, (v): v is object => typeof v === 'object' && v !== null);
  if (entries === undefined) return undefined;
  const pins: Record<string, Pin> = {};
  for (const [name, entry] of Object.entries(entries)) {
    const pin = pinOf(entry);
    if (pin === undefined || name.trim() === '') return undefined;
    pins[name] = pin;
  }
  return pins;
}

function pinOf(entry: object): Pin | undefined {
  if (isPoint(entry)) return { at: entry };
  const { at, opens, hinge } = entry as Readonly<Record<string, unknown>>;
  if (!isPoint(at) || (opens !== undefined && !isPoint(opens))) return undefined;
  if (hinge === undefined) return { at, ...(opens === undefined ? {} : { opens }) };
  if (typeof hinge !== 'object' || hinge === null) return undefined;
  const { origin, axis } = hinge as Readonly<Record<string, unknown>>;
  return isPoint(origin) && isPoint(axis) && Math.hypot(...axis) > 1e-6
    ? { at, hinge: { origin, axis: unit(axis) } }
    : undefined;
}

const isPoint = (value: unknown): value is Vec3 =>
  Array.isArray(value) && value.length === 3 && value.every(isFiniteNumber);

function unit(v: Vec3): Vec3 {
  const n = Math.hypot(...v);
  return [v[0] / n, v[1] / n, v[2] / n];
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isFiniteNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const isScalar = (value: unknown): value is string | number | boolean =>
  isText(value) || typeof value === 'boolean' || isFiniteNumber(value);

function record<T>(value: unknown, holds: (v: unknown) => v is T): Record<string, T> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const out: Record<string, T> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (!holds(entry)) return undefined;
    out[key] = entry;
  }
  return out;
}

function fail(error: WaybookError): never {
  throw error;
}

export function formatError(
  message: string,
  file: string,
  line: number,
  hint?: string,
  column?: number,
): WaybookError {
  return new WaybookError('input/format', message, {
    place: { file, line, ...(column === undefined ? {} : { column }) },
    ...(hint === undefined ? {} : { hint }),
  });
}
