import type { PointCloud } from '../../core/point-cloud.ts';
import { expertRefiner, type ExpertNetwork } from '../../refinement/expert/expert-refiner.ts';
import { pointGroups, standingPoints } from '../../refinement/expert/point-groups.ts';
import { windowsOf } from '../../refinement/expert/windows.ts';
import type { Refiner } from '../../refinement/refiner.ts';

/** Every waypoint is trusted: a probe asks what the network would do, not whether it would dare to. */
const CERTAIN = 1;

/** The expert with an empty cloud and its doubts ignored. */
export const withoutCloud = (network: ExpertNetwork, modelHash: string): Refiner =>
  expertRefiner(
    {
      run: async (inputs, signal) => {
        const { points, points_mask } = inputs;
        const { outputs } = await network.run(
          {
            ...inputs,
            points: new Float32Array(points.length),
            points_mask: new Float32Array(points_mask.length),
          },
          signal,
        );
        return { outputs: { ...outputs, confidence: outputs.confidence.map(() => CERTAIN) } };
      },
    },
    modelHash,
  );

/** The expert with what a camera saw in another scene, its doubts ignored. */
export function withOtherCloud(network: ExpertNetwork, modelHash: string, cloud: PointCloud): Refiner {
  const seen = standingPoints(cloud);
  return {
    id: 'expert',
    modelHash,
    refine: (request, signal) => {
      // The network is asked window by window, in this order.
      const windows = windowsOf(request.waypoints, request.start.gripper);
      let asked = 0;
      const other: ExpertNetwork = {
        run: async (inputs, during) => {
          const [first, last] = windows[asked++]!;
          const { points, points_mask } = pointGroups(seen, request.waypoints.slice(first, last + 1));
          const { outputs } = await network.run({ ...inputs, points, points_mask }, during);
          return { outputs: { ...outputs, confidence: outputs.confidence.map(() => CERTAIN) } };
        },
      };
      return expertRefiner(other, modelHash).refine(request, signal);
    },
  };
}
