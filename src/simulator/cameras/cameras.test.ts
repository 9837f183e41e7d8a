import { afterEach, describe, expect, it } from 'vitest';
import {
  compose,
  inverse,
  rotate,
  subtract,
  norm,
  transformPoint,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import type { SensorNoise, World, WorldOptions } from '../world-api.ts';
import { createWorld } from '../world.ts';
import { cameraRig, lookAt } from './camera-rig.ts';
import { NOISE_NORMAL, NOISE_OFF, sensorNoise, spoilDepth, trueMount } from './sensor-noise.ts';

const open: World[] = [];
async function world(options: Partial<WorldOptions> = {}): Promise<World> {
  const made = await createWorld({ scene: 'put-in-bowl', seed: 4, noise: 'off', ...options });
  open.push(made);
  return made;
}
afterEach(() => {
  for (const made of open.splice(0)) made[Symbol.dispose]();
});

/** Points of a cloud in base, with their colours, NaN left out. */
function pointsInBase(made: World, camera: string): { point: Vec3; rgb: Vec3 }[] {
  const cloud = made.renderCloud(camera);
  const pose = made.cameraPose(camera);
  const points: { point: Vec3; rgb: Vec3 }[] = [];
  for (let i = 0; i < cloud.depth.length; i++) {
    if (Number.isNaN(cloud.depth[i])) continue;
    const p = [...cloud.positions.subarray(3 * i, 3 * i + 3)] as unknown as Vec3;
    points.push({
      point: transformPoint(pose, p),
      rgb: [...cloud.colors.subarray(3 * i, 3 * i + 3)] as unknown as Vec3,
    });
  }
  return points;
}

describe('lookAt', () => {
  it('puts the target on the optical axis and up to the top of the picture', () => {
    const pose = lookAt([1, 0.3, 0.7], [0.4, 0, 0], [0, 0, 1]);
    const seen = transformPoint(inverse(pose), [0.4, 0, 0]);
    expect(seen[0]).toBeCloseTo(0, 12);
    expect(seen[1]).toBeCloseTo(0, 12);
    expect(seen[2]).toBeGreaterThan(0);
    expect(rotate(inverse(pose).orientation, [0, 0, 1])[1]).toBeLessThan(0);
  });
});

describe('an exact camera', () => {
  it('measures the table at the depth that geometry gives, in every pixel that sees it', async () => {
    const made = await world();
    for (const { name, intrinsics } of cameraRig.filter((c) => c.parent === 'base')) {
      const cloud = made.renderCloud(name);
      const pose = made.cameraPose(name);
      let onTable = 0;
      for (let v = 0; v < cloud.height; v++) {
        for (let u = 0; u < cloud.width; u++) {
          const i = v * cloud.width + u;
          const ray = rotate(pose.orientation, [
            (u - intrinsics.cx) / intrinsics.fx,
            (v - intrinsics.cy) / intrinsics.fy,
            1,
          ]);
          const toTable = -pose.position[2] / ray[2];
          const depth = cloud.depth[i]!;
          const [red, green, blue] = cloud.colors.subarray(3 * i, 3 * i + 3) as unknown as Vec3;
          // The table's own tone, whatever the light.
          if (Math.abs(green / red - 172 / 196) < 0.02 && Math.abs(blue / red - 138 / 196) < 0.02) {
            expect(depth).toBeCloseTo(toTable, 5);
            onTable++;
          }
        }
      }
      expect(onTable).toBeGreaterThan(8000);
    }
  });

  it('sees the red cube where it is, from every camera that can see it', async () => {
    const made = await world();
    const cube = made.detections().find((o) => o.label === 'red cube')!;
    let seen = 0;
    for (const { name } of cameraRig) {
      for (const { point, rgb } of pointsInBase(made, name)) {
        if (!(rgb[0] > 60 && rgb[1] < rgb[0] / 3 && rgb[2] < rgb[0] / 3)) continue;
        const local = transformPoint(inverse(cube.pose), point);
        const outside = Math.max(...local.map((x, k) => Math.abs(x) - cube.size[k]! / 2));
        // On the surface: no face is further than float32 rounding.
        expect(Math.abs(outside)).toBeLessThan(1e-5);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(60);
  });

  it('gives the picture of the same rays', async () => {
    const made = await world();
    expect(made.renderImage('front').rgb).toEqual(made.renderCloud('front').colors);
    const large = made.renderImage('front', 2);
    expect([large.width, large.height, large.rgb.length]).toEqual([320, 240, 320 * 240 * 3]);
  });

  it('follows the hand with the wrist camera', async () => {
    const made = await world();
    const before = made.cameraPose('wrist');
    const home = made.arm.home;
    made.setArmTarget(home.map((q, i) => q + (i === 0 ? 0.3 : 0)));
    for (let i = 0; i < 500; i++) made.step();
    expect(norm(subtract(made.cameraPose('wrist').position, before.position))).toBeGreaterThan(0.05);
    const hand = made.linkPoses().get('hand')!;
    const camera = made.cameras.find((c) => c.name === 'wrist')!;
    const expected = compose(hand, camera.poseInParent);
    expect(norm(subtract(made.cameraPose('wrist').position, expected.position))).toBeLessThan(1e-12);
  });

  it('refuses a camera that does not exist, with the names of those that do', async () => {
    const made = await world();
    expect(() => made.renderCloud('back')).toThrow(/no camera named 'back'/);
  });
});

describe('sensor noise', () => {
  it('is off when it is off: the believed pose is the true one', () => {
    const mount: Pose = cameraRig[0]!.pose;
    expect(trueMount(mount, NOISE_OFF, 3, 'front')).toBe(mount);
    expect(trueMount(mount, NOISE_NORMAL, 3, 'front')).not.toEqual(mount);
    expect(trueMount(mount, NOISE_NORMAL, 3, 'front')).toEqual(trueMount(mount, NOISE_NORMAL, 3, 'front'));
  });

  it('depends on seed, time and camera alone', async () => {
    const [a, b, c] = [
      await world({ noise: 'normal' }),
      await world({ noise: 'normal' }),
      await world({ noise: 'normal', seed: 5 }),
    ];
    const first = a.renderCloud('front');
    a.renderCloud('left');
    expect(a.renderCloud('front').depth).toEqual(first.depth);
    expect(b.renderCloud('front').depth).toEqual(first.depth);
    a.step();
    expect(a.renderCloud('front').depth).not.toEqual(first.depth);
    b.step();
    expect(b.renderCloud('front').depth).toEqual(a.renderCloud('front').depth);
    expect(c.renderCloud('front').depth).not.toEqual(first.depth);
  });

  const width = 200;
  const flat = (z: number): Float32Array => new Float32Array(width * 100).fill(z);
  const frontal = new Float32Array(width * 100).fill(1);
  const spread = (z: number, noise: Partial<SensorNoise>): number => {
    const depth = flat(z);
    spoilDepth(depth, frontal, width, sensorNoise(noise), new Random(1, 'test'));
    const kept = depth.filter((x) => !Number.isNaN(x));
    const mean = kept.reduce((s, x) => s + x, 0) / kept.length;
    return Math.sqrt(kept.reduce((s, x) => s + (x - mean) ** 2, 0) / kept.length);
  };

  it('grows with depth squared', () => {
    const near = spread(0.5, { depthAtOneMetre: 0.002 });
    const far = spread(1.5, { depthAtOneMetre: 0.002 });
    expect(near).toBeCloseTo(0.0005, 4);
    expect(far / near).toBeGreaterThan(8.5);
    expect(far / near).toBeLessThan(9.5);
  });

  it('quantises disparity: steps grow with depth squared', () => {
    const depths = new Set<number>();
    const ramp = Float32Array.from({ length: width * 100 }, (_, i) => 1 + i * 1e-6);
    spoilDepth(ramp, frontal, width, sensorNoise({ quantisation: 0.002 }), new Random(1));
    for (const z of ramp) depths.add(z);
    const steps = [...depths].sort((a, b) => a - b);
    expect(steps.length).toBeLessThan(15);
    expect(steps[1]! - steps[0]!).toBeGreaterThan(0.0019);
  });

  it('makes holes, three times as many where the surface is seen flat', () => {
    const count = (incidence: number): number => {
      const depth = flat(1);
      spoilDepth(
        depth,
        frontal.map(() => incidence),
        width,
        sensorNoise({ holes: 0.02 }),
        new Random(2),
      );
      return depth.filter((x) => Number.isNaN(x)).length;
    };
    expect(count(1) / depthCount).toBeCloseTo(0.02, 2);
    expect(count(0.1) / depthCount).toBeCloseTo(0.06, 2);
  });
  const depthCount = width * 100;

  it('lets pixels fly between the two sides of an edge, and only there', () => {
    const depth = Float32Array.from({ length: depthCount }, (_, i) => (i % width < 100 ? 0.8 : 1.2));
    spoilDepth(depth, frontal, width, sensorNoise({ flyingPixels: 0.5 }), new Random(3));
    let flying = 0;
    depth.forEach((z, i) => {
      const column = i % width;
      const exact = Math.fround(column < 100 ? 0.8 : 1.2);
      if (z !== exact) {
        flying++;
        expect([99, 100]).toContain(column);
        expect(z).toBeGreaterThan(0.79);
        expect(z).toBeLessThan(1.21);
      }
    });
    expect(flying).toBeGreaterThan(60);
    expect(flying).toBeLessThan(140);
  });
});
