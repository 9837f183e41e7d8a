import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { loadLastOutputs, listRuns } from '../../records/last-outputs.ts';
import { readRecord } from '../../records/read-record.ts';
import { runsFolderName } from '../../records/run-folder.ts';
import type { Command } from '../command.ts';
import { findRecord } from '../records/find-record.ts';
import { CLOUD_FORMATS, writeClouds } from '../records/write-clouds.ts';
import { writeCsv } from '../records/write-csv.ts';
import { readText } from '../run/run-notebook.ts';
import { writePageOf } from '../run/write-page.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: 'Write a notebook and its last outputs as one HTML file that works offline, 3D included.',
  usage: 'FILE --html OUT | --csv FOLDER | --clouds FOLDER [options]',
  options: [
    { name: 'html', value: 'OUT', help: 'File to write.' },
    { name: 'csv', value: 'FOLDER', help: 'Write joints.csv and poses.csv of the newest run there.' },
    { name: 'clouds', value: 'FOLDER', help: 'Write the clouds that the newest run captured there.' },
    { name: 'as', value: 'FORMAT', help: `Format of clouds: ${CLOUD_FORMATS.join(', ')}; default pcd.` },
    {
      name: 'runs',
      value: 'FOLDER',
      help: 'Where the records are; default NAME.waybook.runs beside the notebook.',
    },
  ],
  examples: [
    'waybook export samples/stack.waybook.md --html out/stack.html',
    'waybook export samples/stack.waybook.md --clouds out --as ply',
  ],
  async run(args, io) {
    const file = args.required(0, 'FILE');
    const out = args.string('html');
    const csv = args.string('csv');
    const clouds = args.string('clouds');
    if (out === undefined && csv === undefined && clouds === undefined)
      throw new WaybookError('input/usage', '--html OUT is missing.', {
        hint: 'Or write --csv FOLDER for tables of joints and poses, --clouds FOLDER for what was captured.',
      });
    const name = basename(file);
    const document = readNotebook(await readText(file), name);
    const runsFolder = args.string('runs') ?? join(dirname(file), runsFolderName(name));
    if (csv !== undefined || clouds !== undefined) {
      const record = readRecord(findRecord(runsFolder).path);
      const written = [
        ...(csv === undefined ? [] : await writeCsv(csv, record)),
        ...(clouds === undefined ? [] : await writeClouds(clouds, record, args.string('as') ?? 'pcd')),
      ];
      for (const path of written) io.out(`${path}\n`);
    }
    if (out === undefined) return 0;
    const outputs = loadLastOutputs(runsFolder);
    const [newest] = listRuns(runsFolder);
    const { end, provenance } = newest?.index ?? {};
    const verdict = end?.verdict
      ? { ok: end.verdict.success, text: end.verdict.reason }
      : end?.failure !== undefined
        ? { ok: false, text: end.failure }
        : undefined;
    // Each run has its own sidecars; their names are content hashes, so one name means the same bytes everywhere.
    const homes = new Map(
      [...outputs.values()].flatMap(({ run, output }) => output.sidecars.map((path) => [path, run] as const)),
    );
    await writePageOf(out, {
      document,
      name,
      outcomes: new Map(
        [...outputs].map(([cell, { output }]) => [
          cell,
          { outcome: output.ok ? 'succeeded' : 'failed', summary: output.summary },
        ]),
      ),
      scenes: new Map([...outputs].map(([cell, { scene }]) => [cell, scene])),
      ...(verdict ? { verdict } : {}),
      ...(provenance ? { provenance } : {}),
      ...(newest ? { run: `Run ${newest.name}` } : {}),
      sidecar: (path) => readFileSync(join(runsFolder, homes.get(path) ?? '', path)),
    });
    if (outputs.size === 0) io.err(`${name} has not run yet: the page holds its text only.\n`);
    io.out(`${out}\n`);
    return 0;
  },
};
