import { checkPlanner, formatPlannerCheck } from '../../planning/vlm/check-planner.ts';
import { modelPortFor } from '../../planning/planner-for.ts';
import type { Command } from '../command.ts';
import { readUserConfig } from '../user-config.ts';

/** Width of table that the sheet stands for unless it is said [m]. */
const ACROSS = 0.8;

export const plannerCheckCommand: Command = {
  name: 'planner check',
  summary: 'Ask the model endpoint to point at drawn marks: its convention, order of coordinates, and error.',
  usage: '[options]',
  options: [
    { name: 'planner', value: 'ID', help: 'Whose model to check; default openai.' },
    {
      name: 'across',
      value: 'METRES',
      help: `Table that the picture’s width stands for, for the error in mm; default ${ACROSS}.`,
    },
    { name: 'json', help: 'Print one JSON document, raw replies included.' },
  ],
  examples: ['waybook planner check', 'waybook planner check --across 1.2 --json'],
  async run(args, io) {
    const { openai, trusted } = readUserConfig();
    const port = modelPortFor(args.string('planner') ?? 'openai', {
      trusted,
      ...(openai === undefined ? {} : { openai }),
    });
    const metresAcross = args.number('across', { min: 0.01, max: 100 }) ?? ACROSS;
    const check = await checkPlanner(port, { kind: 'sheet', metresAcross }, io.signal);
    io.out(args.has('json') ? `${JSON.stringify(check)}\n` : `${formatPlannerCheck(check)}\n`);
    return check.swapped || check.shares ? 1 : 0;
  },
};
