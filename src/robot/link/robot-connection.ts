import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { GateEvent, GateState } from '../gate/gate-machine.ts';
import { INITIAL_GATE, nextGate, refusalToMove } from '../gate/gate-machine.ts';
import type {
  ActionOutcome,
  CameraFrame,
  GripOutcome,
  LinkInfo,
  LinkState,
  MoveGoal,
  RobotClock,
  RobotLink,
  RunningMove,
  StopReport,
} from '../robot-link.ts';
import { backoffMs } from '../socket/backoff.ts';
import { describeUrl } from '../socket/connect-errors.ts';
import { checkGoal } from './check-goal.ts';
import { detectObjects } from './detect-objects.ts';
import type { GoalHandle } from './goal-handle.ts';
import { Heartbeat } from './heartbeat.ts';
import { keepAligned } from './keep-aligned.ts';
import { sleep } from './link-clock.ts';
import { LinkSession } from './link-session.ts';
import type { SessionSettings } from './link-session.ts';
import { measureLink } from './measure-link.ts';
import { observeCamera } from './observe-camera.ts';
import { proveStop } from './prove-stop.ts';
import { STATE_AGE_LIMIT, stateAge } from './run-goal.ts';
import { runGrip } from './run-grip.ts';
import { sendMove } from './send-move.ts';
import type { MoveOptions } from './send-move.ts';
import { stopMotion } from './stop-motion.ts';

export interface ConnectionOptions extends Omit<SessionSettings, 'onProblem'> {
  /** come back after a loss, to monitor only */
  readonly reconnect?: boolean;
  /** frames that made no sense, and other things worth a log line */
  readonly onProblem?: (error: WaybookError) => void;
  /** source of the jitter between attempts to reconnect; uniform in [0, 1) */
  readonly random?: () => number;
}

/** The robot link over rosbridge. Made by `connectRobot`. */
export class RobotConnection implements RobotLink {
  readonly profile: RobotProfile;
  readonly #options: ConnectionOptions;
  readonly #closing = new AbortController();
  readonly #stateListeners = new Set<(state: RobotState) => void>();
  readonly #linkListeners = new Set<(state: LinkState, reason: string) => void>();
  readonly #goals = new Set<GoalHandle>();
  #gate: GateState = INITIAL_GATE;
  #session: LinkSession;
  #info: LinkInfo;
  #heartbeat: Heartbeat | undefined;
  #stopping: Promise<StopReport> | undefined;
  /** something may have been moving when the connection went */
  #stopOnReturn = false;

  static async connect(
    profile: RobotProfile,
    options: ConnectionOptions,
    signal: AbortSignal,
  ): Promise<RobotConnection> {
    const session = await LinkSession.open(profile, settingsOf(options), signal);
    try {
      const info = await measureLink(session, signal);
      return new RobotConnection(profile, options, session, info);
    } catch (error) {
      session.close(new WaybookError('link/lost', 'Connecting failed.'));
      throw error;
    }
  }

  private constructor(
    profile: RobotProfile,
    options: ConnectionOptions,
    session: LinkSession,
    info: LinkInfo,
  ) {
    this.profile = profile;
    this.#options = options;
    this.#session = session;
    this.#info = info;
    this.#apply({ kind: 'connect' });
    this.#adopt(session, info);
  }

  get state(): LinkState {
    return this.#gate.link;
  }

  get stateReason(): string {
    return this.#gate.reason;
  }

  get clock(): RobotClock {
    return this.#session.clock;
  }

  get info(): LinkInfo {
    return this.#info;
  }

  /** The connection as it is now; replaced after a loss. */
  get session(): LinkSession {
    return this.#session;
  }

