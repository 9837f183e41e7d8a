import { TrajectoryError } from './goal-status.ts';

/** Longer words of a controller are cut: they come from outside. */
const MOST_CHARACTERS = 300;

/** `error_code` of `control_msgs/FollowJointTrajectory` results, in words. */
const CODES: ReadonlyMap<number, string> = new Map([
  [TrajectoryError.invalidGoal, 'invalid goal'],
  [TrajectoryError.invalidJoints, 'invalid joints'],
  [TrajectoryError.oldHeaderTimestamp, 'the goal’s time stamp is in the past'],
  [TrajectoryError.pathToleranceViolated, 'the arm left its path'],
  [TrajectoryError.goalToleranceViolated, 'the arm did not reach the end'],
]);

/**
 * What a controller says of a trajectory that it ended, for people: its code in words and its own text, on one line.
 * Undefined where a result, which is unparsed, holds neither.
 */
export function wordsOfTrajectoryResult(values: unknown): string | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const { error_code: code, error_string: text }: { error_code?: unknown; error_string?: unknown } = values;
  const parts = [
    typeof code === 'number' ? CODES.get(code) : undefined,
    typeof text === 'string' ? oneLine(text) : undefined,
  ].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(': ');
}

function oneLine(text: string): string {
  const words = text
    .slice(0, MOST_CHARACTERS + 1)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS)}…` : words.replace(/\.$/, '');
}
