import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import type { PlanResult } from '../../planning/planner.ts';
import { attemptsBefore, attemptsOf } from './plan-attempts.ts';

const plan: PlanResult = {
  provider: 'language',
  steps: [],
  waypoints: [],
  summary: 'Put red cube in blue bowl',
  viewpoint: 'robot',
  attempts: [],
};
const failed = (data?: Record<string, unknown>): WaybookError =>
  new WaybookError('input/grounding', 'Which cube?', data ? { data } : {});

describe('attempts of a planner', () => {
  it('are its plan where it made one in a single step', () => {
    expect(attemptsOf(plan)).toEqual([{ raw: 'Put red cube in blue bowl', problems: [] }]);
    const attempts = [{ raw: '{}', problems: ['no waypoints'] }];
    expect(attemptsOf({ ...plan, attempts })).toBe(attempts);
  });

  it('before it gave up are those of its error, and say what was wrong', () => {
    const attempts = [
      { raw: 'a', problems: ['not JSON'] },
      { raw: 'b', problems: ['out of reach'] },
    ];
    expect(attemptsBefore(failed({ attempts }))).toEqual(attempts);
    expect(attemptsBefore(failed({ attempts: [{ raw: 'no', problems: [] }] }))).toEqual([
      { raw: 'no', problems: ['Which cube?'] },
    ]);
    expect(attemptsBefore(failed())).toEqual([{ raw: '', problems: ['Which cube?'] }]);
    expect(attemptsBefore(failed({ steps: [{ verb: 'put' }] }))).toEqual([
      { raw: '[{"verb":"put"}]', problems: ['Which cube?'] },
    ]);
    expect(attemptsBefore(failed({ attempts: [{ raw: 1 }, null] }))).toHaveLength(1);
    expect(attemptsBefore(new WaybookError('task/cancelled', 'stopped'))).toEqual([]);
  });
});
