import { cpus } from 'node:os';
import { existsSync } from 'node:fs';
import { WaybookError } from '../../core/errors.ts';
import { benchRefine } from '../../evaluation/bench-refine.ts';
import { quantile } from '../../evaluation/statistics/bootstrap.ts';
import { ExpertClient } from '../../refinement/expert/expert-client.ts';
import { shippedModel } from '../../refinement/expert/shipped-expert.ts';
import type { Command } from '../command.ts';
import { median } from '../sweep/table.ts';
import { printBenchReport, type BenchReport } from '../bench/bench-report.ts';

export const benchRefineCommand: Command = {
  name: 'bench refine',
  summary:
    'Measure the action expert on this machine: a whole refinement beside the bare network, in one run.',
  usage: '[options]',
  options: [
    { name: 'model', value: 'FILE', help: 'An ONNX file; default: the shipped model.' },
    { name: 'runs', value: 'N', help: 'Refinements that count; default 300.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: ['waybook bench refine', 'waybook bench refine --model my-expert.onnx --runs 1000'],
  async run(args, io) {
    const runs = args.number('runs', { min: 10, max: 100_000, integer: true }) ?? 300;
    const given = args.string('model');
    if (given !== undefined && !existsSync(given)) {
      throw new WaybookError('input/file', `There is no model file "${given}".`);
    }
    const options = given === undefined ? shippedModel() : { model: given };
    if (!options) {
      throw new WaybookError('input/refiner', 'No action expert comes with this installation.', {
        hint: 'Name one with --model.',
      });
    }
    await using network = await ExpertClient.start(options, io.signal);
    const times = await benchRefine(network, runs, io.signal);
    const row = (name: string, values: readonly number[], note: string): BenchReport['rows'][number] => {
      const sorted = [...values].sort((a, b) => a - b);
      return {
        name,
        value: median(values),
        unit: 'ms',
        note,
        range: [quantile(sorted, 0.05), quantile(sorted, 0.95)],
      };
    };
    const report: BenchReport = {
      bench: 'refine',
      machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, node ${process.version}`,
      rows: [
        row('whole refinement', times.whole, `${times.points} points, six waypoints; should be about 5`),
        row('bare network', times.network, 'in its process, one thread'),
        row('everything else', times.rest, 'table, crop, groups, hop, curve'),
        {
          name: 'whole over bare',
          value: median(times.whole) / median(times.network),
          unit: '',
          note: 'should be at most 4',
        },
        row('collision check', times.collision, 'the gate’s, of the timed path'),
      ],
      skipped: [],
    };
    if (args.has('json')) io.out(`${JSON.stringify(report)}\n`);
    else io.out(`${printBenchReport(report)}Ranges: 5th to 95th percentile of ${runs} runs.\n`);
    return 0;
  },
};
