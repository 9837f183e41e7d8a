import { join } from 'node:path';
import { jointsCsv, posesCsv } from '../../records/export-csv.ts';
import type { RecordContents } from '../../records/read-record.ts';
import { writeOut } from '../run/run-notebook.ts';

/** Writes `joints.csv` and `poses.csv` of a record into a folder and returns their paths. */
export async function writeCsv(folder: string, record: RecordContents): Promise<string[]> {
  const files = [
    [join(folder, 'joints.csv'), jointsCsv(record)],
    [join(folder, 'poses.csv'), posesCsv(record)],
  ] as const;
  for (const [path, text] of files) await writeOut(path, text);
  return files.map(([path]) => path);
}
