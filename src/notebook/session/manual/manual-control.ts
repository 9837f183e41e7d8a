import type { Capture } from '../../../core/capture.ts';
import { WaybookError } from '../../../core/errors.ts';
import { hashJson } from '../../../core/hash.ts';
import type { RobotProfile } from '../../../core/robot-profile.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import { duration, type Trajectory } from '../../../core/trajectory.ts';
import { type ApprovedMotion, standingApprovalHash } from '../../../robot/gate/approval.ts';
import { executeTrajectory } from '../../../robot/gate/execute-trajectory.ts';
import { validate, type ValidatedTrajectory } from '../../../robot/gate/validate.ts';
import { freshState } from '../fresh-state.ts';
import { durationLimits, validatedOf } from '../check-motion.ts';
import { checkSpeed, type MotionLimits } from '../motion-limits.ts';
import type { World } from '../services.ts';
import type { ApprovalRequest } from '../session-api.ts';
import { judgeHandEye } from './hand-eye.ts';
import { JogEnvelope } from './jog-envelope.ts';
import { jointMove } from './joint-move.ts';
import type { ManualAction, ManualReport } from './manual-api.ts';
import { axisName, configuration, jogStep, straightTo } from './moves-by-hand.ts';
import { look, record, report, resolved } from './read-robot.ts';

/** Share of full speed for motions that a person asks for one by one. */
const DEFAULT_SPEED = 0.1;
const JOG_SPEED = 0.05;
/** After the last `hold`, the arm brakes when this has passed [ms of wall time]. */
export const HOLD_MS = 300;
/** Keyboards repeat a held key only after a moment: the first hold lasts longer [ms]. */
export const FIRST_HOLD_MS = 700;
const TUBE = 0.02;

/** What manual control needs of the session that it belongs to. */
export interface ManualPort {
  readonly world: World;
  /** with settings' limits in force */
  readonly profile: RobotProfile;
  readonly limits: MotionLimits;
  /** nothing moves in an untrusted workspace */
  readonly trusted: boolean;
  approve(request: ApprovalRequest): Promise<void>;
  /** the hash that a headless command was given */
  readonly approved: string | undefined;
  advanceEpoch(): void;
}

/**
 * Moves an arm at a person's word: to a pose, home, a step, the gripper. Everything that moves is validated against what a
 * camera sees now, approved where the robot is a real one, and executed by the gate; nothing here sends a goal itself.
 */
export class ManualControl {
  #jogging: { readonly release: AbortController; timer: NodeJS.Timeout | undefined } | undefined;
  #envelope: JogEnvelope | undefined;

