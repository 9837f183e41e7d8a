import { printBenchReport } from '../bench/bench-report.ts';
import { benchSweep } from '../bench/bench-sweep.ts';
import type { Command } from '../command.ts';
import { RAY_OPTIONS, rayEngine } from '../sweep/ray-engine.ts';

export const benchSweepCommand: Command = {
  name: 'bench sweep',
  summary:
    'Measure sweeps: two workers against one, a Ray cluster against local workers, memory of the driver.',
  usage: '[options]',
  options: [
    { name: 'runs', value: 'N', help: 'Runs in each round; default 16.' },
    {
      name: 'rounds',
      value: 'N',
      help: 'Rounds of each kind, which alternate; default 3. 0 leaves them out.',
    },
    {
      name: 'results',
      value: 'N',
      help: 'Results of the memory measurement; default 10000. 0 leaves it out.',
    },
    {
      name: 'workers',
      value: 'N',
      help: 'With --on: local workers to compare with, as many as the cluster has processors.',
    },
    ...RAY_OPTIONS,
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: ['waybook bench sweep', 'waybook bench sweep --on ray://127.0.0.1:10001 --workers 1 --results 0'],
  async run(args, io) {
    const on = args.string('on');
    const report = await benchSweep({
      runs: args.number('runs', { min: 4, max: 1000, integer: true }) ?? 16,
      rounds: args.number('rounds', { min: 0, max: 50, integer: true }) ?? 3,
      results: args.number('results', { min: 0, max: 100_000, integer: true }) ?? 10_000,
      workers: args.number('workers', { min: 1, max: 64, integer: true }) ?? 1,
      say: io.err,
      signal: io.signal,
      ...(on === undefined
        ? {}
        : {
            cluster: (description, folder) =>
              rayEngine(on, args, {
                description,
                folders: {},
                records: folder.records,
                timeout: 600,
                stateFile: folder.file('ray-job.json'),
              }),
          }),
    });
    io.out(args.has('json') ? `${JSON.stringify(report)}\n` : printBenchReport(report));
    return 0;
  },
};
