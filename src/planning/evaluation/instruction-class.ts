import type { Expectation } from './instruction-set.ts';

const BESIDE = /^(?:next-to|left-of|right-of|in-front-of|behind|between|under)$/;

/** The kind of thing that a label asks for, to print successes by: "put in", "open", "several steps", "a free choice". */
export function classOf(expected: readonly Expectation[]): string {
  const first = expected.find((e) => e.kind === 'steps');
  if (first === undefined) return 'a free choice';
  const [step = '', second] = first.steps;
  if (second !== undefined) return 'several steps';
  const [verb = '', , where = ''] = step.split(' ');
  if (verb !== 'put') return verb;
  if (where === 'table' || where.startsWith('@')) return 'put at a place';
  if (where.startsWith('>')) return 'put further';
  return BESIDE.test(where) ? 'put beside' : `put ${where}`;
}
