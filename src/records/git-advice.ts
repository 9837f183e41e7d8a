/** What to keep out of a repository: records and buffers are large; previews and `index.json` are small and may be kept. */
export const GIT_IGNORE: readonly string[] = [
  '*.waybook.runs/**/run.mcap',
  '*.waybook.runs/**/*.bin',
  '*.waybook.runs/**/*.tmp',
];

/** For those who do commit them: no text conversion, no line-by-line diffs; what is generated is folded away. */
export const GIT_ATTRIBUTES: readonly string[] = [
  '*.waybook.md text',
  '*.waybook.runs/** linguist-generated -diff',
  '*.mcap binary',
  '*.waybook.runs/**/*.bin binary',
];

/**
 * A `.gitignore` or `.gitattributes` with the lines of `advice` that it lacks behind what it has; the same text where
 * it lacks none. `text` is empty for a file that does not exist yet.
 */
export function withAdvice(text: string, advice: readonly string[]): string {
  const has = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = advice.filter((line) => !has.has(line));
  if (missing.length === 0) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text === '' || text.endsWith('\n') ? text : `${text}${eol}`;
  return `${before}${before === '' ? '' : eol}# Runs of Waybook notebooks${eol}${missing.join(eol)}${eol}`;
}
