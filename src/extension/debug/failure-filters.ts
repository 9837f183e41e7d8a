import type { SessionFailure } from '../../notebook/session/session-api.ts';

/** Which of the debugger's exception breakpoints a failure belongs to; undefined for none of them. */
export function filterOf({ code, message, details }: SessionFailure): 'refused' | 'grasp' | undefined {
  switch (code) {
    case 'input/limit':
    case 'input/reach':
    case 'input/collision':
    case 'task/abstained':
      return 'refused';
    case 'task/failed':
      return details.data?.['grasp'] !== undefined || /fingers|gripper|grasp/i.test(message)
        ? 'grasp'
        : undefined;
    default:
      return undefined;
  }
}

/** What the Variables view shows of a failure. */
export function failureVariables({ details }: SessionFailure): Record<string, number | string> {
  const { limit, place, hint } = details;
  return {
    ...(limit
      ? {
          [`Limit/${limit.name} [${limit.unit}]`]: Number(limit.value.toPrecision(4)),
          [`Limit/allowed [${limit.unit}]`]: limit.limit,
        }
      : {}),
    ...(place?.waypoint === undefined ? {} : { 'Place/waypoint': place.waypoint + 1 }),
    ...(hint === undefined ? {} : { 'Place/what next': hint }),
  };
}
