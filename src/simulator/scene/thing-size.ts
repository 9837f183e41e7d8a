import type { Thing } from './thing.ts';

/** Mean horizontal half extent of a thing's box as it stands [m]. */
export function extentOf(thing: Thing): number {
  const size = thing.labels[0]?.size;
  return size === undefined ? 0 : (size[0] + size[1]) / 4;
}
