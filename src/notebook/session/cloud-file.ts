import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { readCloud } from '../../perception/codecs/cloud-file.ts';

const LIMIT_BYTES = 1024 * 1024 * 1024;

/**
 * A cloud from a file beside the notebook, in `base`. Throws `input/file` where there is none or the notebook has no
 * folder, `input/limit` where it is too large, and `input/format`.
 */
export async function readCloudFile(folder: string | undefined, file: string): Promise<PointCloud> {
  if (folder === undefined) {
    throw new WaybookError('input/file', `${file} cannot be found: the notebook has no folder yet.`, {
      hint: 'Save the notebook first.',
    });
  }
  let bytes: Uint8Array;
  try {
    const path = join(folder, file);
    const { size } = await stat(path);
    if (size > LIMIT_BYTES) {
      throw new WaybookError('input/limit', `${file} is larger than ${LIMIT_BYTES / 1048576} MB.`);
    }
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const message = missing ? `There is no file ${file} beside the notebook.` : `${file} cannot be read.`;
    throw new WaybookError('input/file', message, { cause });
  }
  return readCloud(bytes, basename(file));
}
