import type { FrontMatter } from '../../notebook/file/document.ts';
import type { SessionOptions } from '../../notebook/session/session-api.ts';
import { WaybookError } from '../../core/errors.ts';

export const DEFAULT_SIMULATOR = 'sim:tabletop?seed=0';

export interface TargetChoice {
  readonly robot: string;
  readonly robotFrom: SessionOptions['robotFrom'];
}

/**
 * Which robot a run talks to: the selected controller wins over the front matter, and the Simulator controller never
 * reaches a real robot. Throws `input/usage` where the Robot controller has nothing to talk to.
 */
export function chooseTarget(
  controller: 'simulator' | 'robot',
  frontMatter: Pick<FrontMatter, 'robot'>,
  configured: { readonly robots: readonly string[]; readonly robot?: string },
): TargetChoice {
  const named = frontMatter.robot;
  if (controller === 'simulator') {
    if (named === undefined) return { robot: DEFAULT_SIMULATOR, robotFrom: 'default' };
    return named.startsWith('sim:')
      ? { robot: named, robotFrom: 'notebook' }
      : { robot: DEFAULT_SIMULATOR, robotFrom: 'controller' };
  }
  if (named !== undefined && !named.startsWith('sim:')) {
    if (configured.robots.includes(named)) return { robot: named, robotFrom: 'notebook' };
    throw new WaybookError(
      'input/usage',
      `This machine knows no robot "${named}", which the front matter names.`,
      {
        hint:
          configured.robots.length === 0
            ? 'Add it with "Waybook: Add Robot".'
            : `It knows ${configured.robots.join(', ')}.`,
      },
    );
  }
  const robot = configured.robot;
  if (robot === undefined || !configured.robots.includes(robot)) {
    throw new WaybookError('input/usage', 'No robot is configured on this machine.', {
      hint: 'Add one with "Waybook: Add Robot", or select the Simulator kernel.',
    });
  }
  return { robot, robotFrom: 'controller' };
}

/** Parts of `sim:SCENE?seed=N`; undefined for anything else. */
export function parseSimulator(robot: string): { scene: string; seed: number } | undefined {
  const match = /^sim:([^?]*)(?:\?(.*))?$/.exec(robot);
  if (!match) return undefined;
  const seed = Number(new URLSearchParams(match[2] ?? '').get('seed') ?? 0);
  return {
    scene: match[1] === '' ? 'tabletop' : (match[1] ?? 'tabletop'),
    seed: Number.isSafeInteger(seed) && seed >= 0 ? seed : 0,
  };
}

export const formatSimulator = (scene: string, seed: number): string => `sim:${scene}?seed=${seed}`;
