import { describe, expect, it } from 'vitest';
import { layScene } from '../demos/demo-scene.ts';
import { HOME } from '../demos/demonstration.ts';
import { exactWaypoints } from '../demos/true-plan.ts';
import { graspWaypoints } from './grasp-waypoints.ts';

const labels = (task: string, family?: string): string[] => {
  const scene = layScene({ task, seed: 12, distractors: 0, obstacles: 0, ...(family ? { family } : {}) });
  const plan = exactWaypoints(scene, HOME);
  return [...graspWaypoints(plan, HOME.gripper)].map((k) => plan[k]!.label);
};

describe('graspWaypoints', () => {
  it.each([
    ['stack', undefined, ['grasp red cube']],
    ['open-drawer', undefined, ['grasp drawer handle']],
    // The gripper gets ready above it first.
    ['pick-and-hold', 'bowl', ['grasp red bowl']],
    // Closed on the way down, to push with and to press with.
    ['push-to-target', undefined, []],
    ['press-button', undefined, []],
    ['close-drawer', undefined, []],
  ])('%s %s', (task, family, expected) => {
    expect(labels(task, family)).toEqual(expected);
  });
});
