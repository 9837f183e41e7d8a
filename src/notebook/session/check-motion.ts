import type { Capture } from '../../core/capture.ts';
import { WaybookError } from '../../core/errors.ts';
import { hashJson } from '../../core/hash.ts';
import { duration, type Trajectory } from '../../core/trajectory.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { type ApprovedMotion, standingApprovalHash } from '../../robot/gate/approval.ts';
import { validate, type ValidatedTrajectory, type Verdict } from '../../robot/gate/validate.ts';
import { DEFAULT_LIMITS, type MotionLimits as GateLimits } from '../../robot/gate/validate-motion.ts';
import { freshState } from './fresh-state.ts';
import type { CellContext } from './cell-context.ts';
import type { MotionLimits } from './motion-limits.ts';
import type { RefinedOutput } from './outputs.ts';
import type { ApprovalRequest } from './session-api.ts';

/** How far a closed-loop replacement may leave the approved path where the cell does not say [m]. */
export const APPROVED_TUBE = 0.02;

/** What front matter and settings leave of the gate's own limits. */
export const durationLimits = ({ duration: most }: MotionLimits): Partial<GateLimits> =>
  most === undefined ? {} : { maxDuration: Math.min(most, DEFAULT_LIMITS.maxDuration) };

/**
 * The gate's verdict on a trajectory from the arm's present state, against what the last capture saw. `holding` is in the
 * gripper already.
 */
export async function checkMotion(
  context: CellContext,
  trajectory: Trajectory,
  waypoints: readonly Waypoint[],
  capture: Capture | undefined,
  holding?: SceneObject,
): Promise<Verdict> {
  const { link, model, selfCollision } = context.world;
  const state = await freshState(link, context.signal);
  const verdict = validate(trajectory, {
    profile: context.profile,
    model,
    state,
    now: link.clock.now(),
    ...(capture ? { capture } : {}),
    ...(selfCollision ? { selfCollision } : {}),
    ...(holding ? { holding } : {}),
    limits: durationLimits(context.limits),
  });
  if (!verdict.refusal) return verdict;
  const index = verdict.refusal.details.place?.waypoint;
  const label = index === undefined ? undefined : waypoints[index]?.label;
  const towards = label === undefined ? '' : ` On the way to "${label}".`;
  const { code, message, details } = verdict.refusal;
  return { ...verdict, refusal: new WaybookError(code, `${message}${towards}`, details) };
}

/** The gate's own product; throws the refusal where there is none. */
export function validatedOf(verdict: Verdict): ValidatedTrajectory {
  if (verdict.validated) return verdict.validated;
  throw (
    verdict.refusal ?? new WaybookError('internal/bug', 'A trajectory was neither validated nor refused.')
  );
}

/** What a person approves, and what the gate checks the approval against. */
export function approvalOf(
  context: CellContext,
  refined: RefinedOutput,
  validated: ValidatedTrajectory,
  limits: { readonly speed: number; readonly deadline: number; readonly tube: number },
  unseen?: number,
): { request: ApprovalRequest; motion: ApprovedMotion } {
  const { profile } = context.world.link;
  const motion: ApprovedMotion = {
    robot: profile.name,
    planHash: hashJson(refined.waypoints),
    trajectoryHash: validated.hash,
    ...limits,
  };
  const request: ApprovalRequest = {
    ...motion,
    hash: standingApprovalHash(motion),
    url: context.world.endpoint,
    toolSpeed: validated.toolSpeed,
    duration: duration(validated.trajectory),
    ...(refined.clearance === undefined ? {} : { clearance: refined.clearance }),
    ...(unseen === undefined ? {} : { unseen }),
  };
  return { request, motion };
}
