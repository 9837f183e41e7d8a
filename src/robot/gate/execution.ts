import { WaybookError } from '../../core/errors.ts';
import { quantity } from '../../core/quantity.ts';
import type { Trajectory, TrajectorySegment } from '../../core/trajectory.ts';
import { duration } from '../../core/trajectory.ts';
import type { ActionOutcome, GripOutcome, MoveGoal, RobotLink, RunningMove } from '../robot-link.ts';
import { tubeDeviation } from './approval.ts';
import type { ApprovedMotion } from './approval.ts';
import { JointLog } from './executed-log.ts';
import type { JointSamples } from './executed-log.ts';
import { judgeGrip } from './judge-grip.ts';
import { blendStart } from './start-blend.ts';
import { steerMove } from './steer-move.ts';
import type { Steering } from './steer-move.ts';
import type { ValidatedTrajectory } from './validate.ts';

/** How often progress is told and the watchdogs are asked [s of robot time]. */
const TICK = 0.02;
/** A move may take this much longer than planned: `duration · FACTOR + EXTRA` [s]. */
const FACTOR = 1.2;
const EXTRA = 2;
/** After a gripper action, before the next move [s]. */
const SETTLE = 0.15;
const REST_WAIT = 2;
const REST_SPEED = 0.01;

export interface ExecutionProgress {
  /** 0..1 of the trajectory's time */
  readonly fraction: number;
  readonly sample: number;
  readonly segment: number;
  /** the waypoint being approached, or being gripped at */
  readonly waypoint: number;
}

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  /** s of robot time for everything; absent: 1.2 times the planned duration and 2 s for every segment */
  readonly deadline?: number;
  readonly onProgress?: (progress: ExecutionProgress) => void;
  /**
   * Called before a waypoint is approached; motion goes on when it resolves. In lock-step time stands still meanwhile,
   * wherever the arm is; on a robot that moves by its own clock it is asked where the arm rests anyway.
   */
  readonly pauseAt?: (waypoint: number) => Promise<void> | undefined;
  /** closed loop: corrects every move while it runs */
  readonly steering?: Steering;
  /** needed to move a real robot; see `approvalHash` */
  readonly approval?: ApprovedMotion;
}

export interface GripRecord extends GripOutcome {
  readonly segment: number;
  /** 0..1 */
  readonly requested: number;
  /** what was wrong with it, where something was */
  readonly problem?: string;
}

export interface ExecutionResult {
  readonly outcome: ActionOutcome;
  /** why it ended early, for people */
  readonly note?: string;
  readonly requested: JointSamples;
  /** what was sent: like requested, with the starts bent towards where the arm was */
  readonly clamped: JointSamples;
  readonly executed: JointSamples;
  readonly grips: readonly GripRecord[];
  /** closed loop: how often a motion was replaced, and how often a replacement was refused */
  readonly replaced: number;
  readonly refused: number;
  /** closed loop: how far the target had left the tube, where it did [m]; the arm holds */
  readonly leftTube?: number;
}

/** Why an execution goes no further. */
export interface Ended {
  readonly outcome: ActionOutcome;
  readonly note: string;
}

/** One run of a validated trajectory: its segments one by one, and what is recorded of them. */
export class Execution {
  readonly executed: JointLog;
  readonly #link: RobotLink;
  #validated: ValidatedTrajectory;
  #next: ValidatedTrajectory | undefined;
  #replaced = 0;
  #refused = 0;
  #leftTube: number | undefined;
  readonly #asked: Trajectory;
  readonly #options: ExecuteOptions;
  readonly #sent: JointLog;
  readonly #grips: GripRecord[] = [];
  readonly #start: number;
  readonly #deadline: number;
  #approached = -1;

  constructor(link: RobotLink, validated: ValidatedTrajectory, options: ExecuteOptions) {
    this.#link = link;
    this.#validated = validated;
    this.#asked = validated.trajectory;
    this.#options = options;
    this.#start = link.clock.now();
    this.#deadline = options.deadline ?? Number.POSITIVE_INFINITY;
    this.executed = new JointLog(this.#start);
    this.#sent = new JointLog(this.#start);
  }

  get #trajectory(): Trajectory {
    return this.#validated.trajectory;
  }

  get segments(): readonly TrajectorySegment[] {
    return this.#trajectory.segments;
  }

