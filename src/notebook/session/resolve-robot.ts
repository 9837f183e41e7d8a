import { WaybookError } from '../../core/errors.ts';
import type { FrontMatter } from '../file/document.ts';
import { type Params, resolveParams } from '../file/parameters.ts';
import { DEFAULT_ROBOT, parseRobotAddress, robotIdentity, withSeed } from './robot-address.ts';
import type { SessionOptions } from './session-api.ts';

export interface RobotChoice {
  /** `--robot` */
  readonly option?: string;
  /** what the selected controller stands for; absent where it leaves the choice to the notebook */
  readonly controller?: string;
  readonly params?: Params;
}

/**
 * Which robot a run uses: the option wins over the selected controller, which wins over the front matter. A `seed`
 * parameter is the simulator's seed. Throws `input/format`, and `input/usage` where `seed` is no whole number or a
 * parameter was given that is not declared, or in another type.
 */
export function resolveRobot(
  frontMatter: FrontMatter,
  choice: RobotChoice,
): Pick<SessionOptions, 'robot' | 'robotFrom' | 'params'> {
  const params = resolveParams(frontMatter.params, choice.params);
  const [text, robotFrom] =
    choice.option !== undefined
      ? ([choice.option, 'option'] as const)
      : choice.controller !== undefined
        ? ([choice.controller, 'controller'] as const)
        : frontMatter.robot !== undefined
          ? ([frontMatter.robot, 'notebook'] as const)
          : ([DEFAULT_ROBOT, 'default'] as const);
  const address = parseRobotAddress(text);
  const { seed } = params;
  if (seed === undefined || address.kind !== 'simulator') return { robot: text, robotFrom, params };
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0) {
    throw new WaybookError(
      'input/usage',
      `The parameter seed is "${String(seed)}", not a whole number from 0.`,
    );
  }
  return { robot: robotIdentity(withSeed(address, seed)), robotFrom, params };
}
