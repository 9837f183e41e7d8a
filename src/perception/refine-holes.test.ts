import { describe, expect, it } from 'vitest';
import { IDENTITY_QUAT } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { refineHoles } from './refine-holes.ts';

const hole: SceneObject = {
  id: 'plate-hole',
  label: 'hole',
  shape: 'hole',
  pose: { position: [0.503, -0.002, 0.014], orientation: IDENTITY_QUAT },
  size: [0.027, 0.027, 0.028],
  score: 1,
  source: 'detections',
  partOf: 'plate',
};
const plate: SceneObject = {
  ...hole,
  id: 'plate',
  label: 'plate with a hole',
  shape: 'socket',
  size: [0.09, 0.09, 0.028],
};
const { partOf: _, ...whole } = plate;

function cloud(): PointCloud {
  const points: number[] = [];
  for (let x = 0.455; x < 0.545; x += 0.001)
    for (let y = -0.045; y < 0.045; y += 0.001) if (Math.hypot(x - 0.5, y) > 0.0135) points.push(x, y, 0.028);
  return { frame: 'base', stamp: 0, count: points.length / 3, positions: new Float32Array(points) };
}

describe('holes that a detector has a few millimetres off', () => {
  it('move to the edge that the cloud shows, and what they are in moves along', () => {
    const [moved, block] = refineHoles([hole, whole], cloud());
    expect(moved!.pose.position[0]).toBeCloseTo(0.5, 3);
    expect(moved!.pose.position[1]).toBeCloseTo(0, 3);
    expect(block!.pose.position[0] - moved!.pose.position[0]).toBeCloseTo(0, 6);
  });

  it('stay where no edge is seen, and nothing else moves', () => {
    const empty = { frame: 'base', stamp: 0, count: 0, positions: new Float32Array() };
    const cube = { ...whole, id: 'cube', shape: 'cube' };
    expect(refineHoles([hole, cube], empty)).toEqual([hole, cube]);
  });
});
