import type { World, WorldOptions } from '../../world-api.ts';
import { createWorld } from '../../world.ts';

/**
 * What the controllers of a simulator command, step by step. Sampled states would measure the servos and the sensors' clock
 * as well: this is what the limits on a motion are about.
 */
export class SetPoints {
  #time = Number.NaN;
  #velocities: number[] = [];
  #worst = 0;

  /** For `startSimulatorServer`: the simulator's world, with an eye on its set-points. */
  readonly createWorld = async (options: WorldOptions): Promise<World> => {
    const world = await createWorld(options);
    const command = world.setArmTarget.bind(world);
    this.reset();
    world.setArmTarget = (joints, velocities) => {
      this.#add(world.time, Array.from(velocities ?? []), world.arm.limits);
      command(joints, velocities);
    };
    return world;
  };

  /** The largest change of a joint's commanded velocity, as a share of its acceleration limit times the time it took. */
  get worstJump(): number {
    return this.#worst;
  }

  reset(): void {
    this.#time = Number.NaN;
    this.#worst = 0;
  }

  #add(time: number, velocities: number[], limits: World['arm']['limits']): void {
    const dt = time - this.#time;
    if (dt > 0) {
      limits.forEach(({ acceleration }, j) => {
        const jump = Math.abs((velocities[j] ?? 0) - (this.#velocities[j] ?? 0));
        this.#worst = Math.max(this.#worst, jump / (acceleration * dt));
      });
    }
    this.#time = time;
    this.#velocities = velocities;
  }
}
