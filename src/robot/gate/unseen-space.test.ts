import { describe, expect, it } from 'vitest';
import type { Trajectory } from '../../core/trajectory.ts';
import type { ArmSpheres } from './arm-spheres.ts';
import { unseenShare, type View } from './unseen-space.ts';

/** An arm without links: only the tool is a place. */
const noLinks = { groups: [], place: () => undefined } as unknown as ArmSpheres;

function through(points: readonly (readonly [number, number, number])[]): Trajectory {
  const n = points.length;
  return {
    jointNames: ['a'],
    times: Float64Array.from(points, (_, i) => i),
    joints: new Float64Array(n),
    velocities: new Float64Array(n),
    tool: Float64Array.from(points.flatMap((p) => [...p, 0, 0, 0, 1])),
    gripper: new Float64Array(n),
    segments: [],
    waypointSamples: [],
  };
}

/** A camera at the origin that looks along +Z at a wall 1 m away, of which it measured the left half. */
function view(): View {
  const positions: number[] = [];
  for (let x = -0.5; x < 0; x += 0.01) for (let y = -0.4; y < 0.4; y += 0.01) positions.push(x, y, 1);
  return {
    cloud: { frame: 'base', stamp: 0, count: positions.length / 3, positions: Float32Array.from(positions) },
    cameraPose: { position: [0, 0, 0], orientation: [0, 0, 0, 1] },
    intrinsics: { width: 320, height: 240, fx: 300, fy: 300, cx: 160, cy: 120 },
  };
}

describe('unseenShare', () => {
  it('counts what is behind the wall, out of the picture, and where nothing was measured', () => {
    const share = (points: Parameters<typeof through>[0]): number | undefined =>
      unseenShare(through(points), noLinks, view());
    expect(share([[-0.2, 0, 0.5]])).toBe(0);
    expect(share([[-0.2, 0, 1.2]])).toBe(1);
    expect(share([[0.2, 0, 0.5]])).toBe(1);
    expect(share([[-5, 0, 0.5]])).toBe(1);
    expect(share([[-0.2, 0, -1]])).toBe(1);
    expect(
      share([
        [-0.2, 0, 0.5],
        [-0.2, 0, 1.2],
      ]),
    ).toBe(0.5);
  });

  it('says nothing where it is not known how the camera stands', () => {
    const { cloud } = view();
    expect(unseenShare(through([[0, 0, 1]]), noLinks, { cloud })).toBeUndefined();
  });
});
