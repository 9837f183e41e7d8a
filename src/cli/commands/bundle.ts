import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, WaybookError } from '../../core/errors.ts';
import { version } from '../../core/version.ts';
import { parseCaptureBody } from '../../notebook/file/cell-bodies.ts';
import { NO_PARAMS } from '../../notebook/file/parameters.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { stripNotebook } from '../../notebook/file/strip.ts';
import { writeNotebook } from '../../notebook/file/write-notebook.ts';
import { makeBundle } from '../../records/bundle.ts';
import { listRuns, loadLastOutputs } from '../../records/last-outputs.ts';
import { runsFolderName } from '../../records/run-folder.ts';
import type { Command } from '../command.ts';
import { readText, writeOut } from '../run/run-notebook.ts';

const DEFAULT_RUNS = 1;

export const bundleCommand: Command = {
  name: 'bundle',
  summary: 'Pack a notebook, the captures that it reads, its newest runs and the model’s hash into one .zip.',
  usage: 'FILE OUT.zip [options]',
  options: [
    { name: 'last', value: 'N', help: `How many of the newest runs go in; default ${DEFAULT_RUNS}.` },
    {
      name: 'runs',
      value: 'FOLDER',
      help: 'Where the records are; default NAME.waybook.runs beside the notebook.',
    },
  ],
  examples: ['waybook bundle samples/stack.waybook.md stack.zip'],
  async run(args, io) {
    const [file, out] = [args.required(0, 'FILE'), args.required(1, 'OUT.zip')];
    const last = args.number('last', { min: 0, integer: true }) ?? DEFAULT_RUNS;
    const name = basename(file);
    const folder = dirname(file);
    const { document, removed } = stripNotebook(readNotebook(await readText(file), name));
    // Paths were checked when the body was parsed: relative, and within the notebook's folder.
    const captureFiles = new Set(
      document.cells.flatMap((cell) => {
        const path =
          cell.kind === 'capture'
            ? parseCaptureBody(cell, document.frontMatter.params ?? NO_PARAMS).file
            : undefined;
        return path === undefined ? [] : [path];
      }),
    );
    const captures = await Promise.all(
      [...captureFiles].map(async (path) => ({ path, bytes: await readCapture(join(folder, path)) })),
    );
    const runsFolder = args.string('runs') ?? join(folder, runsFolderName(name));
    const runs = listRuns(runsFolder).slice(0, last);
    const modelHash = [...loadLastOutputs(runsFolder).values()]
      .flatMap(({ scene }) => scene.provenance?.refiner?.modelHash ?? [])
      .at(0);
    const bytes = makeBundle({
      notebook: { name, text: writeNotebook(document) },
      captures,
      runFolders: runs.map((run) => join(runsFolder, run.name)),
      ...(modelHash === undefined ? {} : { modelHash }),
      version,
    });
    await writeOut(out, bytes);
    for (const what of removed) io.err(`left out: ${what}\n`);
    if (runs.length === 0) io.err(`${name} has no runs to put in.\n`);
    io.out(`${out}\n`);
    return 0;
  },
};

async function readCapture(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new WaybookError('input/file', `The capture ${path} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}
