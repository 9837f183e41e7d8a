import type { ActionOutcome } from '../robot-link.ts';
import type { GoalPhase } from '../protocol/goal-status.ts';

/** Life of one goal as its sender knows it. */
export type GoalState =
  | { readonly kind: 'sent' }
  | { readonly kind: 'active' }
  | { readonly kind: 'cancelling' }
  | { readonly kind: 'settled'; readonly end: GoalEnd };

/** `values` is the action's result message, unparsed. */
export type GoalEnd =
  | { readonly kind: 'ended'; readonly outcome: ActionOutcome; readonly values: unknown }
  /** the bridge answered with text instead of a result */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'lost'; readonly error: unknown };

export type GoalEvent =
  | { readonly kind: 'feedback' }
  | { readonly kind: 'status'; readonly phase: GoalPhase }
  | { readonly kind: 'result'; readonly phase: GoalPhase; readonly values: unknown }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'cancel-sent' }
  | { readonly kind: 'lost'; readonly error: unknown };

/**
 * One step of a goal's life. Settles exactly once: whatever comes after (late feedback, a second result, a cancel's
 * answer: all seen on real bridges) changes nothing.
 */
export function nextGoalState(state: GoalState, event: GoalEvent): GoalState {
  if (state.kind === 'settled') return state;
  switch (event.kind) {
    case 'feedback':
      return state.kind === 'sent' ? { kind: 'active' } : state;
    case 'status':
      return afterStatus(state, event.phase);
    case 'result': {
      const outcome = outcomeOf(event.phase);
      return {
        kind: 'settled',
        end: outcome
          ? { kind: 'ended', outcome, values: event.values }
          : { kind: 'refused', reason: `a result came with the status "${event.phase}"` },
      };
    }
    case 'refused':
      return { kind: 'settled', end: { kind: 'refused', reason: event.reason } };
    case 'cancel-sent':
      return { kind: 'cancelling' };
    case 'lost':
      return { kind: 'settled', end: { kind: 'lost', error: event.error } };
  }
}

/** A terminal status is not the end: the result follows it and says more. */
function afterStatus(state: GoalState, phase: GoalPhase): GoalState {
  if (phase === 'cancelling') return { kind: 'cancelling' };
  return state.kind === 'sent' && phase !== 'unknown' ? { kind: 'active' } : state;
}

function outcomeOf(phase: GoalPhase): ActionOutcome | undefined {
  switch (phase) {
    case 'succeeded':
    case 'cancelled':
    case 'aborted':
    case 'rejected':
      return phase;
    case 'pending':
    case 'active':
    case 'cancelling':
    case 'unknown':
      return undefined;
  }
}