  /** Goes on with the rest that was planned again, where there is one. */
  takeOver(): boolean {
    if (!this.#next) return false;
    this.#validated = this.#next;
    this.#next = undefined;
    this.#approached = -1;
    return true;
  }

  async move(segment: TrajectorySegment & { kind: 'move' }, index: number): Promise<Ended | undefined> {
    const { signal } = this.#options;
    const link = this.#link;
    await this.#approach(this.#nextWaypoint(segment.first));
    if (signal.aborted) return cancelled;
    const planned = goalOf(this.#trajectory, segment.first, segment.last);
    const goal = blendStart(planned, link.robotState(), link.profile.accelerationLimits);
    const seconds = goal.times[goal.times.length - 1] ?? 0;
    const deadline = Math.min(seconds * FACTOR + EXTRA, this.#remaining());
    this.#logSent(goal, segment);
    const begun = link.clock.now();
    const running = await link.begin(goal, { deadline, signal });
    const { steering } = this.#options;
    if (steering) return this.#steer(goal, running, begun, segment, index, steering, deadline);
    try {
      while (!running.settled && !running.problem()) {
        await link.clock.advance(TICK, signal);
        const sample = this.#sampleAt(segment, link.clock.now() - begun);
        this.#progress(sample, index);
        if (link.clock.lockStep) await this.#approach(this.#nextWaypoint(sample));
      }
    } catch (error) {
      // Cancelling is the move's own to do; anything else has ended the link.
      if (!signal.aborted) throw error;
    }
    const outcome = await running.outcome();
    if (outcome === 'succeeded') {
      this.#progress(segment.last, index);
      return undefined;
    }
    if (outcome === 'cancelled') return cancelled;
    return { outcome, note: endedBy(outcome, segment.toWaypoint, running.words()) };
  }

  async grip(segment: TrajectorySegment & { kind: 'grip' }, index: number): Promise<Ended | undefined> {
    const { signal } = this.#options;
    const { clock } = this.#link;
    if (signal.aborted) return cancelled;
    await this.#awaitRest();
    const outcome = await this.#link.grip(segment.to, signal);
    const grasps = this.#validated.grasps.find((grasp) => grasp.sample === segment.at)?.label;
    const problem = judgeGrip(outcome, { to: segment.to, ...(grasps === undefined ? {} : { grasps }) });
    this.#grips.push({
      ...outcome,
      segment: index,
      requested: segment.to,
      ...(problem === undefined ? {} : { problem }),
    });
    // A gripper that somebody stopped has not failed to grasp.
    if (signal.aborted || outcome.outcome === 'cancelled') return cancelled;
    if (problem !== undefined) return { outcome: 'aborted', note: problem };
    await clock.advance(SETTLE, signal);
    this.#progress(Math.min(segment.at + 1, this.#trajectory.times.length - 1), index);
    return undefined;
  }

  result(outcome: ActionOutcome, note?: string): ExecutionResult {
    const { times, joints, velocities, gripper } = this.#asked;
    return {
      outcome,
      ...(note === undefined ? {} : { note }),
      requested: { times, joints, velocities, gripper },
      clamped: this.#sent.samples(),
      executed: this.executed.samples(),
      grips: this.#grips,
      replaced: this.#replaced,
      refused: this.#refused,
      ...(this.#leftTube === undefined ? {} : { leftTube: this.#leftTube }),
    };
  }

  async #steer(
    goal: MoveGoal,
    running: RunningMove,
    begun: number,
    segment: TrajectorySegment & { kind: 'move' },
    index: number,
    steering: Steering,
    deadline: number,
  ): Promise<Ended | undefined> {
    const { signal } = this.#options;
    const waypoint = segment.toWaypoint;
    const first = moveOf(this.#trajectory, segment, goal);
    const steered = await steerMove(this.#link, first, running, begun, waypoint, {
      steering,
      approved: this.#asked,
      deadline,
      signal,
      onTick: (elapsed) => this.#progress(this.#sampleAt(segment, elapsed), index),
      onReplaced: (next, at) => this.#logReplacement(next, at),
    });
    this.#replaced += steered.replaced;
    this.#refused += steered.refused;
    if (steered.leftTube !== undefined) {
      return this.#hold(
        steered.leftTube,
        `The target moved ${quantity(steered.leftTube, 'm')} from the approved path, more than the tube of ${quantity(steering.tube, 'm')}. The arm holds: approve again.`,
        steered.outcome,
      );
    }
    if (signal.aborted || (steered.outcome === 'cancelled' && !steered.stopped)) return cancelled;
    if (steered.outcome !== 'succeeded' && !steered.stopped) {
      return {
        outcome: steered.outcome,
        note: endedBy(steered.outcome, waypoint, steered.words),
      };
    }
    if (steered.stopped) this.#replaced++;
    else if (steered.replaced === 0 || index === this.segments.length - 1) return undefined;
    await this.#awaitRest();
    const { validated, refusal } = await steering.rest(waypoint, signal);
    if (!validated) {
      const why = refusal ? ` ${refusal.message}` : '';
      return { outcome: 'aborted', note: `After the correction, the rest could not be planned again.${why}` };
    }
    this.#next = validated;
    const { deviation } = tubeDeviation(validated.trajectory, this.#asked);
    if (deviation <= steering.tube) return undefined;
    return this.#hold(
      deviation,
      `The rest, planned again, would leave the approved tube by ${quantity(deviation - steering.tube, 'm')}. The arm holds: approve again.`,
      'cancelled',
    );
  }

