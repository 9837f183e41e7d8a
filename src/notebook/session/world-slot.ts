import { WaybookError } from '../../core/errors.ts';
import { parseRobotAddress, type RobotAddress, robotIdentity, sceneOf } from './robot-address.ts';
import type { SessionServices, World } from './services.ts';

interface OpenWorld {
  readonly key: string;
  readonly address: RobotAddress;
  readonly world: World;
  /** the link's state is told also while nothing runs: arming, a loss, a fault */
  readonly unwatch: () => void;
}

export interface WorldSlotOptions {
  readonly openWorld: SessionServices['openWorld'];
  readonly onLinkState: Parameters<World['link']['onLinkState']>[0];
  /** nothing that came out of the world before holds in this one */
  readonly onOtherWorld: () => void;
}

/** The one world that a session has open, and the epoch that every reset and every motion advances. */
export class WorldSlot {
  readonly #options: WorldSlotOptions;
  #open: OpenWorld | undefined;
  #epoch = 0;

  constructor(options: WorldSlotOptions) {
    this.#options = options;
  }

  get current(): World | undefined {
    return this.#open?.world;
  }

  get epoch(): number {
    return this.#epoch;
  }

  advanceEpoch(): void {
    this.#epoch += 1;
  }

  /** The open world where it is one of this robot, in whatever state its link is. */
  openFor(robot: string): World | undefined {
    if (!this.#open) return undefined;
    const same = robotIdentity(this.#open.address) === robotIdentity(parseRobotAddress(robot));
    return same ? this.#open.world : undefined;
  }

  /** The world for a robot: the open one where it fits, since starting a simulator costs more than resetting it. */
  async open(robot: string, pace: number | undefined, signal: AbortSignal): Promise<World> {
    const address = parseRobotAddress(robot);
    const key = worldKey(address);
    const open = this.#open;
    if (open?.key === key && isUsable(open.world)) {
      open.world.pausable?.setPace(pace ?? 0);
      if (robotIdentity(open.address) === robotIdentity(address)) return open.world;
      if (address.kind === 'simulator') {
        this.#open = { ...open, address };
        this.#options.onOtherWorld();
        await this.reset();
        return open.world;
      }
    }
    await this.close();
    const world = await this.#options.openWorld(address, pace === undefined ? {} : { pace }, signal);
    const unwatch = world.link.onLinkState(this.#options.onLinkState);
    this.#open = { key, address, world, unwatch };
    this.#options.onOtherWorld();
    this.advanceEpoch();
    return world;
  }

  /** The simulator's scene back at its start. Throws `input/usage` for a real robot, and where nothing is open. */
  async reset(): Promise<void> {
    const { world, address } = this.#open ?? {};
    if (!world?.simulator || address?.kind !== 'simulator') {
      throw new WaybookError('input/usage', 'Only the simulator’s scene can be reset.');
    }
    await world.simulator.reset(sceneOf(address), address.seed);
    this.advanceEpoch();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.world[Symbol.asyncDispose]();
    open?.unwatch();
  }
}

export const isUsable = ({ link }: World): boolean => link.state !== 'disconnected' && link.state !== 'fault';

/** Worlds with the same key differ in what a reset decides: scene, seed and switches, but not the arm. */
function worldKey(address: RobotAddress): string {
  return address.kind === 'simulator' ? `simulator ${address.options['arm'] ?? ''}` : robotIdentity(address);
}
