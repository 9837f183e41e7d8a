import { WaybookError } from '../../core/errors.ts';

/** What `robot:` and `--robot` can name. */
export type RobotAddress =
  | {
      readonly kind: 'simulator';
      readonly scene: string;
      readonly seed: number;
      readonly options: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'profile'; readonly name: string }
  | { readonly kind: 'url'; readonly url: string };

export const DEFAULT_ROBOT = 'sim:tabletop?seed=0';

/**
 * Parses `sim:SCENE?seed=N&key=value`, a WebSocket URL, or a profile's name. Only `sim:` is a simulator that we
 * start; any URL counts as a real robot. Throws `input/format`.
 */
export function parseRobotAddress(text: string): RobotAddress {
  if (/^wss?:\/\//.test(text)) {
    if (!URL.canParse(text)) throw malformed(text, 'it is not a valid URL');
    return { kind: 'url', url: text };
  }
  if (!text.startsWith('sim:')) {
    if (!/^[\w.-]+$/.test(text))
      throw malformed(text, 'a profile name has letters, digits, dot, dash and underscore');
    return { kind: 'profile', name: text };
  }
  const [scene = '', query = ''] = text.slice('sim:'.length).split('?', 2);
  if (!/^[\w-]+$/.test(scene)) throw malformed(text, `"${scene}" is no scene name`);
  const options: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(query)) options[key] = value;
  const { seed: seedText = '0', ...rest } = options;
  const seed = Number(seedText);
  if (!Number.isSafeInteger(seed) || seed < 0 || seedText.trim() === '') {
    throw malformed(text, `the seed "${seedText}" is not a whole number from 0`);
  }
  return { kind: 'simulator', scene, seed, options: rest };
}

/** The address with another seed; profiles and URLs have none. */
export function withSeed(address: RobotAddress, seed: number): RobotAddress {
  return address.kind === 'simulator' ? { ...address, seed } : address;
}

/** The identity that provenance keeps: no ports, tokens or URLs. */
export function robotIdentity(address: RobotAddress): string {
  switch (address.kind) {
    case 'simulator': {
      const rest = Object.entries(address.options).sort(([a], [b]) => (a < b ? -1 : 1));
      const query = new URLSearchParams([['seed', String(address.seed)], ...rest]);
      return `sim:${address.scene}?${query.toString()}`;
    }
    case 'profile':
      return address.name;
    case 'url':
      return 'robot at a URL';
  }
}

function malformed(text: string, why: string): WaybookError {
  return new WaybookError('input/format', `robot "${text}" cannot be read: ${why}.`, {
    hint: 'Use sim:SCENE?seed=N for the built-in simulator, or the name of a robot profile.',
  });
}

/** Scene as the simulator takes it: its name with switches such as `?distractors=3`. */
export function sceneOf(address: Extract<RobotAddress, { kind: 'simulator' }>): string {
  const query = new URLSearchParams(address.options).toString();
  return query === '' ? address.scene : `${address.scene}?${query}`;
}
