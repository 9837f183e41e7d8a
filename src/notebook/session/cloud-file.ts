import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { readCloud } from '../../perception/codecs/cloud-file.ts';
import { cloudFromMcap } from '../../records/import-cloud.ts';

/**
 * A recorded cloud beside the notebook, taken to be in `base`. The path was checked to stay inside the folder when the
 * cell was parsed. Throws `input/file` where it is missing, `input/format` where it is no cloud.
 */
export async function readCloudFile(folder: string | undefined, file: string): Promise<PointCloud> {
  if (folder === undefined) {
    throw new WaybookError('input/file', `"${file}" is relative to the notebook, which is not saved yet.`, {
      hint: 'Save the notebook first.',
    });
  }
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, file));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new WaybookError(
      'input/file',
      missing ? `There is no file "${file}" beside the notebook.` : `"${file}" cannot be read.`,
      {
        cause: error,
      },
    );
  }
  return /\.mcap$/i.test(file) ? cloudFromMcap(bytes, file) : readCloud(bytes, file);
}
