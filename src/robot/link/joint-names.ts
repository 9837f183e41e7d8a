import type { RobotProfile } from '../../core/robot-profile.ts';

/** Names of joints as the description has them, and as the robot's messages do. */
export class JointNames {
  readonly #toRobot: ReadonlyMap<string, string>;
  readonly #fromRobot: ReadonlyMap<string, string>;

  constructor(profile: Pick<RobotProfile, 'jointNames'>) {
    const pairs = Object.entries(profile.jointNames ?? {});
    this.#toRobot = new Map(pairs);
    this.#fromRobot = new Map(pairs.map(([ours, robots]) => [robots, ours]));
  }

  toRobot(name: string): string {
    return this.#toRobot.get(name) ?? name;
  }

  fromRobot(name: string): string {
    return this.#fromRobot.get(name) ?? name;
  }
}
