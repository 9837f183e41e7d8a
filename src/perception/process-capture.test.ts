import { describe, expect, it } from 'vitest';
import { quatFromAxisAngle, type Vec3 } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { processCaptures, type RawFrame } from './process-capture.ts';

/** A table and a red box of 5 x 4 x 4 cm of which this camera sees the top and one side, shifted by its error. */
function frame(camera: string, side: 'near' | 'far', error: Vec3): RawFrame {
  const points: number[] = [];
  const colors: number[] = [];
  const add = (x: number, y: number, z: number, rgb: readonly number[]): void => {
    points.push(x + error[0], y + error[1], z + error[2]);
    colors.push(...rgb);
  };
  for (let x = 0.35; x < 0.65; x += 0.006)
    for (let y = -0.15; y < 0.15; y += 0.006) add(x, y, 0, [120, 120, 120]);
  for (let u = 0; u <= 0.0501; u += 0.0025) {
    for (let v = 0; v <= 0.0401; v += 0.0025) {
      add(0.475 + u, -0.02 + v, 0.04, [200, 30, 30]);
      add(side === 'near' ? 0.475 : 0.525, -0.02 + v, 0.8 * u, [200, 30, 30]);
    }
  }
  const cloud: PointCloud = {
    frame: camera,
    stamp: 1,
    count: points.length / 3,
    positions: Float32Array.from(points),
    colors: Uint8Array.from(colors),
  };
  return { camera, cloud, cameraPose: { position: [0, 0, 0], orientation: quatFromAxisAngle([0, 0, 1], 0) } };
}

describe('processCaptures', () => {
  it('brings together what several cameras saw, and names them', () => {
    const frames = [
      frame('front', 'near', [0.004, 0.003, 0.002]),
      frame('left', 'far', [-0.004, -0.003, -0.002]),
    ];
    const capture = processCaptures(frames, { voxel: 0 });
    expect(capture.cameras).toEqual(['front', 'left']);
    expect(capture.source).toBe('front, left');
    expect(capture.rawCount).toBe(frames[0]!.cloud.count + frames[1]!.cloud.count);
    const [box, ...others] = capture.objects;
    expect(others).toEqual([]);
    expect(box?.colour).toBe('red');
    expect(box?.pose.position[0]).toBeCloseTo(0.5, 2);
    // the errors apart, it would be 8 mm longer
    expect(Math.abs((box?.size[0] ?? 0) - 0.05)).toBeLessThan(0.004);
    expect(Math.abs((box?.size[1] ?? 0) - 0.04)).toBeLessThan(0.004);
  });

  it('leaves one camera as it is, and has to have one', () => {
    const capture = processCaptures([frame('front', 'near', [0, 0, 0])], { voxel: 0 });
    expect(capture.cameras).toBeUndefined();
    expect(capture.source).toBe('front');
    expect(() => processCaptures([], {})).toThrow(RangeError);
  });
});
