import { messageOf } from '../../core/errors.ts';
import type { Pose, Vec3 } from '../../core/geometry.ts';
import { distance } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { defaultServices } from '../../notebook/session/default-services.ts';
import { silentLog } from '../../notebook/session/run-log.ts';
import type { World } from '../../notebook/session/services.ts';
import type { SessionEvent } from '../../notebook/session/session-api.ts';
import { TaskSession } from '../../notebook/session/task-session.ts';
import { taskNotebook } from './task-list.ts';

/** Tasks whose first thing to be grasped can be pushed aside while the arm comes. */
export const CLOSED_LOOP_TASKS = [
  { name: 'put-in-bowl', instruction: 'put the red cube in the blue bowl', target: 'red cube' },
  { name: 'stack', instruction: 'stack the red cube on the green cube', target: 'red cube' },
] as const;

export type ClosedLoopTask = (typeof CLOSED_LOOP_TASKS)[number]['name'];

export interface PairRequest {
  readonly task: ClosedLoopTask;
  readonly seed: number;
  readonly refiner: string;
  readonly rateHz: number;
}

export interface ArmResult {
  readonly success: boolean;
  readonly reason: string;
  /** what the execute cell said of its looks and corrections */
  readonly summary: string;
  /** looks a second while it moved */
  readonly rateHz?: number;
}

/** The same scene, plan, refiner and displacement, without and with looking while moving. */
export interface PairResult {
  readonly task: string;
  readonly seed: number;
  /** m */
  readonly displacement: number;
  readonly open: ArmResult;
  readonly closed: ArmResult;
}

/** The tool is this near to the target when the target is pushed [m]: on its way down, half a second to a second before. */
const TRIGGER = { least: 0.18, most: 0.3 } as const;
const DISPLACEMENT = { least: 0.02, most: 0.05 } as const;
/** Where things stay within reach and on the table [m]. */
const TABLE = { min: [0.3, -0.3], max: [0.65, 0.3] } as const;
const GAP = 0.01;
const TUBE = 0.06;

/** A push that the tool's nearness releases, once. */
interface Push {
  readonly id: string;
  readonly from: Vec3;
  readonly to: Pose;
  readonly trigger: number;
  done: boolean;
}

/** Runs pairs of episodes one after another, on one simulator at a time. */
export class ClosedLoopRunner implements AsyncDisposable {
  readonly #services = defaultServices();
  #world: World | undefined;
  #moving = false;
  #wanted: { readonly target: string; readonly seed: number; readonly task: string } | undefined;
  #push: Push | undefined;
  #summary = '';
  #failure: Error | undefined;
  readonly #session: TaskSession;

  constructor() {
    const services = this.#services;
    this.#session = new TaskSession({
      services: {
        ...services,
        openWorld: async (...args) => (this.#world = await services.openWorld(...args)),
        refiner: (id) => {
          const refiner = services.refiner(id);
          return {
            ...refiner,
            refine: (request, signal) => {
              // Where the target stands is known when the plan is first refined.
              if (!this.#push && request.capture) this.#push = this.#pushFor(request.capture.objects);
              return refiner.refine(request, signal);
            },
          };
        },
      },
      emit: (event) => this.#watch(event),
      openLog: () => silentLog,
      id: 'eval',
    });
  }

