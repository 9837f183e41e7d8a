import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { readRecord } from '../../records/read-record.ts';
import type { Command } from '../command.ts';
import { compareRecords } from '../run/compare-runs.ts';
import { ProgressPrinter } from '../run/progress.ts';
import { readText, runNotebookText } from '../run/run-notebook.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Run a record’s notebook again with the same seed and say what is identical and what differs.',
  usage: 'RECORD [options]',
  options: [
    { name: 'notebook', value: 'FILE', help: 'Run this notebook instead of the one in the record.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: ['waybook verify samples/stack.waybook.runs/20261122T110000Z-1a2b3c'],
  async run(args, io) {
    const place = args.required(0, 'RECORD');
    const before = readRecord(place);
    const { provenance, notebookText } = before;
    const given = args.string('notebook');
    const text = given === undefined ? notebookText : await readText(given);
    if (!provenance || text === undefined) {
      throw new WaybookError('input/format', `${before.name} was cut off before it said what ran.`);
    }
    if (!provenance.robot.startsWith('sim:')) {
      throw new WaybookError(
        'input/usage',
        `${before.name} ran on ${provenance.robot}; only simulator runs can be repeated.`,
      );
    }
    const scratch = await mkdtemp(join(tmpdir(), 'waybook-verify-'));
    try {
      const printer = new ProgressPrinter(io);
      const result = await runNotebookText(
        { text, name: before.notebook ?? 'notebook.waybook.md', folder: resolve(place, '..', '..') },
        { robot: provenance.robot, runsFolder: scratch },
        (event) => printer.show(event),
        io.signal,
      );
      if (result.recordFolder === undefined) {
        const { failure } = result.summary;
        throw new WaybookError(
          failure?.code ?? 'internal/bug',
          failure?.message ?? 'The run did not begin.',
          failure?.details,
        );
      }
      const rows = compareRecords(before, readRecord(result.recordFolder));
      const identical = rows.every((row) => row.same);
      if (args.has('json'))
        io.out(`${JSON.stringify({ record: before.name, identical, comparisons: rows })}\n`);
      else {
        for (const row of rows)
          io.out(`  ${row.what.padEnd(28)} ${row.same ? 'identical' : `differs: ${row.difference ?? ''}`}\n`);
        io.out(identical ? 'Identical.\n' : 'Not identical.\n');
      }
      return identical ? 0 : 1;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};
