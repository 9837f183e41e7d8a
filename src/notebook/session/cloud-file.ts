import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';

export async function readCloudFile(_folder: string | undefined, file: string): Promise<PointCloud> {
  throw new WaybookError('input/file', `${file} cannot be read yet.`);
}
