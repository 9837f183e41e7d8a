import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { compareRecords } from '../../records/compare-records.ts';
import { readRecord, type RecordContents } from '../../records/read-record.ts';
import type { Command } from '../command.ts';
import { describeDifferences, describeTolerance, toleranceOf } from '../../records/describe-differences.ts';
import { findRecord } from '../records/find-record.ts';
import { ProgressPrinter } from '../run/progress.ts';
import { readText, runNotebookText, type RunFileOptions } from '../run/run-notebook.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Run a record’s notebook again with the same seed and say what is identical and what differs.',
  usage: 'RECORD [options]',
  options: [
    { name: 'notebook', value: 'FILE', help: 'Run this notebook instead of the one in the record.' },
    {
      name: 'tolerance',
      value: 'MM',
      help: 'For another machine: accept what differs by less than MM millimetres, the same at the joints, 0.02 s.',
    },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: [
    'waybook verify samples/stack.waybook.runs/20261122T110000Z-1a2b3c',
    'waybook verify samples/stack.waybook.md --tolerance 1',
  ],
  async run(args, io) {
    const place = findRecord(args.required(0, 'RECORD'));
    const tolerance = toleranceOf(args.number('tolerance', { min: 0, max: 1000 }) ?? 0);
    const before = readRecord(place.path);
    const given = args.string('notebook');
    const text = given === undefined ? before.notebookText : await readText(given);
    const options = optionsOf(before);
    if (text === undefined) throw cutOff(before);
    const scratch = await mkdtemp(join(tmpdir(), 'waybook-verify-'));
    try {
      const printer = new ProgressPrinter(io, io.err);
      const result = await runNotebookText(
        { text, name: before.notebook ?? 'notebook.waybook.md', folder: place.notebookFolder },
        { ...options, runsFolder: scratch },
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
      const after = readRecord(result.recordFolder);
      const exact = compareRecords(before, after);
      // Bits differ on another machine whatever the tolerance; what they make of the motion is measured beside them.
      const counted =
        tolerance.position === 0
          ? exact
          : compareRecords(before, after, tolerance).filter((difference) => !difference.hashOnly);
      const same = counted.length === 0;
      if (args.has('json')) {
        io.out(
          `${JSON.stringify({ record: before.name, identical: exact.length === 0, same, tolerance, differences: exact })}\n`,
        );
      } else {
        io.out(describeDifferences(exact));
        io.out(
          exact.length === 0
            ? `Identical: ${contentsOf(before)}.\n`
            : same
              ? `The same within ${describeTolerance(tolerance)}.\n`
              : 'Not identical.\n',
        );
      }
      return same ? 0 : 1;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

/** What the recorded run was started with. Throws where it was cut off before it said so, or was no simulator's. */
function optionsOf(record: RecordContents): RunFileOptions {
  const { provenance } = record;
  if (!provenance) throw cutOff(record);
  if (!provenance.robot.startsWith('sim:')) {
    throw new WaybookError(
      'input/usage',
      `${record.name} ran on ${provenance.robot}; only simulator runs can be repeated.`,
    );
  }
  // A cell may name its own refiner, which an option would override: it is given only where all were refined alike.
  const refiner = only(record.waypoints.map((cell) => cell.refiner));
  const planner = only(record.plans.map((plan) => plan.provider));
  return {
    robot: provenance.robot,
    // The front matter may hold a seed and parameters that the recorded run did not use.
    params: {
      ...provenance.params,
      ...(provenance.seed === undefined ? {} : { seed: provenance.seed }),
    },
    ...(refiner === undefined ? {} : { refiner }),
    ...(planner === undefined ? {} : { planner }),
  };
}

const only = (values: readonly string[]): string | undefined =>
  new Set(values).size === 1 ? values[0] : undefined;

const contentsOf = ({ captures, waypoints, trajectories, states }: RecordContents): string =>
  `${count(captures, 'capture')}, ${count(waypoints, 'list')} of waypoints, ${count(trajectories, 'trajectory', 'trajectories')}, ${count(states, 'joint state')}, verdict and final state`;

const count = (list: readonly unknown[], one: string, many = `${one}s`): string =>
  `${list.length} ${list.length === 1 ? one : many}`;

const cutOff = ({ name }: RecordContents): WaybookError =>
  new WaybookError('input/format', `${name} was cut off before it said what ran.`);
