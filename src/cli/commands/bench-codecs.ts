import { benchCodecs } from '../bench/bench-codecs.ts';
import type * as threeReader from '../bench/three-pcd-reader.ts';
import { WaybookError } from '../../core/errors.ts';
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
    const { readWithThree } = await loadThreeReader();
    const report = benchCodecs(points, REPETITIONS, readWithThree);
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

/** Beside the running bundle, and loaded only here. */
async function loadThreeReader(): Promise<typeof threeReader> {
  try {
    return (await import(new URL('three-pcd-reader.mjs', import.meta.url).href)) as typeof threeReader;
  } catch (cause) {
    throw new WaybookError('input/file', 'three-pcd-reader.mjs is missing beside the command line.', {
      hint: 'Run "npm run build" in a checkout: packages leave this benchmark’s comparison out.',
      cause,
    });
  }
}
