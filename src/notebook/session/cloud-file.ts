import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { CAPTURE_FILE_EXTENSIONS, isCaptureFile } from '../file/capture-file.ts';
import { readCloud } from '../../perception/codecs/cloud-file.ts';
import { cloudFromLas } from '../../records/import-las.ts';
import { cloudFromMcap } from '../../records/import-cloud.ts';

export interface CloudFile {
  readonly cloud: PointCloud;
  /** what a person has to know of how it was read */
  readonly note?: string;
}

/**
 * A recorded cloud beside the notebook, taken to be in `base`. The path was checked to stay inside the folder when the
 * cell was parsed. Throws `input/file` where it is missing, `input/format` where it is no cloud.
 */
export async function readCloudFile(folder: string | undefined, file: string): Promise<CloudFile> {
  if (folder === undefined) {
    throw new WaybookError('input/file', `"${file}" is relative to the notebook, which is not saved yet.`, {
      hint: 'Save the notebook first.',
    });
  }
  if (!isCaptureFile(file)) {
    throw new WaybookError('input/format', `A capture cannot be read from "${file}".`, {
      hint: `Use ${CAPTURE_FILE_EXTENSIONS.map((extension) => `.${extension}`).join(', ')}.`,
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
  if (/\.mcap$/i.test(file)) return { cloud: cloudFromMcap(bytes, file) };
  if (!/\.la[sz]$/i.test(file)) return { cloud: readCloud(bytes, file) };
  const { cloud, origin } = await cloudFromLas(bytes);
  return origin ? { cloud, note: `coordinates are relative to (${origin.join(', ')}) m` } : { cloud };
}
