import { parseDocument } from 'yaml';

/** Front matter keys that the side bar and the properties command write. `undefined` takes a key away. */
export type FrontMatterPatch = Readonly<Record<string, string | undefined>>;

/**
 * The front matter's text with some keys changed. Comments, order and everything else stay as they are; text without
 * front matter gets one.
 */
export function patchFrontMatter(raw: string, patch: FrontMatterPatch, eol: '\n' | '\r\n'): string {
  const lines = raw.split(/\r?\n/);
  const first = lines[0]?.replace(/^\uFEFF/, '').trimEnd();
  const close = first === '---' ? lines.findIndex((line, i) => i > 0 && /^(---|\.\.\.)\s*$/.test(line)) : -1;
  const yaml = close < 0 ? 'waybook: 1\n' : lines.slice(1, close).join('\n');
  const document = parseDocument(yaml === '' ? 'waybook: 1\n' : yaml);
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) document.delete(key);
    else document.set(key, value);
  }
  const body = document.toString({ lineWidth: 0 }).trimEnd();
  const tail = close < 0 ? '\n' : lines.slice(close + 1).join('\n');
  const mark = raw.startsWith('\uFEFF') ? '\uFEFF' : '';
  const closing = close < 0 ? '---' : (lines[close] ?? '---');
  const text = `${mark}---\n${body}\n${closing}\n${tail}`;
  return eol === '\n' ? text : text.replaceAll('\n', eol);
}
