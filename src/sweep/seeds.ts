import { WaybookError } from '../core/errors.ts';

/**
 * Seeds are kept apart by purpose so that no figure is tuned to the seeds that it is printed for.
 * Development 0..9999, training 10,000..899,999, test 900,000..999,999.
 */
export const TEST_SEEDS = { first: 900_000, last: 999_999 } as const;

const MAX_SEEDS = 100_000;

/** `0..99`, `3`, or a list of both: `0..9,20,30..39`. Throws `input/usage`. */
export function parseSeeds(text: string): number[] {
  const seeds: number[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(part);
    if (!match) throw malformed(text, `"${part}" is neither a number nor a range`);
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first) throw malformed(text, `${first}..${last} runs backwards`);
    if (seeds.length + last - first + 1 > MAX_SEEDS)
      throw malformed(text, `it names more than ${MAX_SEEDS} seeds`);
    for (let seed = first; seed <= last; seed++) seeds.push(seed);
  }
  return seeds;
}

function malformed(text: string, why: string): WaybookError {
  return new WaybookError('input/usage', `Seeds "${text}" cannot be read: ${why}.`, {
    hint: 'Write 0..99 or 1,2,3.',
  });
}
