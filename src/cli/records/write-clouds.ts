import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { writePcd } from '../../perception/codecs/pcd.ts';
import { writePly } from '../../perception/codecs/ply.ts';
import { fromPointCloud } from '../../perception/codecs/point-table.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import type { RecordContents } from '../../records/read-record.ts';
import { writeOut } from '../run/run-notebook.ts';

/** How clouds are written, by the name that a person gives. */
const WRITERS: Readonly<Record<string, (cloud: PointCloud) => Uint8Array>> = {
  pcd: (cloud) => writePcd(fromPointCloud(cloud, 'packed'), 'binary'),
  'pcd-compressed': (cloud) => writePcd(fromPointCloud(cloud, 'packed'), 'binary_compressed'),
  'pcd-ascii': (cloud) => writePcd(fromPointCloud(cloud, 'packed'), 'ascii'),
  ply: (cloud) => writePly(fromPointCloud(cloud, 'channels'), 'binary_little_endian'),
  'ply-ascii': (cloud) => writePly(fromPointCloud(cloud, 'channels'), 'ascii'),
};
export const CLOUD_FORMATS = Object.keys(WRITERS);

/**
 * Writes every captured cloud of a record into a folder, `CELL.pcd` or `CELL.ply` (`CELL-2` where a cell captured
 * again), and returns their paths. Throws `input/usage` for an unknown format.
 */
export async function writeClouds(folder: string, record: RecordContents, format: string): Promise<string[]> {
  const write = Object.hasOwn(WRITERS, format) ? WRITERS[format] : undefined;
  if (!write) {
    throw new WaybookError('input/usage', `Clouds cannot be written as "${format}".`, {
      hint: `Use ${CLOUD_FORMATS.join(', ')}.`,
    });
  }
  const extension = format.slice(0, 3);
  const seen = new Map<string, number>();
  const written: string[] = [];
  for (const { cell, cloud } of record.captures) {
    if (!cloud) continue;
    const name = cell === '' ? 'capture' : cell.replace(/[^\p{L}\p{N}_-]/gu, '-');
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const path = join(folder, `${nth === 1 ? name : `${name}-${nth}`}.${extension}`);
    await writeOut(path, write(cloud));
    written.push(path);
  }
  return written;
}
