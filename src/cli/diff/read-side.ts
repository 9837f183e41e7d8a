import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import type { NotebookDocument } from '../../notebook/file/document.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { parseRecord, readRecord, type RecordContents } from '../../records/read-record.ts';
import { RECORD_FILE } from '../../records/run-folder.ts';
import { findRecord } from '../records/find-record.ts';
import { readText } from '../run/run-notebook.ts';
import { parseRevision, showRevision } from './git-show.ts';

/** One side of a comparison. */
export type DiffSide =
  | { readonly kind: 'notebook'; readonly document: NotebookDocument }
  | { readonly kind: 'record'; readonly record: RecordContents };

/**
 * Reads what a side names: a notebook, a record (a run's folder, a runs folder or an `.mcap` file), or either in a git
 * revision as `REV:path`. What exists on disk wins over a revision of that name. Throws `input/…`.
 */
export async function readSide(text: string, signal: AbortSignal): Promise<DiffSide> {
  if (existsSync(text)) {
    if (statSync(text).isDirectory() || !isNotebook(text))
      return { kind: 'record', record: readRecord(findRecord(text).path) };
    return { kind: 'notebook', document: readNotebook(await readText(text), basename(text)) };
  }
  const revision = parseRevision(text);
  if (!revision) {
    throw new WaybookError('input/file', `There is no file or run ${text}.`, {
      hint: 'Name a notebook, a run folder, an .mcap file, or REVISION:path for git.',
    });
  }
  let bytes = await showRevision(revision, signal);
  // Of a folder, git shows the list of its files: a run's holds its record.
  if (isTree(bytes)) {
    const path = `${revision.path.replace(/\/+$/, '')}/${RECORD_FILE}`;
    bytes = await showRevision({ ...revision, path }, signal);
  }
  if (!isNotebook(revision.path)) return { kind: 'record', record: parseRecord(bytes, text) };
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new WaybookError('input/format', `${text} is not UTF-8 text.`, { cause });
  }
  return { kind: 'notebook', document: readNotebook(content, text) };
}

const isTree = (bytes: Uint8Array): boolean =>
  /^tree [^\n]+:[^\n]*\n\n/.test(new TextDecoder().decode(bytes.subarray(0, 8192)));

const isNotebook = (path: string): boolean => /\.(md|markdown)$/i.test(path);
