import { benchLink } from '../../robot/simulator/bench-link.ts';
import { printBenchReport } from '../bench/bench-report.ts';
import type { Command } from '../command.ts';

export const benchLinkCommand: Command = {
  name: 'bench link',
  summary: 'Measure the robot link beside bare sockets: clouds per second, round trips while they flow.',
  usage: '[options]',
  options: [
    { name: 'points', value: 'N', help: 'Points of 16 bytes in a cloud; default 300000.' },
    { name: 'seconds', value: 'S', help: 'Length of each measurement.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: ['waybook bench link'],
  async run(args, io) {
    const points = args.number('points', { min: 1, max: 2_000_000, integer: true });
    const seconds = args.number('seconds', { min: 0.5, max: 60 });
    const report = await benchLink(
      { ...(points === undefined ? {} : { points }), ...(seconds === undefined ? {} : { seconds }) },
      io.signal,
    );
    io.out(args.has('json') ? `${JSON.stringify(report)}\n` : printBenchReport(report));
    return 0;
  },
};
