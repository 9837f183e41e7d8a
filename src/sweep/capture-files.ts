import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaybookError } from '../core/errors.ts';
import { parseCaptureBody } from '../notebook/file/cell-bodies.ts';
import { readNotebook } from '../notebook/file/read-notebook.ts';
import type { SweepFile } from './description.ts';

/** The files that a notebook's capture cells read, with their hashes. Throws `input/file` where one is missing. */
export function captureFiles(text: string, name: string, folder: string): SweepFile[] {
  const paths = readNotebook(text, name).cells.flatMap((cell) => {
    const file = cell.kind === 'capture' ? parseCaptureBody(cell).file : undefined;
    return file === undefined ? [] : [file];
  });
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
