import type { Pose } from '../../core/geometry.ts';
import { angleBetween, distance } from '../../core/geometry.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import type { ActionOutcome, RobotLink, RunningMove } from '../robot-link.ts';
import { tubeDeviation } from './approval.ts';
import { toolPose } from './contacts.ts';
import { shiftRemainder } from './shift-remainder.ts';
import type { Verdict } from './validate.ts';

/** What is left of a plan after a correction, or why the validator does not let it pass. */
export type PlannedRest = Pick<Verdict, 'validated' | 'refusal'>;

const TICK = 0.02;
/** From sending a replacement to its taking over [s of robot time]. */
const LEAD = 0.04;
/** On a real link the way there takes longer [s]. */
const LEAD_ON_WALL_CLOCK = 0.15;
/** Ends that differ by less are the same: the arm need not follow noise [m, rad]. */
const SAME_END = { position: 0.002, orientation: 0.02 };

/** How a move is corrected while it runs. */
export interface Steering {
  readonly model: RobotModel;
  /** looks per second of robot time */
  readonly rateHz: number;
  /** robot time charged for a look and its refinement in lock-step [s]; elsewhere they take what they take */
  readonly latency: number;
  /** how far a replacement may leave the approved path [m] */
  readonly tube: number;
  /** the robot cannot take over a running motion: it stops, and goes on from rest */
  readonly stopAndGo?: boolean;
  /** looks and refines: where the move to this waypoint should end now, or undefined to leave it. May take its time. */
  look(waypoint: number, signal: AbortSignal): Promise<Pose | undefined>;
  /** the validator, on a replacement that starts in motion */
  judge(replacement: Trajectory, startVelocities: readonly number[]): Verdict;
  /** everything after the move to `waypoint`, planned again from rest at its corrected end; without one the arm stops there */
  rest(waypoint: number, signal: AbortSignal): Promise<PlannedRest>;
}

export interface SteeredMove {
  readonly outcome: ActionOutcome;
  /** how often the motion was replaced, and how often a replacement was refused */
  readonly replaced: number;
  readonly refused: number;
  /** the move as it was in the end */
  readonly last: Trajectory;
  /** set where the target left the tube [m]: the arm holds, and somebody has to decide */
  readonly leftTube?: number;
  /** it was stopped because its target moved, on a robot that replaces no goals: the rest starts from there */
  readonly stopped?: true;
  /** why it ended, in the controller's words */
  readonly words?: string;
}

/** What a steered move is held against. */
export interface SteeredBy {
  readonly steering: Steering;
  /** the whole motion as it was approved: nothing may leave the tube round it, however often it was replaced */
  readonly approved: Trajectory;
  readonly deadline: number;
  readonly signal: AbortSignal;
  onTick(elapsed: number): void;
  /** a replacement was sent that takes over at `at` [s of robot time] */
  onReplaced(next: Trajectory, at: number): void;
}

/**
 * Watches one running move and leads it to where its target is now. Every replacement is a whole motion to rest, so that
 * when no further look comes in time the arm ends at rest all the same. One that the validator refuses is dropped: the
 * running motion goes on. One that would leave the tube stops the arm.
 */
export async function steerMove(
  link: RobotLink,
  first: Trajectory,
  begun: RunningMove,
  startedAt: number,
  waypoint: number,
  by: SteeredBy,
): Promise<SteeredMove> {
  const { steering, signal } = by;
  const { clock } = link;
  let [move, running, start] = [first, begun, startedAt];
  let [replaced, refused] = [0, 0];
  let nextLook = clock.now() + 1 / steering.rateHz;
  let seen: { end: Pose | undefined } | undefined;
  let looking = false;
  const look = async (): Promise<void> => {
    looking = true;
    try {
      seen = { end: await steering.look(waypoint, signal) };
    } catch (error) {
      // A look that fails is a look that did not come: the motion goes on to its rest. An abort is handled outside.
      if (!signal.aborted) seen = { end: undefined };
      else throw error;
    } finally {
      looking = false;
    }
  };
  try {
    while (!running.settled && !running.problem()) {
      await clock.advance(TICK, signal);
      by.onTick(clock.now() - startedAt);
      if (clock.now() > nextLook - TICK / 2 && !looking && !seen) {
        // A look that came late takes nothing from the rate, unless it was a whole period late.
        nextLook = Math.max(nextLook + 1 / steering.rateHz, clock.now());
        if (clock.lockStep) {
          await look();
          await clock.advance(steering.latency, signal);
        } else {
          void look().catch(() => undefined);
        }
      }
      const end = seen?.end;
      seen = looking ? seen : undefined;
      if (!end || running.settled || isSame(end, toolPose(move, move.times.length - 1))) continue;
      if (steering.stopAndGo) {
        running.cancel();
        return { outcome: await running.outcome(), replaced, refused, last: move, stopped: true };
      }
      const takeover = clock.now() - start + (clock.lockStep ? LEAD : LEAD_ON_WALL_CLOCK);
      const next = shiftRemainder(steering.model, move, takeover, end);
      if (!next) continue;
      const { deviation } = tubeDeviation(next, by.approved);
      if (deviation > steering.tube) {
        running.cancel();
        const outcome = await running.outcome();
        return { outcome, replaced, refused, last: move, leftTube: deviation };
      }
      const velocities = [...next.velocities.subarray(0, next.jointNames.length)];
      if (!steering.judge(next, velocities).validated) {
        refused++;
        continue;
      }
      const { jointNames, times, joints, velocities: speeds } = next;
      running = running.replace(
        { jointNames, times, joints, velocities: speeds },
        by.deadline,
        start + takeover,
      );
      by.onReplaced(next, start + takeover);
      [move, start] = [next, start + takeover];
      replaced++;
    }
  } catch (error) {
    // Cancelling is the move's own to do; anything else has ended the link.
    if (!signal.aborted) throw error;
  }
  const outcome = await running.outcome();
  const words = running.words();
  return { outcome, replaced, refused, last: move, ...(words === undefined ? {} : { words }) };
}

const isSame = (a: Pose, b: Pose): boolean =>
  distance(a.position, b.position) < SAME_END.position &&
  angleBetween(a.orientation, b.orientation) < SAME_END.orientation;
