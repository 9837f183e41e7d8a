import { WaybookError } from '../core/errors.ts';
import { expertRefiner, type ExpertNetwork } from '../refinement/expert/expert-refiner.ts';
import type { Refiner } from '../refinement/refiner.ts';
import { snapRefiner } from '../refinement/snap.ts';
import { splineRefiner } from '../refinement/spline.ts';
import { cubicBSplineRefiner } from './arms/cubic-b-spline.ts';
import { linearRefiner } from './arms/linear.ts';
import { withOtherCloud, withoutCloud } from './arms/probed-network.ts';
import { snapRrtRefiner } from './arms/snap-rrt.ts';
import type { EpisodeScene, Prepared } from './episode-scene.ts';
import type { MethodId } from './methods.ts';

/**
 * The refiner of a method for one prepared scene. `otherCapture` gives what a camera saw in another scene of the same task.
 * Learned methods need the network.
 */
export async function refinerOf(
  id: MethodId,
  scene: EpisodeScene,
  prepared: Prepared,
  network: (ExpertNetwork & { readonly sha256: string }) | undefined,
  otherCapture: () => Promise<Prepared['capture'] | undefined>,
): Promise<Omit<Refiner, 'id'> | undefined> {
  switch (id) {
    case 'linear':
      return linearRefiner;
    case 'b-spline':
      return cubicBSplineRefiner;
    case 'spline':
    case 'oracle':
      return splineRefiner;
    case 'snap':
      return snapRefiner;
    case 'snap-rrt':
      return snapRrtRefiner(scene.kit.model, prepared.state.joints);
    case 'expert':
      return expertRefiner(present(network), present(network).sha256);
    case 'expert-erased':
      return withoutCloud(present(network), present(network).sha256);
    case 'expert-other': {
      const capture = await otherCapture();
      return capture && withOtherCloud(present(network), present(network).sha256, capture.cloud);
    }
  }
}

function present<T>(network: T | undefined): T {
  if (network === undefined)
    throw new WaybookError('internal/bug', 'A learned method was asked for without a network.');
  return network;
}
