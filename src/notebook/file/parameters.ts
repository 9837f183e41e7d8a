import { WaybookError } from '../../core/errors.ts';
import type { NotebookCell } from './document.ts';

export type ParamValue = string | number | boolean;
/** What the names under `params:` in the front matter stand for. */
export type Params = Readonly<Record<string, ParamValue>>;

export const NO_PARAMS: Params = {};
/** The simulator's seed: it may be given wherever parameters are, declared or not. */
export const SEED = 'seed';

/** `{{name}}` in a text, by its place in it. */
export interface Placeholder {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

const PLACEHOLDER = /\{\{[ \t]*([A-Za-z_][\w-]*)[ \t]*\}\}/g;
const NAME = /^[A-Za-z_][\w-]*$/;

/** Whether cells can use a parameter of this name. */
export const isUsableName = (name: string): boolean => NAME.test(name);

/** Every `{{name}}` of a text, in order. */
export function placeholdersIn(text: string): Placeholder[] {
  return Array.from(text.matchAll(PLACEHOLDER), (match) => ({
    name: match[1] ?? '',
    offset: match.index,
    length: match[0].length,
  }));
}

/** The value of a parameter; undefined where there is none of this name. */
export const paramOf = (params: Params, name: string): ParamValue | undefined =>
  Object.hasOwn(params, name) ? params[name] : undefined;

/**
 * The text with every `{{name}}` replaced by its value, once: a value that itself holds braces stays as it is. Names that
 * are no parameter are kept, and are an error of whoever checks.
 */
export const fillText = (text: string, params: Params): string =>
  text.replaceAll(PLACEHOLDER, (whole, name: string) => String(paramOf(params, name) ?? whole));

/** As {@link fillText}, but a text that is nothing but one `{{name}}` becomes the value itself, in its own type. */
export function fillValue(text: string, params: Params): ParamValue {
  const [only] = placeholdersIn(text);
  if (only?.length === text.length) return paramOf(params, only.name) ?? text;
  return fillText(text, params);
}

/** The words of an instruction, as they are for these values. Throws `input/reference` for a name that is no parameter. */
export function instructionOf(cell: NotebookCell, params: Params): string {
  const unknown = placeholdersIn(cell.body).find(({ name }) => paramOf(params, name) === undefined);
  if (unknown) {
    throw new WaybookError('input/reference', noSuchParameter(unknown.name), {
      place: { ...(cell.id === undefined ? {} : { cell: cell.id }), line: cell.bodyLine },
      hint: knownParameters(params),
    });
  }
  return fillText(cell.body, params);
}

/** The parameters that a cell uses, with their values, in the order in which they are declared. */
export function usedParams(cell: NotebookCell, params: Params): Params {
  if (cell.kind === 'markdown') return NO_PARAMS;
  const names = new Set(placeholdersIn(cell.body).map(({ name }) => name));
  return Object.fromEntries(Object.entries(params).filter(([name]) => names.has(name)));
}

/**
 * What a run's parameters are: those declared, with what was given for some of them. A given value takes the type of the
 * declared one, so that `--param label=7` stays a text. Throws `input/usage` for a name that is not declared (`seed`
 * always is) and for a value of another type.
 */
export function resolveParams(declared: Params | undefined, given: Params | undefined): Params {
  const params: Record<string, ParamValue> = { ...declared };
  for (const [name, value] of Object.entries(given ?? NO_PARAMS)) {
    const before = declared && paramOf(declared, name);
    if (before === undefined && name !== SEED) {
      throw new WaybookError('input/usage', noSuchParameter(name), {
        hint: knownParameters({ [SEED]: 0, ...declared }),
      });
    }
    params[name] = before === undefined ? value : asTypeOf(before, value, name);
  }
  return params;
}

function asTypeOf(declared: ParamValue, value: ParamValue, name: string): ParamValue {
  if (typeof value === typeof declared) return value;
  if (typeof declared === 'string') return String(value);
  throw new WaybookError(
    'input/usage',
    `The parameter ${name} is ${typeof declared === 'number' ? 'a number' : 'true or false'}; "${String(value)}" is not.`,
    { hint: `Its type is that of its value under params: in the front matter, ${String(declared)}.` },
  );
}

export const noSuchParameter = (name: string): string => `There is no parameter "${name}".`;

export function knownParameters(params: Params): string {
  const names = Object.keys(params);
  return names.length === 0
    ? 'Declare it under params: in the front matter.'
    : `params: in the front matter has ${names.join(', ')}.`;
}
