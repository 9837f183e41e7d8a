import { shippedExpert } from './expert/shipped-expert.ts';
import type { Refiner, RefinerId } from './refiner.ts';
import { snapRefiner } from './snap.ts';
import { splineRefiner } from './spline.ts';

/** One process for all of a program's refinements. */
let shipped: Refiner | undefined;

/**
 * The refiner of that name. `expert` is the one given, else the shipped one, whose process starts when it is first used.
 * Throws `input/refiner` where none comes with the installation.
 */
export function refinerFor(id: RefinerId, expert?: Refiner): Refiner {
  switch (id) {
    case 'spline':
      return splineRefiner;
    case 'snap':
      return snapRefiner;
    case 'expert':
      return expert ?? (shipped ??= shippedExpert());
  }
}
