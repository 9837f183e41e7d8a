import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaybookError } from '../core/errors.ts';
import { parseCaptureBody } from '../notebook/file/cell-bodies.ts';
import { NO_PARAMS, placeholdersIn } from '../notebook/file/parameters.ts';
import { readNotebook } from '../notebook/file/read-notebook.ts';
import type { SweepFile } from './description.ts';

/** Whether another value of a parameter may mean another file. */
export const filesVary = (text: string, name: string): boolean =>
  readNotebook(text, name).cells.some(
    (cell) => cell.kind === 'capture' && placeholdersIn(cell.body).length > 0,
  );

/**
 * The files that the capture cells of a notebook, or of several versions of it, read, with their hashes. Throws
 * `input/file` where one is missing.
 */
export function captureFiles(texts: Iterable<string>, name: string, folder: string): SweepFile[] {
  const paths: string[] = [];
  for (const text of texts) {
    const { cells, frontMatter } = readNotebook(text, name);
    for (const cell of cells) {
      if (cell.kind !== 'capture') continue;
      const { file } = parseCaptureBody(cell, frontMatter.params ?? NO_PARAMS);
      if (file !== undefined) paths.push(file);
    }
  }
  return [...new Set(paths)].sort().map((path) => {
    try {
      return {
        path,
        sha256: createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
      };
    } catch (cause) {
      throw new WaybookError('input/file', `${name}: there is no file "${path}" beside the notebook.`, {
        cause,
      });
    }
  });
}
