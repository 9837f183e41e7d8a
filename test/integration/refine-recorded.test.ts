import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromPointCloud } from '../../src/perception/codecs/point-table.ts';
import { writePcd } from '../../src/perception/codecs/pcd.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

/** A table top at z = 0 and a red 4 cm cube on it, seen from all sides. */
function tableWithCube(cx: number, cy: number): Uint8Array {
  const points: number[] = [];
  const colors: number[] = [];
  const add = (x: number, y: number, z: number, ...rgb: [number, number, number]): void => {
    points.push(x, y, z);
    colors.push(...rgb);
  };
  for (let x = 0.3; x < 0.7; x += 0.004) for (let y = -0.2; y < 0.2; y += 0.004) add(x, y, 0, 160, 140, 110);
  for (let u = -0.02; u <= 0.02; u += 0.002) {
    for (let v = 0; v <= 0.04; v += 0.002) {
      for (const side of [-0.02, 0.02]) {
        add(cx + side, cy + u, v, 200, 30, 30);
        add(cx + u, cy + side, v, 200, 30, 30);
      }
      add(cx + u, cy - 0.02 + v, 0.04, 200, 30, 30);
    }
  }
  const cloud = {
    frame: 'base',
    stamp: 0,
    count: points.length / 3,
    positions: Float32Array.from(points),
    colors: Uint8Array.from(colors),
  };
  return writePcd(fromPointCloud(cloud, 'packed'), 'binary');
}

const plan = (x: number, y: number): string =>
  JSON.stringify({
    frame: 'base',
    waypoints: [
      { label: 'above', position: [x, y, 0.2], orientation: [1, 0, 0, 0], gripper: 1, radius: 0.05 },
      { label: 'grasp', position: [x, y, 0.02], orientation: [1, 0, 0, 0], gripper: 0, radius: 0.05 },
      { label: 'lift', position: [x, y, 0.2], orientation: [1, 0, 0, 0], gripper: 0, radius: 0.05 },
    ],
  });

interface Refined {
  readonly waypoints: { label: string; position: number[] }[];
  readonly trajectory: { times: number[]; joints: number[][] };
  readonly trajectoryHash: string;
}

describe('waybook refine on a recorded cloud', { timeout: 120_000 }, () => {
  it('snaps a coarse plan onto what was seen, without a robot, and the same way twice', async () => {
    using folder = temporaryFolder();
    const capture = join(folder.path, 'table.pcd');
    writeFileSync(capture, tableWithCube(0.5, 0.05));
    const waypoints = folder.write('plan.json', plan(0.515, 0.06));
    const refine = async (refiner: string): Promise<Refined> => {
      const { code, stdout, stderr } = await runCli(
        'refine',
        '--waypoints',
        waypoints,
        '--capture',
        capture,
        '--refiner',
        refiner,
        '--json',
      );
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout) as Refined;
    };
    const snapped = await refine('snap');
    const grasp = snapped.waypoints[1]?.position ?? [];
    expect(Math.hypot((grasp[0] ?? 0) - 0.5, (grasp[1] ?? 0) - 0.05)).toBeLessThan(0.004);
    expect((await refine('snap')).trajectoryHash).toBe(snapped.trajectoryHash);
    const splined = await refine('spline');
    expect(splined.waypoints[1]?.position).toEqual([0.515, 0.06, 0.02]);
    expect(splined.trajectory.joints[0]).toHaveLength(7);
  });

  it('says what is wrong with a file that is no cloud, and with one that is missing', async () => {
    using folder = temporaryFolder();
    const waypoints = folder.write('plan.json', plan(0.5, 0));
    const bad = await runCli(
      'refine',
      '--waypoints',
      waypoints,
      '--capture',
      folder.write('bad.pcd', 'not a cloud'),
    );
    expect(bad.code).toBe(2);
    expect(bad.stderr).toMatch(/PCD/);
    const missing = await runCli(
      'refine',
      '--waypoints',
      waypoints,
      '--capture',
      join(folder.path, 'none.pcd'),
    );
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/none\.pcd/);
  });
});
