import { describe, expect, it } from 'vitest';
import { wordsOfTrajectoryResult } from './trajectory-result.ts';

describe('words of a trajectory’s result', () => {
  it.each([
    [
      { error_code: -4, error_string: 'joint2 is 0.2 rad off.' },
      'the arm left its path: joint2 is 0.2 rad off',
    ],
    [{ error_code: -5, error_string: '' }, 'the arm did not reach the end'],
    [{ error_code: 0, error_string: 'stopped\n at\u0007 the pendant' }, 'stopped at the pendant'],
    [{ error_code: 17 }, undefined],
    [{ error_string: 4 }, undefined],
    ['text', undefined],
    [null, undefined],
  ])('of %j', (values, words) => {
    expect(wordsOfTrajectoryResult(values)).toBe(words);
  });

  it('cuts what goes on and on', () => {
    expect(wordsOfTrajectoryResult({ error_string: 'x'.repeat(1e6) })).toHaveLength(301);
  });
});
