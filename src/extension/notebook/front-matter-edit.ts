import { isMap, isScalar, parseDocument, stringify } from 'yaml';

/** Front matter keys that the side bar and the properties command write. `undefined` takes a key away. */
export type FrontMatterPatch = Readonly<Record<string, string | undefined>>;

/**
 * The front matter's text with some keys changed: only their own values, so that comments, order and spacing of the
 * rest stay as they were written. Text without front matter gets one.
 */
export function patchFrontMatter(raw: string, patch: FrontMatterPatch, eol: '\n' | '\r\n'): string {
  const { head, yaml, tail } = splitFrontMatter(raw);
  let changed = yaml;
  for (const [key, value] of Object.entries(patch)) changed = patchKey(changed, key, value);
  // an empty document keeps no empty line between its marks
  const text = head + changed + (changed === '' ? tail.slice(1) : tail);
  return eol === '\n' ? text : text.replaceAll('\n', eol);
}

/** Front matter in three parts with `\n` for line ends: to its first mark, its YAML, and from its end; made where there is none. */
export function splitFrontMatter(raw: string): { head: string; yaml: string; tail: string } {
  const mark = raw.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines = raw.slice(mark.length).split(/\r?\n/);
  const close =
    lines[0]?.trimEnd() === '---'
      ? lines.findIndex((line, i) => i > 0 && /^(---|\.\.\.)\s*$/.test(line))
      : -1;
  const found = close >= 0;
  return {
    head: `${mark}${found ? (lines[0] ?? '---') : '---'}\n`,
    yaml: found ? lines.slice(1, close).join('\n') : 'waybook: 1',
    tail: `\n${(found ? lines.slice(close) : ['---', '', '']).join('\n')}`,
  };
}

function patchKey(yaml: string, key: string, value: string | undefined): string {
  const document = parseDocument(yaml);
  const pair = isMap(document.contents)
    ? document.contents.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  const scalar = value === undefined ? '' : stringify(value, { lineWidth: 0 }).trimEnd();
  if (!pair) return value === undefined ? yaml : `${yaml}${yaml === '' ? '' : '\n'}${key}: ${scalar}`;
  const keyStart = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? 0;
  const range = isScalar(pair.value) ? pair.value.range : undefined;
  if (value !== undefined && range) return yaml.slice(0, range[0]) + scalar + yaml.slice(range[1]);
  // The whole entry: to the next key, or to the end.
  const starts = isMap(document.contents)
    ? document.contents.items.map((item) => (isScalar(item.key) ? (item.key.range?.[0] ?? 0) : 0))
    : [];
  const next = starts.filter((start) => start > keyStart).sort((a, b) => a - b)[0] ?? yaml.length;
  const rest =
    yaml.slice(0, keyStart) + (value === undefined ? '' : `${key}: ${scalar}\n`) + yaml.slice(next);
  return rest.replace(/\n$/, '');
}
