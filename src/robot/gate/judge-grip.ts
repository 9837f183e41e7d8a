import type { GripOutcome } from '../robot-link.ts';

/** Openings closer than this are the same, as a share of the widest. */
const SAME = 0.03;

/** What is expected of one gripper action. */
export interface GripExpectation {
  /** commanded opening 0..1 */
  readonly to: number;
  /** something should be between the fingers afterwards */
  readonly grasps?: string;
}

/**
 * What is wrong with a gripper action, as a sentence, or undefined. Servers disagree on whether a stall is a success, so
 * a grasp is judged by stall, goal reached and width together, and never by the status alone.
 */
export function judgeGrip(outcome: GripOutcome, expected: GripExpectation): string | undefined {
  const reached = outcome.reachedGoal || Math.abs(outcome.opening - expected.to) <= SAME;
  if (outcome.outcome === 'rejected') return 'The gripper refused its command.';
  if (outcome.outcome === 'cancelled') return 'The gripper was stopped.';
  if (expected.grasps !== undefined) {
    const between = outcome.opening > expected.to + SAME;
    if (between && (outcome.stalled || !outcome.reachedGoal)) return undefined;
    const width = Math.round(outcome.opening * 100);
    return `The ${expected.grasps} is not between the fingers: they closed to ${width} % of their width${outcome.stalled ? '' : ' without meeting anything'}.`;
  }
  if (reached || outcome.stalled) return undefined;
  return `The gripper stopped at ${Math.round(outcome.opening * 100)} % of its width on the way to ${Math.round(expected.to * 100)} %.`;
}
