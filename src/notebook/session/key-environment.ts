import { hashJson, hashText } from '../../core/hash.ts';
import type { FrontMatter } from '../file/document.ts';
import type { KeyEnvironment } from '../graph/output-key.ts';
import { parseRobotAddress, robotIdentity } from './robot-address.ts';
import type { SessionOptions } from './session-api.ts';

/** What a run uses where neither the notebook, a setting nor an option says. */
export const DEFAULT_PLANNER = 'language';
export const DEFAULT_REFINER = 'expert';

/** Planner and refiner that a run with these options uses where a cell names none. */
export function chosenTools(
  frontMatter: FrontMatter,
  options: Pick<SessionOptions, 'planner' | 'refiner'>,
  defaults: { readonly defaultPlanner: string; readonly defaultRefiner: string },
): { planner: string; refiner: string } {
  return {
    planner: options.planner ?? frontMatter.planner ?? defaults.defaultPlanner,
    refiner: options.refiner ?? frontMatter.refiner ?? defaults.defaultRefiner,
  };
}

/** What words mean here, as one more parameter: absent where the front matter says nothing of it. */
function wordingOf({ names, pins, viewpoint }: FrontMatter): Record<string, string> {
  if (names === undefined && pins === undefined && viewpoint === undefined) return {};
  return { '(wording)': hashJson({ names, pins, viewpoint }) };
}

/** What outputs depend on beside the notebook's text, so that their keys can be told before anything is connected. */
export function keyEnvironment(
  frontMatter: FrontMatter,
  options: Pick<SessionOptions, 'robot' | 'planner' | 'refiner' | 'params'>,
  defaults: { readonly defaultPlanner: string; readonly defaultRefiner: string },
): KeyEnvironment {
  const parameters = { ...frontMatter.params, ...options.params, ...wordingOf(frontMatter) };
  return {
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...chosenTools(frontMatter, options, defaults),
    robotHash: hashText(robotIdentity(parseRobotAddress(options.robot))),
  };
}
