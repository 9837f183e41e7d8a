import { benchCodecs } from '../bench/bench-codecs.ts';
import type { Command } from '../command.ts';

const DEFAULT_POINTS = 1_000_000;
const REPETITIONS = 9;

export const benchCodecsCommand: Command = {
  name: 'bench codecs',
  summary:
    'Measure how fast cloud files are read on this machine, beside three.js’s PCDLoader in the same run.',
  usage: '[options]',
  options: [
    {
      name: 'points',
      value: 'N',
      help: `Points in each file; default ${DEFAULT_POINTS.toLocaleString('en')}.`,
    },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: ['waybook bench codecs', 'waybook bench codecs --points 100000 --json'],
  async run(args, io) {
    const points = args.number('points', { min: 1, max: 10_000_000, integer: true }) ?? DEFAULT_POINTS;
    const report = benchCodecs(points, REPETITIONS);
    if (args.has('json')) {
      io.out(`${JSON.stringify(report)}\n`);
      return 0;
    }
    io.out(`${points.toLocaleString('en')} points, medians of ${REPETITIONS} [ms]\n`);
    for (const { file, reader, ms } of report.timings)
      io.out(`  ${file.padEnd(26)} ${reader.padEnd(8)} ${ms.toFixed(1).padStart(8)}\n`);
    io.out(`binary PCD, ours over three.js: ${report.binaryPcdRatio.toFixed(2)}\n`);
    return 0;
  },
};
