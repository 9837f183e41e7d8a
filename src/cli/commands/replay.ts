import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { loadPreview } from '../../records/last-outputs.ts';
import { readRecord, type RecordContents } from '../../records/read-record.ts';
import { readIndex } from '../../records/run-folder.ts';
import type { Command, Io } from '../command.ts';
import { findRecord } from '../records/find-record.ts';
import { replayOnSimulator } from '../records/replay-on-simulator.ts';
import { writeCsv } from '../records/write-csv.ts';
import { writePageOf } from '../run/write-page.ts';

export const replayCommand: Command = {
  name: 'replay',
  summary:
    'Play a record: as a page with the 3D viewer, on the simulator, as CSV, or as a list of what happened.',
  usage: 'RECORD [options]',
  options: [
    { name: 'html', value: 'OUT', help: 'Write one HTML file that plays the run offline, 3D included.' },
    {
      name: 'on-simulator',
      help: 'Execute the recorded trajectories again on the simulator: nothing is planned or refined.',
    },
    { name: 'csv', value: 'FOLDER', help: 'Write joints.csv and poses.csv there.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: [
    'waybook replay samples/stack.waybook.md --html out/stack-run.html',
    'waybook replay samples/stack.waybook.runs/20261122T110000Z-1a2b3c --on-simulator',
  ],
  async run(args, io) {
    const place = findRecord(args.required(0, 'RECORD'));
    const record = readRecord(place.path);
    const [html, csv] = [args.string('html'), args.string('csv')];
    const json = args.has('json');
    const written: string[] = [];
    if (html !== undefined) {
      await writeReplayPage(html, record, place.folder);
      written.push(html);
    }
    if (csv !== undefined) written.push(...(await writeCsv(csv, record)));
    const replay = args.has('on-simulator')
      ? await replayOnSimulator(record, io.signal, (cell) => io.err(`  replay   #${cell} …\n`))
      : undefined;
    if (json) {
      const { events, end } = record;
      io.out(
        `${JSON.stringify({ record: record.name, complete: record.complete, events, end: end ?? null, written, replay: replay ?? null })}\n`,
      );
    } else {
      for (const path of written) io.out(`${path}\n`);
      if (replay) printReplay(io, record, replay);
      else if (written.length === 0) printStory(io, record);
    }
    return replay && !(replay.verdict?.success ?? replay.motions.every((m) => m.outcome === 'succeeded'))
      ? 1
      : 0;
  },
};

function printReplay(
  io: Io,
  record: RecordContents,
  { motions, verdict, finalStateHash }: Awaited<ReturnType<typeof replayOnSimulator>>,
): void {
  for (const { cell, outcome, note, apart } of motions) {
    const how = apart === undefined ? '' : `, joints within ${apart.toExponential(1)} rad of the record`;
    io.out(`  #${cell}: ${outcome}${note === undefined ? '' : ` (${note})`}${how}\n`);
  }
  if (verdict) io.out(`${verdict.success ? 'Success' : 'The task failed'}: ${verdict.reason}\n`);
  const was = record.end?.finalStateHash;
  if (was !== undefined && finalStateHash !== undefined)
    io.out(was === finalStateHash ? 'The same final state.\n' : 'Another final state than recorded.\n');
}

function printStory(io: Io, record: RecordContents): void {
  io.out(`${record.name}: ${record.notebook ?? 'a notebook'} on ${record.provenance?.robot ?? 'unknown'}\n`);
  for (const { stamp, cell, text } of record.events)
    io.out(`  ${stamp.toFixed(2).padStart(8)} s  ${cell === '' ? '' : `#${cell}: `}${text}\n`);
  const { end } = record;
  if (!end) io.out('The run was cut off here.\n');
  else io.out(`${end.outcome}${reasonOf(record) === undefined ? '' : `: ${reasonOf(record)}`}\n`);
}

const reasonOf = ({ end }: RecordContents): string | undefined => end?.failure ?? end?.verdict?.reason;

/** The page of one run: its own notebook text and previews, not the file's of today. */
async function writeReplayPage(
  out: string,
  record: RecordContents,
  folder: string | undefined,
): Promise<void> {
  const index = folder === undefined ? undefined : readIndex(folder);
  if (folder === undefined || !index) {
    throw new WaybookError('input/file', `${record.name} has no previews beside it to make a page of.`, {
      hint: 'Name the run’s folder, with index.json and the *.scene.json files in it.',
    });
  }
  if (record.notebookText === undefined)
    throw new WaybookError('input/format', `${record.name} was cut off before it said what ran.`);
  const name = record.notebook ?? index.notebook;
  const cells = Object.entries(index.cells);
  const { end, provenance } = record;
  await writePageOf(out, {
    document: readNotebook(record.notebookText, name),
    name,
    outcomes: new Map(
      cells.map(([cell, { ok, summary }]) => [cell, { outcome: ok ? 'succeeded' : 'failed', summary }]),
    ),
    scenes: new Map(
      cells.flatMap(([cell, { preview }]) => {
        const scene = loadPreview(join(folder, preview));
        return scene ? [[cell, scene] as const] : [];
      }),
    ),
    ...(end
      ? { verdict: { ok: end.exitCode === 0, text: reasonOf(record) ?? end.outcome } }
      : { verdict: { ok: false, text: 'The run was cut off.' } }),
    ...(provenance ? { provenance } : {}),
    run: `Run ${record.name}`,
    sidecar: (path) => readFileSync(join(folder, path)),
  });
}
