import type { World } from '../world-api.ts';
import { ArmController } from './arm-controller.ts';
import { GripperController } from './gripper-controller.ts';

/** A stored state: the world's, and what the controllers were asking for. */
interface Stored {
  readonly world: Uint8Array;
  readonly position: Float64Array;
  readonly velocity: Float64Array;
  readonly gripper: { target: number; effort: number };
}

const MAX_SNAPSHOTS = 64;

/**
 * A world with its controllers, on simulated time: nothing here knows of sockets or of the wall clock, so that the same
 * goals at the same times give the same bits. Owns the world.
 */
export class Simulation implements Disposable {
  readonly world: World;
  readonly arm: ArmController;
  readonly gripper: GripperController;
  readonly #stored = new Map<string, Stored>();
  #nextSnapshot = 1;

  constructor(world: World) {
    this.world = world;
    this.arm = new ArmController(world);
    this.gripper = new GripperController(world);
  }

  /** Steps since time 0. */
  get tick(): number {
    return Math.round(this.world.time / this.world.timestep);
  }

  step(): void {
    this.arm.beforeStep();
    this.world.step();
    this.arm.afterStep();
    this.gripper.afterStep();
  }

  /** Brakes arm and gripper; their goals end as cancelled, the arm's when it is at rest. */
  brake(reason: string): void {
    this.arm.brake(reason);
    this.gripper.brake();
  }

  /** Stores the state under an id; the oldest of more than 64 is forgotten. */
  snapshot(): string {
    const id = `snapshot-${this.#nextSnapshot++}`;
    this.#stored.set(id, {
      world: this.world.snapshot(),
      position: this.arm.position.slice(),
      velocity: this.arm.velocity.slice(),
      gripper: this.gripper.command,
    });
    const [oldest] = this.#stored.keys();
    if (this.#stored.size > MAX_SNAPSHOTS && oldest !== undefined) this.#stored.delete(oldest);
    return id;
  }

  /** Goes back to a stored state; goals end as cancelled. Returns whether the id is known. */
  restore(id: string): boolean {
    const stored = this.#stored.get(id);
    if (!stored) return false;
    this.world.restore(stored.world);
    this.arm.restore(stored.position, stored.velocity);
    this.gripper.restore(stored.gripper);
    return true;
  }

  [Symbol.dispose](): void {
    this.arm.abandon('the scene was reset');
    this.gripper.abandon();
    this.world[Symbol.dispose]();
  }
}
