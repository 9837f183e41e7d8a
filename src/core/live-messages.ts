import type { Scene } from './scene.ts';

/** To the live scene of the side bar: what the robot sees, or one line that says why there is nothing. */
export type HostToLive =
  | { readonly type: 'scene'; readonly scene: Scene; readonly caption: string }
  | { readonly type: 'text'; readonly text: string; readonly action?: string; readonly caption: string };

export type LiveToHost = { readonly type: 'ready' } | { readonly type: 'look' };
