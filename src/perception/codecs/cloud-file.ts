import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { readNpy } from './npy.ts';
import { readPcd } from './pcd.ts';
import { readPly } from './ply.ts';
import { type PointTable, toPointCloud } from './point-table.ts';

/** Extensions that {@link readCloudTable} reads. */
const CLOUD_EXTENSIONS = ['pcd', 'ply', 'npy'] as const;

/** A cloud file by its extension, every field in its own type. Throws `input/format`. */
export function readCloudTable(bytes: Uint8Array, name: string): PointTable {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  switch (extension) {
    case 'pcd':
      return readPcd(bytes);
    case 'ply':
      return readPly(bytes);
    case 'npy':
      return readNpy(bytes);
    default:
      throw new WaybookError('input/format', `Clouds of type "${extension ?? name}" cannot be read.`, {
        hint: `Use ${CLOUD_EXTENSIONS.map((e) => `.${e}`).join(', ')}.`,
      });
  }
}

/** {@link readCloudTable}, as the cloud that Waybook works with. */
export const readCloud = (bytes: Uint8Array, name: string, frame = 'base'): PointCloud =>
  toPointCloud(readCloudTable(bytes, name), frame);
