import { WaybookError, messageOf } from '../../core/errors.ts';
import type { World, WorldOptions } from '../world-api.ts';
import { NOBODY, claimed, heartbeat, isLost, mayCommand, rebased, released } from './authority.ts';
import type { Authority } from './authority.ts';
import type { Connection } from './connection.ts';
import { Simulation } from './simulation.ts';
import { topicsOf } from './topics.ts';
import type { TopicSpec } from './topics.ts';

export type WorldFactory = (options: WorldOptions) => Promise<World>;

export interface HostSettings {
  readonly lockStep: boolean;
  readonly createWorld: WorldFactory;
  /** one line for people, on stderr */
  readonly log: (line: string) => void;
  /** beside those of the world */
  readonly extraTopics?: readonly TopicSpec[];
  /** after a reset or restore */
  readonly onWorldChanged?: () => void;
}

/** Steps between two looks at the sockets: 100 ms of simulated time, by count so that load changes nothing. */
const SLICE_STEPS = 50;
/** A client that takes nothing for this long is cut off, so that a step always ends [ms of wall time]. */
const FLUSH_TIMEOUT_MS = 5000;
/** One call must not occupy the simulator for ever [s]. */
const MAX_STEP = 60;

/**
 * The simulation as its clients see it: who commands, who listens, and what happens in which order. Time passes only in
 * {@link tick}, which a real-time clock or {@link stepUntil} calls.
 */
export class SimulatorHost {
  readonly lockStep: boolean;
  readonly connections = new Set<Connection>();
  readonly #createWorld: WorldFactory;
  readonly #log: (line: string) => void;
  readonly #onWorldChanged: () => void;
  readonly #extraTopics: readonly TopicSpec[];
  #options: WorldOptions;
  #simulation: Simulation;
  #topics: ReadonlyMap<string, TopicSpec>;
  #authority: Authority = NOBODY;
  #epoch = 1;
  #failure: string | undefined;
  #exclusive: Promise<unknown> = Promise.resolve();
  #closed = false;

  static async create(options: WorldOptions, settings: HostSettings): Promise<SimulatorHost> {
    return new SimulatorHost(await settings.createWorld(options), options, settings);
  }

  private constructor(world: World, options: WorldOptions, settings: HostSettings) {
    this.lockStep = settings.lockStep;
    this.#createWorld = settings.createWorld;
    this.#log = settings.log;
    this.#onWorldChanged = settings.onWorldChanged ?? (() => undefined);
    this.#options = options;
    this.#extraTopics = settings.extraTopics ?? [];
    this.#simulation = new Simulation(world);
    this.#topics = this.#topicsOf(world);
  }

