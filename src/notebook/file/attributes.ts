/** One `key=value` of a cell's attribute list, with where its value stands in the info string. */
export interface AttributeSpan {
  readonly key: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface AttributeList {
  readonly id?: string;
  /** id excluded; of a key that is given twice the last counts, as in HTML it would be the first: both are reported */
  readonly attributes: Readonly<Record<string, string>>;
  readonly spans: readonly AttributeSpan[];
  readonly idSpan?: { readonly start: number; readonly end: number };
  readonly repeated: readonly string[];
}

export type AttributeParse =
  | { readonly ok: true; readonly list: AttributeList }
  | { readonly ok: false; readonly at: number; readonly problem: string };

const isSpace = (c: string): boolean => c === ' ' || c === '\t';
const isNameStart = (c: string): boolean => /^[\p{L}\p{N}_]$/u.test(c);
const isNamePart = (c: string): boolean => isNameStart(c) || c === '-' || c === '.' || c === ':';

/** May stand after `#`: letters, digits and `_`, then also `-`, `.` and `:`. */
export function isCellId(text: string): boolean {
  return text !== '' && [...text].every((c, i) => (i === 0 ? isNameStart(c) : isNamePart(c)));
}

/**
 * Reads `{#id key=value key="a value"}` from `text` at `from`, which must be the opening brace; the closing one must
 * end the text. Quoted values know `\"` and `\\`. Grammar: docs/file-format.md; after Pandoc's fenced attributes.
 */
export function parseAttributes(text: string, from: number): AttributeParse {
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  const spans: AttributeSpan[] = [];
  const repeated: string[] = [];
  let id: string | undefined;
  let idSpan: { start: number; end: number } | undefined;
  let at = from + 1;
  const fail = (problem: string, where = at): AttributeParse => ({ ok: false, at: where, problem });

  for (;;) {
    while (at < text.length && isSpace(text.charAt(at))) at++;
    if (at >= text.length) return fail('the attribute list is not closed with "}"');
    const start = at;
    const c = text.charAt(at);
    if (c === '}') {
      const rest = text.slice(at + 1).trim();
      if (rest !== '') return fail(`unexpected "${rest.slice(0, 20)}" after the attribute list`);
      return { ok: true, list: { id, attributes: { ...attributes }, spans, idSpan, repeated } };
    }
    if (c === '#') {
      at = endOfName(text, at + 1);
      const name = text.slice(start + 1, at);
      if (!isCellId(name))
        return fail('"#" must be followed by an id: letters, digits, "_", "-", "." or ":"', start);
      if (id !== undefined) return fail(`a second id "#${name}"`, start);
      id = name;
      idSpan = { start, end: at };
    } else {
      at = endOfName(text, at);
      const key = text.slice(start, at);
      if (!isCellId(key)) return fail(`unexpected character "${c}"`, start);
      if (text.charAt(at) !== '=') return fail(`"${key}" has no value: write ${key}=value`, start);
      at++;
      const value = readValue(text, at);
      if (value === undefined)
        return fail(`the value of "${key}" is missing or its quote is not closed`, start);
      at = value.end;
      if (key in attributes) repeated.push(key);
      attributes[key] = value.text;
      spans.push({ key, value: value.text, start, end: at });
    }
    if (at < text.length && !isSpace(text.charAt(at)) && text.charAt(at) !== '}') {
      return fail(`unexpected character "${text.charAt(at)}"`);
    }
  }
}

function endOfName(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const c = String.fromCodePoint(text.codePointAt(at) as number);
    if (!isNamePart(c)) break;
    at += c.length;
  }
  return at;
}

function readValue(text: string, from: number): { text: string; end: number } | undefined {
  if (text.charAt(from) !== '"') {
    let at = from;
    while (at < text.length && !isSpace(text.charAt(at)) && !'"}'.includes(text.charAt(at))) at++;
    return at === from ? undefined : { text: text.slice(from, at), end: at };
  }
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === '"') return { text: value, end: at + 1 };
    if (c === '\\' && at + 1 < text.length) at++;
    value += text.charAt(at);
  }
  return undefined;
}

/** `key=value`, quoted where the value needs it. Backticks cannot stand in a fence's info string and become `'`. */
export function formatAttribute(key: string, value: string): string {
  const clean = value.replace(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('`', "'");
  const bare = clean !== '' && !/[\s"{}\\]/.test(clean);
  return `${key}=${bare ? clean : `"${clean.replace(/[\\"]/g, '\\$&')}"`}`;
}

export function formatAttributes(
  id: string | undefined,
  attributes: Readonly<Record<string, string>>,
): string {
  const parts = Object.entries(attributes).map(([key, value]) => formatAttribute(key, value));
  return `{${[...(id === undefined ? [] : [`#${id}`]), ...parts].join(' ')}}`;
}

/**
 * The info string with another id and other attributes, changed only where they differ: `info` up to its brace,
 * order and spacing stay.
 */
export function patchAttributes(
  info: string,
  brace: number,
  id: string | undefined,
  attributes: Readonly<Record<string, string>>,
): string {
  const parsed = parseAttributes(info, brace);
  if (!parsed.ok || parsed.list.repeated.length > 0)
    return info.slice(0, brace) + formatAttributes(id, attributes);
  const { list } = parsed;
  const edits: { start: number; end: number; text: string }[] = [];
  const remove = (span: { start: number; end: number }): void => {
    let start = span.start;
    while (isSpace(info.charAt(start - 1))) start--;
    edits.push({ start, end: span.end, text: '' });
  };
  if (list.idSpan) {
    if (id === undefined) remove(list.idSpan);
    else if (id !== list.id) edits.push({ ...list.idSpan, text: `#${id}` });
  }
  for (const span of list.spans) {
    const wanted = Object.hasOwn(attributes, span.key) ? attributes[span.key] : undefined;
    if (wanted === undefined) remove(span);
    else if (wanted !== span.value)
      edits.push({ start: span.start, end: span.end, text: formatAttribute(span.key, wanted) });
  }
  const added = Object.entries(attributes).filter(([key]) => !Object.hasOwn(list.attributes, key));
  let out = info;
  for (const edit of edits.sort((a, b) => b.start - a.start))
    out = out.slice(0, edit.start) + edit.text + out.slice(edit.end);
  if (added.length > 0) {
    const close = out.lastIndexOf('}');
    const before = out.slice(0, close).trimEnd();
    const text = added.map(([key, value]) => formatAttribute(key, value)).join(' ');
    out = `${before}${before.endsWith('{') ? '' : ' '}${text}${out.slice(close)}`;
  }
  if (!list.idSpan && id !== undefined) {
    const rest = out.slice(brace + 1);
    out = `${out.slice(0, brace + 1)}#${id}${rest.startsWith('}') || isSpace(rest.charAt(0)) ? '' : ' '}${rest}`;
  }
  return out;
}
