import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { RECORD_FILE, runFolderNames, runsFolderName } from '../../records/run-folder.ts';

/** A run on disk. */
export interface RecordPlace {
  /** what `readRecord` takes */
  readonly path: string;
  /** the run's folder, with previews and sidecars; absent for an `.mcap` file on its own */
  readonly folder?: string;
  /** where the notebook and its captures lie, as far as the layout tells */
  readonly notebookFolder: string;
}

/**
 * The record that a command names: a run's folder, an `.mcap` file, a `NAME.waybook.runs` folder or a notebook (the
 * newest run of each). Throws `input/file` where there is none.
 */
export function findRecord(place: string): RecordPlace {
  const at = resolve(place);
  if (!existsSync(at)) {
    throw new WaybookError('input/file', `There is no record at ${place}.`, {
      hint: 'Name a run folder, an .mcap file, or a notebook that has run.',
    });
  }
  if (!statSync(at).isDirectory()) {
    if (at.endsWith('.md')) return newestIn(join(dirname(at), runsFolderName(basename(at))), place);
    const folder = dirname(at);
    return basename(at) === RECORD_FILE
      ? { path: at, folder, notebookFolder: resolve(folder, '..', '..') }
      : { path: at, notebookFolder: folder };
  }
  if (existsSync(join(at, RECORD_FILE)))
    return { path: at, folder: at, notebookFolder: resolve(at, '..', '..') };
  return newestIn(at, place);
}

function newestIn(runsFolder: string, asked: string): RecordPlace {
  const name = runFolderNames(runsFolder)
    .filter((run) => existsSync(join(runsFolder, run, RECORD_FILE)))
    .at(-1);
  if (name === undefined) {
    throw new WaybookError('input/file', `${asked} has no record of a run.`, {
      hint: 'Run the notebook first; records that were not committed are not in a checkout.',
    });
  }
  const folder = join(runsFolder, name);
  return { path: folder, folder, notebookFolder: dirname(runsFolder) };
}
