import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goalPhase1, goalPhase2 } from '../protocol/goal-status.ts';
import type { GoalEvent, GoalState } from './goal-machine.ts';
import { nextGoalState } from './goal-machine.ts';

const run = (events: readonly GoalEvent[]): GoalState =>
  events.reduce<GoalState>(nextGoalState, { kind: 'sent' });

describe('nextGoalState', () => {
  it('settles once, whatever comes after', () => {
    const event = fc.oneof(
      fc.constant<GoalEvent>({ kind: 'feedback' }),
      fc.constant<GoalEvent>({ kind: 'cancel-sent' }),
      fc
        .constantFrom('succeeded', 'cancelled', 'aborted', 'rejected')
        .map((phase): GoalEvent => ({ kind: 'result', phase, values: {} })),
      fc.constant<GoalEvent>({ kind: 'lost', error: undefined }),
      fc.constant<GoalEvent>({ kind: 'status', phase: 'active' }),
    );
    fc.assert(
      fc.property(fc.array(event), fc.array(event), (before, after) => {
        const settled = run([...before, { kind: 'result', phase: 'succeeded', values: 1 }]);
        expect(settled.kind).toBe('settled');
        expect(after.reduce(nextGoalState, settled)).toBe(settled);
      }),
    );
  });

  it('is accepted by feedback or status, not by being sent', () => {
    expect(run([])).toEqual({ kind: 'sent' });
    expect(run([{ kind: 'feedback' }]).kind).toBe('active');
    expect(run([{ kind: 'status', phase: 'pending' }]).kind).toBe('active');
    expect(run([{ kind: 'status', phase: 'unknown' }]).kind).toBe('sent');
  });

  it('reads the same number as success in one flavour and failure in the other', () => {
    expect(goalPhase2(4)).toBe('succeeded');
    expect(goalPhase1(4)).toBe('aborted');
    expect(goalPhase1(2)).toBe('cancelled');
  });
});
