import type { Outcome } from './tasks/task.ts';
import type { WorldVerdict } from './world-api.ts';

/** Success is that every condition holds; the reason says which do not. */
export function verdictOf(task: string, outcome: Outcome): WorldVerdict {
  const missing = outcome.conditions.filter((condition) => !condition.holds);
  const success = missing.length === 0;
  const list = (success ? outcome.conditions : missing).map((condition) => condition.text).join('; ');
  return {
    task,
    success,
    reason: success ? list : `not so: ${list}`,
    metrics: outcome.metrics,
  };
}
