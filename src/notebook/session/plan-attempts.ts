import { WaybookError } from '../../core/errors.ts';
import type { PlanAttempt, PlanResult } from '../../planning/planner.ts';

/** What a planner answered on its way to a plan. One that works in a single step lists none: its answer is the plan. */
export const attemptsOf = ({ attempts, summary }: PlanResult): readonly PlanAttempt[] =>
  attempts.length > 0 ? attempts : [{ raw: summary, problems: [] }];

/**
 * What a planner answered before it gave up: the attempts that its error tells, and the error itself as the last
 * where it says more. Nothing where planning was only stopped.
 */
export function attemptsBefore(error: unknown): readonly PlanAttempt[] {
  if (!(error instanceof WaybookError) || error.code === 'task/cancelled') return [];
  const { attempts, steps } = error.details.data ?? {};
  const told = Array.isArray(attempts) ? attempts.flatMap(attemptOf) : [];
  if ((told.at(-1)?.problems.length ?? 0) > 0) return told;
  const raw = told.at(-1)?.raw ?? (steps === undefined ? '' : JSON.stringify(steps));
  return [...told.slice(0, -1), { raw, problems: [error.message] }];
}

function attemptOf(value: unknown): PlanAttempt[] {
  if (typeof value !== 'object' || value === null) return [];
  const { raw, problems } = value as Readonly<Record<string, unknown>>;
  if (typeof raw !== 'string' || !Array.isArray(problems)) return [];
  return [{ raw, problems: problems.map(String) }];
}
