import { WaybookError } from '../../core/errors.ts';
import type { TrajectorySegment } from '../../core/trajectory.ts';
import { trajectoryHash } from '../../core/trajectory.ts';
import type { RobotLink } from '../robot-link.ts';
import type { ApprovedMotion } from './approval.ts';
import { Execution } from './execution.ts';
import type { ExecuteOptions, ExecutionResult } from './execution.ts';
import type { ValidatedTrajectory } from './validate.ts';
import { isValidated } from './validate.ts';

/**
 * Executes a validated trajectory segment by segment: a move to rest, then the gripper, then a moment to settle, then the
 * next. Ends early, at rest, when a segment does not succeed, a grasp is missed or `signal` aborts. Throws `link/…` when
 * a watchdog or the link fails; the robot was told to stop then, and the gate is in a fault. Nothing is sent twice.
 */
export async function executeTrajectory(
  link: RobotLink,
  validated: ValidatedTrajectory,
  options: ExecuteOptions,
): Promise<ExecutionResult> {
  checkMayRun(link, validated, options.approval);
  const run = new Execution(link, validated, options);
  const unsubscribe = link.onState((state) => run.executed.addState(state));
  try {
    for (let index = 0; index < run.segments.length; index++) {
      const segment = run.segments[index] as TrajectorySegment;
      const ended = segment.kind === 'move' ? await run.move(segment, index) : await run.grip(segment, index);
      if (ended) return run.result(ended.outcome, ended.note);
      // The target had moved: what follows was planned again, and starts from its own first segment.
      if (run.takeOver()) index = -1;
    }
    return run.result('succeeded');
  } finally {
    unsubscribe();
  }
}

function checkMayRun(
  link: RobotLink,
  validated: ValidatedTrajectory,
  approval: ApprovedMotion | undefined,
): void {
  if (!isValidated(validated) || trajectoryHash(validated.trajectory) !== validated.hash) {
    throw new WaybookError(
      'internal/bug',
      'A trajectory that was not validated, or changed since, was to be executed.',
    );
  }
  if (link.profile.kind === 'simulator') return;
  if (!approval) {
    throw new WaybookError(
      'input/approval',
      `${link.profile.name} is a real robot: its motion needs an approval.`,
      {
        hint: 'Approve it in the editor; a headless run shows the approval’s hash with --approve.',
      },
    );
  }
  const { trajectoryHash: hash, robot } = approval;
  if (hash !== validated.hash || robot !== link.profile.name) {
    throw new WaybookError('input/approval', 'The approval is for another motion or another robot.', {
      hint: 'Something that it was bound to has changed: approve again.',
    });
  }
}
