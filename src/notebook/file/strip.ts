import { parseDocument } from 'yaml';
import { redactText } from '../../records/redact.ts';
import type { NotebookDocument } from './document.ts';
import { setBody } from './edit.ts';
import { readNotebook } from './read-notebook.ts';
import { toLineFeeds } from './source-lines.ts';
import { writeNotebook } from './write-notebook.ts';

export interface StripResult {
  readonly document: NotebookDocument;
  /** what was taken out, for people: "robot: arm-42 in the front matter" */
  readonly removed: readonly string[];
}

/**
 * The notebook for those who share no names of endpoints: the robot's profile unless it is a simulator, front matter
 * that this version does not know, URLs, secrets and absolute paths in bodies and prose. Everything else keeps its
 * bytes; a notebook with nothing to take out is returned as it is.
 */
export function stripNotebook(document: NotebookDocument): StripResult {
  const removed: string[] = [];
  let result = stripFrontMatter(document, removed);
  for (let i = 0; i < result.cells.length; i++) {
    const cell = result.cells[i];
    if (!cell) continue;
    const body = redactText(cell.body);
    if (body === cell.body) continue;
    removed.push(
      `URLs, secrets or paths in ${cell.id === undefined ? `the text on line ${cell.line}` : `#${cell.id}`}`,
    );
    result = setBody(result, i, body);
  }
  return { document: result, removed };
}

/**
 * The notebook as a record keeps it: without the front matter that this version does not know. It has no part in the
 * run, and nothing says whether it is a secret. URLs, known kinds of secrets and paths are left to who writes it down.
 */
export function forRecord(document: NotebookDocument): NotebookDocument {
  return withoutKeys(document, Object.keys(document.frontMatter.unknown));
}

function stripFrontMatter(document: NotebookDocument, removed: string[]): NotebookDocument {
  const { robot, planner, unknown } = document.frontMatter;
  const drop = [
    ...Object.keys(unknown),
    ...(robot !== undefined && !robot.startsWith('sim:') ? ['robot'] : []),
    ...(planner !== undefined && redactText(planner) !== planner ? ['planner'] : []),
  ];
  removed.push(...drop.map((key) => `${key} in the front matter`));
  return withoutKeys(document, drop);
}

function withoutKeys(document: NotebookDocument, keys: readonly string[]): NotebookDocument {
  if (keys.length === 0) return document;
  const lines = toLineFeeds(document.frontMatterRaw).split('\n');
  const open = lines.findIndex((line) => line.replace(/^\uFEFF/, '').trimEnd() === '---');
  const close = lines.findIndex((line, i) => i > open && ['---', '...'].includes(line.trimEnd()));
  const yaml = parseDocument(lines.slice(open + 1, close).join('\n'), { stringKeys: true });
  for (const key of keys) yaml.delete(key);
  const inner = yaml.toString({ lineWidth: 0 }).replace(/\n$/, '').split('\n');
  const front = [...lines.slice(0, open + 1), ...inner, ...lines.slice(close)].join(document.eol);
  const text = front + writeNotebook({ ...document, frontMatterRaw: '' });
  return readNotebook(text, 'notebook');
}
