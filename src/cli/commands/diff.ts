import { WaybookError } from '../../core/errors.ts';
import { compareNotebooks } from '../../notebook/compare/compare-notebooks.ts';
import { compareRecords, type Difference, type Tolerance } from '../../records/compare-records.ts';
import type { Command } from '../command.ts';
import { type DiffSide, readSide } from '../diff/read-side.ts';
import { describeDifferences, toleranceOf } from '../../records/describe-differences.ts';

export const diffCommand: Command = {
  name: 'diff',
  summary:
    'Say by meaning what differs between two notebooks or two runs: what moved, how far, how it ended.',
  usage: 'A B [options]',
  options: [
    {
      name: 'tolerance',
      value: 'MM',
      help: 'Between runs, leave out what differs by less: MM millimetres, the same at the joints, 0.02 s.',
    },
    { name: 'json', help: 'Print one JSON document and nothing else on standard output.' },
  ],
  examples: [
    'waybook diff HEAD:samples/stack.waybook.md samples/stack.waybook.md',
    'waybook diff stack.waybook.runs/20261122T110000Z-1a2b3c stack.waybook.runs/20261122T113000Z-4d5e6f',
  ],
  async run(args, io) {
    const [a, b] = [args.required(0, 'A'), args.required(1, 'B')];
    const tolerance = toleranceOf(args.number('tolerance', { min: 0, max: 1000 }) ?? 0);
    const differences = compareSides(await readSide(a, io.signal), await readSide(b, io.signal), tolerance);
    if (args.has('json'))
      io.out(`${JSON.stringify({ a, b, same: differences.length === 0, differences })}\n`);
    else io.out(differences.length === 0 ? 'No difference.\n' : describeDifferences(differences));
    return differences.length === 0 ? 0 : 1;
  },
};

function compareSides(a: DiffSide, b: DiffSide, tolerance: Tolerance): Difference[] {
  if (a.kind === 'notebook' && b.kind === 'notebook') return compareNotebooks(a.document, b.document);
  if (a.kind === 'record' && b.kind === 'record') return compareRecords(a.record, b.record, tolerance);
  throw new WaybookError('input/usage', `A is a ${a.kind} and B is a ${b.kind}.`, {
    hint: 'Compare two notebooks or two runs.',
  });
}