  async perform(action: ManualAction, port: ManualPort, signal: AbortSignal): Promise<ManualReport> {
    const { world } = port;
    switch (action.kind) {
      case 'look':
        return { kind: 'robot', robot: await report(world, signal) };
      case 'recover':
        if (world.link.state === 'fault') world.link.recover();
        this.#envelope = undefined;
        return { kind: 'robot', robot: await report(world, signal) };
      case 'record':
        return record(world, action.frame ?? 'base', signal);
      case 'hand-eye': {
        const tool = world.model.forward((await freshState(world.link, signal)).joints).position;
        return { kind: 'hand-eye', report: judgeHandEye(action.points, port.profile.handEye?.limit), tool };
      }
      case 'move': {
        const speed = action.speed ?? DEFAULT_SPEED;
        const seen = await look(world, signal);
        const waypoint = await resolved(world, action.to, action.frame ?? 'base', signal);
        const plan = { move: action.to, frame: action.frame ?? 'base' };
        return this.#move(port, `to "${waypoint.label}"`, plan, speed, seen, signal, (start) =>
          straightTo(world, port.profile, waypoint, start, speed),
        );
      }
      case 'pose': {
        const speed = action.speed ?? DEFAULT_SPEED;
        const joints = configuration(port.profile, action.joints);
        const name = typeof action.joints === 'string' ? action.joints : 'the configuration';
        return this.#move(port, `to ${name}`, { joints }, speed, await look(world, signal), signal, (start) =>
          jointMove(world.model, start.joints, joints, {
            speed,
            toolSpeedLimit: port.profile.toolSpeedLimit,
            gripper: start.gripper,
          }),
        );
      }
      case 'jog':
        return this.#jog(port, action, signal);
      case 'grip':
        return this.#grip(port, action.opening, signal);
    }
  }

  /** Said again and again while the key or button is down. */
  hold(): void {
    const jogging = this.#jogging;
    // Before it may move there is nothing to hold: looking and asking take their time.
    if (!jogging?.timer) return;
    clearTimeout(jogging.timer);
    jogging.timer = setTimeout(() => this.release(), HOLD_MS);
  }

  release(): void {
    this.#jogging?.release.abort(new WaybookError('task/cancelled', 'The jog was let go of.'));
  }

  async #move(
    port: ManualPort,
    what: string,
    planned: object,
    speed: number,
    seen: Capture | undefined,
    signal: AbortSignal,
    plan: (start: RobotState) => Trajectory,
  ): Promise<ManualReport> {
    mayMove(port, speed);
    const start = await freshState(port.world.link, signal);
    const validated = await check(port, plan(start), seen, signal);
    const approval = await this.#approve(port, planned, validated, speed, TUBE);
    return execute(port, validated, approval, what, signal);
  }

  /** A motion of at most one step, which ends at rest as soon as nobody holds it. */
  async #jog(
    port: ManualPort,
    { axis, sign, speed = JOG_SPEED }: Extract<ManualAction, { kind: 'jog' }>,
    signal: AbortSignal,
  ): Promise<ManualReport> {
    if (this.#jogging) throw new WaybookError('input/usage', 'The arm is being jogged already.');
    mayMove(port, speed);
    const { world } = port;
    const release = new AbortController();
    const abort = (): void => release.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const jogging = { release, timer: undefined as NodeJS.Timeout | undefined };
    this.#jogging = jogging;
    const beginHold = (): void => {
      jogging.timer ??= setTimeout(() => this.release(), FIRST_HOLD_MS);
    };
    try {
      const start = await freshState(world.link, signal);
      const here = world.model.forward(start.joints);
      const known = this.#envelope?.covers(here.position, world.link.profile.name, speed) === true;
      if (known) beginHold();
      const seen = known ? this.#envelope?.seen : await look(world, signal);
      const trajectory = jogStep(world, port.profile, start, axis, sign, speed);
      const validated = await check(port, trajectory, seen, signal);
      if (!known) {
        await this.#approve(port, { jog: true }, validated, speed, JogEnvelope.RADIUS);
        this.#envelope = new JogEnvelope(here.position, world.link.profile.name, speed, seen);
        // Whoever has just answered a question holds no key down.
        if (port.world.simulator === undefined && port.approved === undefined) {
          return { kind: 'moved', text: 'Jogging is approved here; press again to move.', tool: here };
        }
        beginHold();
      }
      const approval = motionOf(port, { jog: true }, validated, speed, JogEnvelope.RADIUS);
      return await execute(port, validated, approval, `along ${axisName(axis, sign)}`, release.signal);
    } finally {
      signal.removeEventListener('abort', abort);
      clearTimeout(jogging.timer);
      this.#jogging = undefined;
    }
  }

  async #grip(port: ManualPort, opening: number, signal: AbortSignal): Promise<ManualReport> {
    if (!(opening >= 0 && opening <= 1)) {
      throw new WaybookError('input/limit', `An opening is 0 (closed) to 1 (open), not ${opening}.`);
    }
    mayMove(port, DEFAULT_SPEED);
    const { world } = port;
    const state = await freshState(world.link, signal);
    // The arm stands still: a motion of no length stands for it in the approval.
    const still = jointMove(world.model, state.joints, state.joints, {
      speed: DEFAULT_SPEED,
      toolSpeedLimit: port.profile.toolSpeedLimit,
      gripper: opening,
    });
    const validated = await check(port, still, undefined, signal);
    await this.#approve(port, { grip: opening }, validated, DEFAULT_SPEED, TUBE);
    await armed(port, signal);
    port.advanceEpoch();
    const outcome = await world.link.grip(opening, signal);
    if (outcome.outcome === 'cancelled') throw new WaybookError('task/cancelled', 'The gripper was stopped.');
    return { kind: 'gripped', opening: outcome.opening, stalled: outcome.stalled };
  }

  async #approve(
    port: ManualPort,
    plan: object,
    validated: ValidatedTrajectory,
    speed: number,
    tube: number,
  ): Promise<ApprovedMotion> {
    const motion = motionOf(port, plan, validated, speed, tube);
    const request: ApprovalRequest = {
      ...motion,
      hash: standingApprovalHash(motion),
      url: port.world.endpoint,
      toolSpeed: validated.toolSpeed,
      duration: duration(validated.trajectory),
    };
    await port.approve(request);
    return motion;
  }
}

function mayMove(port: ManualPort, speed: number): void {
  if (!port.trusted) {
    throw new WaybookError('input/approval', 'Nothing moves in an untrusted workspace.', {
      hint: 'Trust the workspace first.',
    });
  }
  checkSpeed(speed, port.limits);
  if (!(speed > 0 && speed <= 1)) {
    throw new WaybookError(
      'input/limit',
      `A speed is a fraction of full speed, above 0 up to 1, not ${speed}.`,
    );
  }
}

const motionOf = (
  { world }: ManualPort,
  plan: object,
  validated: ValidatedTrajectory,
  speed: number,
  tube: number,
): ApprovedMotion => ({
  robot: world.link.profile.name,
  planHash: hashJson(plan),
  trajectoryHash: validated.hash,
  tube,
  speed,
  deadline: 2 + 1.2 * duration(validated.trajectory),
});

/** A headless command with the right hash arms, as a headless run does; anybody else arms by hand. */
async function armed(port: ManualPort, signal: AbortSignal): Promise<void> {
  const { link } = port.world;
  if (link.state === 'monitoring' && port.approved !== undefined) await link.arm(signal);
}

async function execute(
  port: ManualPort,
  validated: ValidatedTrajectory,
  approval: ApprovedMotion,
  what: string,
  signal: AbortSignal,
): Promise<ManualReport> {
  await armed(port, signal);
  port.advanceEpoch();
  const { link, model } = port.world;
  const { outcome, note } = await executeTrajectory(link, validated, {
    signal,
    approval,
    deadline: approval.deadline,
  });
  const tool = model.forward(link.robotState().joints);
  if (outcome === 'succeeded') return { kind: 'moved', text: `Moved ${what}.`, tool };
  if (outcome === 'cancelled')
    return { kind: 'moved', text: `Moved ${what} until it was let go of or stopped.`, tool };
  throw new WaybookError('link/fault', note ?? `The motion was ${outcome}.`);
}

async function check(
  { world, profile, limits }: ManualPort,
  trajectory: Trajectory,
  seen: Capture | undefined,
  signal: AbortSignal,
): Promise<ValidatedTrajectory> {
  return validatedOf(
    validate(trajectory, {
      profile,
      model: world.model,
      state: await freshState(world.link, signal),
      now: world.link.clock.now(),
      ...(seen ? { capture: seen } : {}),
      ...(world.selfCollision ? { selfCollision: world.selfCollision } : {}),
      limits: durationLimits(limits),
    }),
  );
}