  async run(request: PairRequest): Promise<PairResult> {
    const open = await this.#arm(request, false);
    const { displacement } = open;
    const closed = await this.#arm(request, true);
    return { task: request.task, seed: request.seed, displacement, open: open.result, closed: closed.result };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  async #arm(
    { task: name, seed, refiner, rateHz }: PairRequest,
    closedLoop: boolean,
  ): Promise<{ result: ArmResult; displacement: number }> {
    const task = CLOSED_LOOP_TASKS.find((candidate) => candidate.name === name);
    if (!task) throw new RangeError(`There is no task ${name}`);
    this.#wanted = { target: task.target, seed, task: name };
    this.#push = undefined;
    this.#summary = '';
    this.#failure = undefined;
    const loop = closedLoop ? { closedLoop, rateHz, tube: TUBE } : {};
    const summary = await this.#session.run({
      runId: `${name}-${seed}-${closedLoop ? 'closed' : 'open'}`,
      text: taskNotebook(task.instruction, JSON.stringify({ speed: 0.5, ...loop })),
      name: `${name}.waybook.md`,
      runsFolder: '',
      options: { robot: `sim:${name}?seed=${seed}`, robotFrom: 'option', refiner },
    });
    const failure = this.#pushFailure();
    if (failure) throw failure;
    const push = this.#pushed();
    const moved = push?.done === true;
    return {
      displacement: push ? distance(push.from, push.to.position) : 0,
      result: {
        success: moved && summary.exitCode === 0 && summary.verdict?.success === true,
        reason: moved
          ? (summary.failure?.message ?? summary.verdict?.reason ?? summary.outcome)
          : `the target was never pushed: ${summary.failure?.message ?? summary.outcome}`,
        summary: this.#summary,
        ...rateOf(this.#summary),
      },
    };
  }

  #pushed(): Push | undefined {
    return this.#push;
  }

  #watch(event: SessionEvent): void {
    switch (event.kind) {
      case 'cell-started':
        this.#moving = event.phase === 'execute';
        return;
      case 'cell-ended':
        if (event.cell === 'go') this.#summary = event.summary;
        this.#moving = false;
        return;
      case 'robot':
        if (this.#moving) this.#mayPush(event.state.joints);
        return;
      default:
        return;
    }
  }

  /** Sent between two slices of simulated time, on the socket that asks for the next: always at the same instant. */
  #mayPush(joints: readonly number[]): void {
    const push = this.#push;
    const world = this.#world;
    if (!push || push.done || !world?.simulator) return;
    if (distance(world.model.forward(joints).position, push.from) > push.trigger) return;
    push.done = true;
    world.simulator
      .moveObject(push.id, push.to)
      .catch(
        (error: unknown) => (this.#failure = error instanceof Error ? error : new Error(messageOf(error))),
      );
  }

  #pushFailure(): Error | undefined {
    return this.#failure;
  }

  #pushFor(objects: readonly SceneObject[]): Push | undefined {
    const wanted = this.#wanted;
    const target = objects.find((object) => object.label === wanted?.target);
    if (!target || !wanted) return undefined;
    const random = new Random('closed loop', wanted.task, wanted.seed);
    const by = random.uniform(DISPLACEMENT.least, DISPLACEMENT.most);
    const trigger = random.uniform(TRIGGER.least, TRIGGER.most);
    const { position, orientation } = target.pose;
    // The first of many directions in which nothing stands.
    for (let attempt = 0; attempt < 64; attempt++) {
      const angle = random.uniform(0, 2 * Math.PI);
      const to: Vec3 = [position[0] + by * Math.cos(angle), position[1] + by * Math.sin(angle), position[2]];
      if (!isFree(to, target, objects)) continue;
      return { id: target.id, from: position, to: { position: to, orientation }, trigger, done: false };
    }
    return undefined;
  }
}

function rateOf(summary: string): { rateHz?: number } {
  const rate = /looks at ([\d.]+) Hz/.exec(summary)?.[1];
  return rate === undefined ? {} : { rateHz: Number(rate) };
}

function isFree(to: Vec3, target: SceneObject, objects: readonly SceneObject[]): boolean {
  const { min, max } = TABLE;
  if (to[0] < min[0] || to[0] > max[0] || to[1] < min[1] || to[1] > max[1]) return false;
  const half = (object: SceneObject): number => Math.hypot(object.size[0], object.size[1]) / 2;
  return objects.every(
    (object) =>
      object === target ||
      Math.hypot(object.pose.position[0] - to[0], object.pose.position[1] - to[1]) >
        half(object) + half(target) + GAP,
  );
}
