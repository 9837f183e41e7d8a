import { WaybookError } from '../core/errors.ts';
import type { Refiner, RefinerId } from './refiner.ts';
import { snapRefiner } from './snap.ts';
import { splineRefiner } from './spline.ts';

/** The refiner of that name. `expert` needs a model, which its client loads: pass it once it runs. */
export function refinerFor(id: RefinerId, expert?: Refiner): Refiner {
  switch (id) {
    case 'spline':
      return splineRefiner;
    case 'snap':
      return snapRefiner;
    case 'expert':
      if (expert) return expert;
      throw new WaybookError('input/refiner', 'No action expert is loaded.', {
        hint: 'Check the model with `waybook model check`, or refine with "spline" or "snap".',
      });
  }
}