  async #hold(leftTube: number, note: string, outcome: ActionOutcome): Promise<Ended> {
    await this.#awaitRest();
    this.#leftTube = leftTube;
    return { outcome: outcome === 'succeeded' ? 'cancelled' : outcome, note };
  }

  #remaining(): number {
    const left = this.#deadline - (this.#link.clock.now() - this.#start);
    if (left > 0) return left;
    throw new WaybookError(
      'link/timeout',
      `The execution did not end within its deadline of ${this.#deadline} s.`,
      {
        hint: 'The arm is at rest. Raise "deadline" in the execute cell, or lower the number of waypoints.',
      },
    );
  }

  async #approach(waypoint: number): Promise<void> {
    if (waypoint <= this.#approached) return;
    this.#approached = waypoint;
    await this.#options.pauseAt?.(waypoint);
  }

  /** The waypoint that comes after a sample. */
  #nextWaypoint(sample: number): number {
    const { waypointSamples } = this.#trajectory;
    const next = waypointSamples.findIndex((at) => at > sample);
    return next < 0 ? waypointSamples.length - 1 : next;
  }

  #sampleAt(segment: { first: number; last: number }, elapsed: number): number {
    const { times } = this.#trajectory;
    const t = (times[segment.first] as number) + elapsed;
    let sample = segment.first;
    while (sample < segment.last && (times[sample + 1] as number) <= t) sample++;
    return sample;
  }

  #progress(sample: number, segment: number): void {
    const total = duration(this.#trajectory);
    this.#options.onProgress?.({
      fraction: total > 0 ? (this.#trajectory.times[sample] as number) / total : 1,
      sample,
      segment,
      waypoint: this.#nextWaypoint(sample),
    });
  }

  #logSent(goal: MoveGoal, segment: { first: number }): void {
    const d = goal.jointNames.length;
    const now = this.#link.clock.now();
    goal.times.forEach((t, i) => {
      const part = [i * d, (i + 1) * d] as const;
      const gripper = this.#trajectory.gripper[segment.first + i] as number;
      this.#sent.add(now + t, goal.joints.subarray(...part), goal.velocities.subarray(...part), gripper);
    });
  }

  #logReplacement(
    { times, joints, velocities, gripper, jointNames: { length: d } }: Trajectory,
    at: number,
  ): void {
    this.#sent.truncate(at);
    times.forEach((t, i) => {
      const part = [i * d, (i + 1) * d] as const;
      this.#sent.add(at + t, joints.subarray(...part), velocities.subarray(...part), gripper[i] as number);
    });
  }

  async #awaitRest(): Promise<void> {
    const { clock } = this.#link;
    const until = clock.now() + REST_WAIT;
    while (this.#link.robotState().velocities.some((v) => Math.abs(v) > REST_SPEED)) {
      if (clock.now() > until) {
        throw new WaybookError('link/fault', `The arm is not at rest ${REST_WAIT} s after its move ended.`, {
          hint: 'The gripper was not moved. Look at the controller’s tolerances.',
        });
      }
      await clock.advance(TICK, this.#options.signal);
    }
  }
}

const cancelled: Ended = { outcome: 'cancelled', note: 'Stopped before the end; the arm is at rest.' };

/** One move as a trajectory of its own, with the joints as they were sent. */
function moveOf(t: Trajectory, { first, last }: { first: number; last: number }, goal: MoveGoal): Trajectory {
  return {
    ...goal,
    tool: t.tool.slice(7 * first, 7 * (last + 1)),
    gripper: t.gripper.slice(first, last + 1),
    segments: [{ kind: 'move', first: 0, last: last - first, toWaypoint: 0 }],
    waypointSamples: [last - first],
  };
}

/** Samples `first`..`last` as one goal that starts at time 0. */
function goalOf(t: Trajectory, first: number, last: number): MoveGoal {
  const d = t.jointNames.length;
  const start = t.times[first] as number;
  return {
    jointNames: t.jointNames,
    times: t.times.slice(first, last + 1).map((time) => time - start),
    joints: t.joints.slice(first * d, (last + 1) * d),
    velocities: t.velocities.slice(first * d, (last + 1) * d),
  };
}

/** `waypoint` counts from 0, people from 1. */
function endedBy(outcome: ActionOutcome, waypoint: number, words: string | undefined): string {
  return `The controller ${outcome} the move to waypoint ${waypoint + 1}${words === undefined ? '' : `: ${words}`}.`;
}