  #topicsOf(world: World): ReadonlyMap<string, TopicSpec> {
    return new Map([...topicsOf(world), ...this.#extraTopics].map((topic) => [topic.name, topic]));
  }

  get simulation(): Simulation {
    return this.#simulation;
  }
  get world(): World {
    return this.#simulation.world;
  }
  /** Simulated time in whole steps [s], free of what a sum of steps gathers in rounding. */
  get time(): number {
    return Number((this.#simulation.tick * this.world.timestep).toFixed(9));
  }
  get topics(): ReadonlyMap<string, TopicSpec> {
    return this.#topics;
  }
  get epoch(): number {
    return this.#epoch;
  }
  /** Why time no longer passes, or undefined. A reset heals it. */
  get failure(): string | undefined {
    return this.#failure;
  }

  // Who commands

  /** Whether this connection's session commands from now on. */
  claim(connection: Connection): boolean {
    this.#authority = claimed(this.#authority, connection.identity.session);
    const mine = this.#authority.commander === connection.identity.session;
    if (mine) connection.commands = true;
    return mine;
  }

  /** Whether this connection may change the world: nobody commands, or its own session. */
  mayCommand(connection: Connection): boolean {
    return mayCommand(this.#authority, connection.identity.session);
  }

  heartbeat(connection: Connection): void {
    this.#authority = heartbeat(this.#authority, connection.identity.session, this.world.time);
    if (this.#authority.commander === connection.identity.session) connection.commands = true;
  }

  /** Whether its session commands and is watched by its heartbeats. */
  hasHeartbeat(connection: Connection): boolean {
    const { commander, lastHeartbeat } = this.#authority;
    return commander === connection.identity.session && lastHeartbeat !== undefined;
  }

  /** The connection is gone; where it commanded, the arm brakes and its goals end. */
  disconnected(connection: Connection): void {
    this.connections.delete(connection);
    connection.outbox.close();
    const { session, role } = connection.identity;
    if (this.#authority.commander !== session || (role === 'data' && !connection.commands)) return;
    const spare = [...this.connections].some(
      (other) => other.identity.session === session && other.identity.role === 'control',
    );
    if (connection.commands || !spare) this.#loseCommander('the control socket closed');
  }

  #loseCommander(reason: string): void {
    const { commander } = this.#authority;
    if (commander === undefined) return;
    this.#authority = released(this.#authority, commander);
    this.#log(`commander lost: ${reason}`);
    this.#simulation.brake(reason);
  }

  // Time

  /** One physics step and the messages that are due after it. Throws what the physics throws, once and for all. */
  tick(): void {
    if (this.#failure !== undefined) throw new WaybookError('link/fault', this.#failure);
    if (!this.lockStep && isLost(this.#authority, this.world.time))
      this.#loseCommander('no heartbeat for 200 ms');
    try {
      this.#simulation.step();
    } catch (error) {
      this.#failure = `The physics failed: ${messageOf(error)} Reset the scene to go on.`;
      this.#log(this.#failure);
      this.#simulation.brake('the physics failed');
      throw error;
    }
    this.#publishDue();
  }

  #publishDue(): void {
    if (this.connections.size === 0) return;
    const { world, tick } = this.#simulation;
    for (const topic of this.#topics.values()) {
      if (topic.rate === 0 || topic.rate === 'flood') continue;
      const every = Math.max(1, Math.round(1 / (topic.rate * world.timestep)));
      if (tick % every === 0) this.#publish(topic);
    }
  }

  /** Makes the message only where somebody is due to get it. */
  #publish(topic: TopicSpec): void {
    const stamp = this.world.time;
    let publication: ReturnType<TopicSpec['publish']> | undefined;
    for (const connection of this.connections) {
      const compression = connection.subscriptions.due(topic.name, stamp);
      if (compression === undefined) continue;
      publication ??= topic.publish(this.world);
      const frame = publication.frame(compression);
      // In lock-step nothing is dropped: the step waits for slow readers instead.
      if (this.lockStep) connection.outbox.send(frame);
      else connection.outbox.publish(topic.name, frame);
    }
  }

  /** Sends a latched topic to one connection, or to all that listen. */
  publishLatched(name: string, only?: Connection): void {
    const topic = this.#topics.get(name);
    if (topic?.rate !== 0) return;
    const publication = topic.publish(this.world);
    for (const connection of only ? [only] : this.connections) {
      const compression = connection.subscriptions.encoding(name);
      if (compression !== undefined) connection.outbox.send(publication.frame(compression));
    }
  }

  /** Sends a topic's messages one after the other, each when an earlier one is with the kernel. */
  flood(topic: TopicSpec, connection: Connection, depth: number): void {
    const next = (): void => {
      const compression = connection.subscriptions.encoding(topic.name);
      if (compression === undefined || !connection.open || this.#closed) return;
      connection.outbox.send(topic.publish(this.world).frame(compression), next);
    };
    for (let i = 0; i < depth; i++) next();
  }

  /**
   * Lock-step: lets time pass up to `until` [s of simulated time], which is rounded to whole steps; resolves when every
   * message stamped up to then is with the kernel on every socket. Time stops where the caller's socket closes.
   */
  async stepUntil(until: number, caller: Connection): Promise<void> {
    if (!this.lockStep)
      throw new WaybookError(
        'link/protocol',
        'The simulator runs in real time; only --lock-step can be stepped.',
      );
    const { timestep } = this.world;
    const target = Math.round(until / timestep);
    const steps = target - this.#simulation.tick;
    if (!Number.isFinite(until) || steps * timestep > MAX_STEP) {
      throw new WaybookError(
        'link/protocol',
        `until must be at most ${MAX_STEP} s ahead of ${this.world.time} s; found ${until}.`,
      );
    }
    const simulation = this.#simulation;
    for (let i = 0; i < steps && caller.open && !this.#closed; i++) {
      this.tick();
      if ((i + 1) % SLICE_STEPS !== 0 || i + 1 === steps) continue;
      const slow = [...this.connections].filter((connection) => connection.outbox.congested);
      if (slow.length > 0) await this.#flush(slow);
      else await new Promise((resolve) => setImmediate(resolve));
      if (simulation !== this.#simulation)
        throw new WaybookError('internal/bug', 'The world was replaced while it was stepped.');
    }
    await this.#flush([...this.connections]);
  }

  async #flush(connections: readonly Connection[]): Promise<void> {
    const timer = setTimeout(() => {
      for (const connection of connections) {
        if (!connection.outbox.idle) connection.socket.terminate();
        connection.outbox.close();
      }
    }, FLUSH_TIMEOUT_MS);
    await Promise.all(connections.map((connection) => connection.outbox.flushed()));
    clearTimeout(timer);
  }

  // The world as a whole

  /** Runs one after the other what must not overlap: steps, resets and restores. */
  exclusively<T>(work: () => Promise<T> | T): Promise<T> {
    const result = this.#exclusive.then(work);
    this.#exclusive = result.catch(() => undefined);
    return result;
  }

  /** A fresh world at time 0; the old one stays where the new one cannot be made. */
  async reset(scene: string | undefined, seed: number | undefined): Promise<void> {
    const options = {
      ...this.#options,
      ...(scene === undefined ? {} : { scene }),
      ...(seed === undefined ? {} : { seed }),
    };
    const world = await this.#createWorld(options);
    if (this.#closed) {
      world[Symbol.dispose]();
      throw new WaybookError('link/lost', 'The simulator is closing.');
    }
    this.#simulation[Symbol.dispose]();
    this.#options = options;
    this.#simulation = new Simulation(world);
    this.#topics = this.#topicsOf(world);
    this.#failure = undefined;
    this.#worldChanged();
    for (const topic of this.#topics.values()) if (topic.rate === 0) this.publishLatched(topic.name);
  }

  /** Whether the snapshot is known. */
  restore(id: string): boolean {
    if (!this.#simulation.restore(id)) return false;
    this.#failure = undefined;
    this.#worldChanged();
    return true;
  }

  #worldChanged(): void {
    this.#epoch++;
    this.#authority = rebased(this.#authority, this.world.time);
    this.#onWorldChanged();
  }

  /** Ends everything; the world is disposed when nothing works on it any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const connection of this.connections) connection.outbox.close();
    await this.#exclusive;
    this.#simulation[Symbol.dispose]();
  }
}
