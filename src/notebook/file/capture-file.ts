import { WaybookError } from '../../core/errors.ts';
import { freeId } from './cell-ids.ts';

/** Extensions of files that a capture cell reads. */
export const CAPTURE_FILE_EXTENSIONS = ['pcd', 'ply', 'npy', 'mcap', 'las', 'laz'] as const;

/** Whether a capture cell can read a file of this name, by its extension. */
export const isCaptureFile = (path: string): boolean =>
  new RegExp(`\\.(${CAPTURE_FILE_EXTENSIONS.join('|')})$`, 'i').test(path);

/** What a capture cell for a file is made of. */
export interface CaptureCell {
  readonly id: string;
  readonly body: string;
}

/**
 * A capture cell that reads a file, for dropping one on a notebook. `path` is relative to the notebook's folder, with
 * either kind of slash; `taken` are the ids of the notebook's cells. Throws `input/usage` where the file is of another
 * kind, or outside the notebook's folder.
 */
export function captureCellOf(path: string, taken: ReadonlySet<string>): CaptureCell {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  const name = parts.at(-1) ?? '';
  if (!isCaptureFile(name)) {
    throw new WaybookError('input/usage', `A capture cannot read "${name}".`, {
      hint: `It reads ${CAPTURE_FILE_EXTENSIONS.map((extension) => `.${extension}`).join(', ')}.`,
    });
  }
  if (/^([/\\]|[a-zA-Z]:)/.test(path) || parts.includes('..')) {
    throw new WaybookError('input/usage', `"${name}" is not in the notebook’s folder.`, {
      hint: 'Copy it beside the notebook or into a folder there: notebooks hold no absolute paths.',
    });
  }
  const stem = name
    .replace(/\.[^.]+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return {
    id: freeId(stem === '' ? 'capture' : stem.slice(0, 40), taken),
    body: JSON.stringify({ file: parts.join('/') })
      .replace(/^\{(.*)\}$/, '{ $1 }')
      .replace('":"', '": "'),
  };
}