  robotState(): RobotState {
    const state = this.#session.joints.latest;
    const age = stateAge(this.#session);
    if (state && age <= STATE_AGE_LIMIT && this.#session.isOpen) return state;
    throw new WaybookError(
      'link/timeout',
      state ? `The newest joint state is ${age.toFixed(2)} s old.` : 'No joint state has come yet.',
      {
        hint: 'Is the robot’s driver running?',
        limit: {
          name: 'state age',
          value: Number.isFinite(age) ? age : -1,
          limit: STATE_AGE_LIMIT,
          unit: 's',
        },
      },
    );
  }

  onState(listener: (state: RobotState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  onLinkState(listener: (state: LinkState, reason: string) => void): () => void {
    this.#linkListeners.add(listener);
    return () => void this.#linkListeners.delete(listener);
  }

  async observe(
    camera: string,
    signal: AbortSignal,
    options: { image?: boolean } = {},
  ): Promise<CameraFrame> {
    return observeCamera(this.#connected(), camera, signal, options);
  }

  async detect(signal: AbortSignal): Promise<readonly SceneObject[] | undefined> {
    return detectObjects(this.#connected(), signal);
  }

  async arm(signal: AbortSignal): Promise<void> {
    const session = this.#connected();
    const blocking = this.#info.problems.filter((problem) => problem.blocks === 'motion');
    if (this.#gate.link === 'armed') return;
    if (this.#gate.link !== 'monitoring') throw this.#refusal();
    if (blocking.length > 0) {
      throw new WaybookError(
        'link/fault',
        `Cannot arm: ${blocking.map((problem) => problem.message).join(' ')}`,
        {
          hint: 'Correct the robot’s profile, or start what is missing on the robot.',
        },
      );
    }
    const forbidden = session.status.refusal();
    if (forbidden !== undefined) throw forbiddenError(forbidden);
    // The built-in simulator is known to cancel; on a robot it is proved, or nothing moves.
    if (this.profile.kind === 'robot') {
      try {
        await proveStop(session, this.robotState(), signal);
      } catch (error) {
        if (session.isOpen) await stopMotion(session, []);
        throw error;
      }
    }
    this.#apply({ kind: 'armed' });
  }

  disarm(reason: string): void {
    this.#apply({ kind: 'disarmed', reason });
  }

  recover(): void {
    this.#connected();
    this.#apply({ kind: 'recovered' });
  }

  async begin(goal: MoveGoal, options: { deadline: number; signal: AbortSignal }): Promise<RunningMove> {
    const session = this.#mayMove();
    checkGoal(goal, this.profile, this.robotState());
    await session.trajectory.ready(session.clock, options.signal);
    this.#mayMove();
    this.#apply({ kind: 'motion-started' });
    return this.#send(session, goal, options);
  }

  async move(goal: MoveGoal, options: { deadline: number; signal: AbortSignal }): Promise<ActionOutcome> {
    return (await this.begin(goal, options)).outcome();
  }

  async grip(opening: number, signal: AbortSignal): Promise<GripOutcome> {
    const session = this.#mayMove();
    this.#apply({ kind: 'motion-started' });
    try {
      const outcome = await runGrip(session, opening, this.#goals, signal);
      this.#apply({ kind: 'motion-ended' });
      return outcome;
    } catch (error) {
      this.#afterFailure(error);
      throw error;
    }
  }

  stop(reason: string): Promise<StopReport> {
    this.#stopping ??= this.#stop(reason).finally(() => (this.#stopping = undefined));
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (this.#gate.link === 'executing') await this.stop('the link is being closed');
    this.#closing.abort(new WaybookError('link/lost', 'The link was closed.'));
    this.#endHeartbeat(this.#gate.link === 'armed');
    this.#session.close(new WaybookError('link/lost', 'The link was closed.'));
    this.#apply({ kind: 'closed' });
  }

  #send(session: LinkSession, goal: MoveGoal, options: MoveOptions, startAt?: number): RunningMove {
    return sendMove(
      session,
      goal,
      options,
      {
        goals: this.#goals,
        ended: () => this.#apply({ kind: 'motion-ended' }),
        failed: (error) => this.#afterFailure(error),
        replace: (next, nextOptions, at) => {
          this.#connected();
          if (this.#gate.link !== 'executing') throw this.#refusal();
          checkGoal(next, this.profile, undefined);
          return () => this.#send(session, next, nextOptions, at);
        },
      },
      startAt,
    );
  }

  /** A cancelled goal that came to rest is no fault; anything else stops the robot and waits for a person. */
  #afterFailure(error: unknown): void {
    if (error instanceof WaybookError && error.code === 'task/cancelled') {
      this.#apply({ kind: 'motion-ended' });
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    this.#apply({ kind: 'fault', reason });
    if (this.#session.isOpen) void this.stop(reason);
  }

  async #stop(reason: string): Promise<StopReport> {
    const session = this.#session;
    const wasExecuting = this.#gate.link === 'executing';
    if (!session.isOpen) {
      this.#stopOnReturn = true;
      return { atRest: false };
    }
    const goals = [...this.#goals];
    const report = await stopMotion(session, goals);
    if (!report.atRest)
      this.#apply({ kind: 'fault', reason: `${reason}: the stop was sent, rest was not seen` });
    // On a robot a stop takes the arming with it; the simulator is armed for as long as it is connected.
    else if (this.profile.kind === 'robot') this.#apply({ kind: 'disarmed', reason: `stopped: ${reason}` });
    else if (wasExecuting && goals.every((goal) => goal.end)) this.#apply({ kind: 'motion-ended' });
    return report;
  }

  #adopt(session: LinkSession, info: LinkInfo): void {
    this.#session = session;
    this.#info = info;
    session.onState((state) => {
      for (const listener of [...this.#stateListeners]) listener(state);
    });
    session.lost.addEventListener('abort', () => this.#lost(session), { once: true });
    keepAligned(session);
    this.#apply({ kind: 'connected' });
    if (this.profile.kind === 'simulator') this.#apply({ kind: 'armed' });
  }

  #lost(session: LinkSession): void {
    if (this.#closing.signal.aborted || session !== this.#session) return;
    if (this.#gate.link === 'executing') this.#stopOnReturn = true;
    const reason: unknown = session.lost.reason;
    this.#apply({ kind: 'lost', reason: reason instanceof Error ? reason.message : 'the link was lost' });
    this.#goals.clear();
    if (this.#options.reconnect === true) void this.#reconnect();
  }

  /** Comes back to monitor only. The first thing sent after a loss while moving is a stop; nothing is ever resent. */
  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    const random = this.#options.random ?? Math.random;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await sleep(backoffMs(attempt, random()), signal);
        this.#apply({ kind: 'connect' });
        const session = await LinkSession.open(this.profile, settingsOf(this.#options), signal);
        if (this.#stopOnReturn) {
          this.#stopOnReturn = false;
          this.#options.onProblem?.(
            new WaybookError(
              'link/fault',
              `Connected to ${describeUrl(this.#options.url)} again: stopping what may still move.`,
            ),
          );
          await stopMotion(session, []);
        }
        this.#adopt(session, await measureLink(session, signal));
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#apply({ kind: 'lost', reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  #apply(event: GateEvent): void {
    const before = this.#gate;
    this.#gate = nextGate(before, event);
    if (this.#gate === before) return;
    const { link } = this.#gate;
    if (link === 'armed' || link === 'executing')
      this.#heartbeat ??= Heartbeat.start(this.#session, this.#options.session);
    // From rest to rest there is nothing to stop; whatever else ends the command is left to the dead-man too.
    else this.#endHeartbeat(before.link === 'armed' && link !== 'fault');
    for (const listener of [...this.#linkListeners]) listener(this.#gate.link, this.#gate.reason);
  }

  #endHeartbeat(farewell: boolean): void {
    this.#heartbeat?.stop(farewell);
    this.#heartbeat = undefined;
  }

  #connected(): LinkSession {
    if (this.#session.isOpen) return this.#session;
    const reason: unknown = this.#session.lost.reason;
    throw reason instanceof WaybookError ? reason : new WaybookError('link/lost', 'The link is closed.');
  }

  #mayMove(): LinkSession {
    const session = this.#connected();
    if (this.#gate.link !== 'armed') throw this.#refusal();
    const forbidden = session.status.refusal();
    if (forbidden !== undefined) throw forbiddenError(forbidden);
    return session;
  }

  #refusal(): WaybookError {
    const refusal = refusalToMove(this.#gate) ?? { message: `The robot is ${this.#gate.link}.`, hint: '' };
    return new WaybookError('link/fault', refusal.message, { hint: refusal.hint });
  }
}

const forbiddenError = (why: string): WaybookError =>
  new WaybookError('link/fault', `The robot is not ready to be moved. ${why}`, {
    hint: 'Clear it at the robot, by whoever stands there; nothing here does.',
  });

const settingsOf = (options: ConnectionOptions): SessionSettings => ({
  ...options,
  onProblem: options.onProblem ?? (() => undefined),
});
