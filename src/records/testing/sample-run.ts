import { cloudHash, type Capture } from '../../core/capture.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import type { Provenance } from '../../core/provenance.ts';
import { Random } from '../../core/random.ts';
import { encodeBuffer } from '../../core/scene-buffer.ts';
import { type Scene, SCENE_VERSION } from '../../core/scene.ts';
import { type Trajectory, trajectoryHash } from '../../core/trajectory.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { RefinedRecord } from '../record-types.ts';

/** Made-up content of a run, for tests: the same for the same seed. */
export function sampleCloud(seed: number, count: number): PointCloud {
  const random = new Random(seed, 'cloud');
  const fields = { intensity: Float32Array.from({ length: count }, () => random.next()) };
  return {
    frame: 'base',
    stamp: 1.25,
    count,
    positions: Float32Array.from({ length: 3 * count }, () => random.uniform(-1, 1)),
    colors: Uint8Array.from({ length: 3 * count }, () => random.below(256)),
    fields,
  };
}

export function sampleCapture(seed: number, count = 500): Capture {
  const cloud = sampleCloud(seed, count);
  return {
    cloud,
    source: 'front',
    objects: [
      {
        id: 'o1',
        label: 'red cube',
        pose: { position: [0.4, 0.1, 0.02], orientation: [0, 0, 0, 1] },
        size: [0.04, 0.04, 0.04],
        score: 0.9,
        source: 'detections',
      },
    ],
    cameraPose: { position: [1, 0, 0.6], orientation: [0, 0, 0, 1] },
    intrinsics: { width: 160, height: 120, fx: 120, fy: 120, cx: 80, cy: 60 },
    robot: {
      stamp: 1.25,
      joints: [0, -0.5, 0, -2, 0, 1.5, 0.7],
      velocities: [0, 0, 0, 0, 0, 0, 0],
      gripper: 1,
    },
    rawCount: 2 * count,
    hash: cloudHash(cloud),
  };
}

export const sampleWaypoints = (): Waypoint[] => [
  {
    label: 'above the cube',
    position: [0.45, 0.1, 0.25],
    orientation: [1, 0, 0, 0],
    gripper: 1,
    radius: 0.03,
  },
  { label: 'grasp', position: [0.45, 0.1, 0.02], orientation: [1, 0, 0, 0], gripper: 0, radius: 0.01 },
];

export function sampleTrajectory(seed: number, samples = 50): Trajectory {
  const random = new Random(seed, 'trajectory');
  const joints = 7;
  const tool = new Float64Array(7 * samples);
  for (let i = 0; i < samples; i++) tool.set([0.4, 0.1, 0.3 - 0.002 * i, 1, 0, 0, 0], 7 * i);
  return {
    jointNames: Array.from({ length: joints }, (_, i) => `joint${i + 1}`),
    times: Float64Array.from({ length: samples }, (_, i) => i * 0.02),
    joints: Float64Array.from({ length: samples * joints }, () => random.uniform(-2, 2)),
    velocities: Float64Array.from({ length: samples * joints }, () => random.uniform(-1, 1)),
    tool,
    gripper: new Float64Array(samples).fill(1),
    segments: [{ kind: 'move', first: 0, last: samples - 1, toWaypoint: 1 }],
    waypointSamples: [Math.floor(samples / 2), samples - 1],
  };
}

export function sampleRefined(seed: number, change: Partial<RefinedRecord> = {}): RefinedRecord {
  const trajectory = change.trajectory ?? sampleTrajectory(seed);
  return {
    waypoints: sampleWaypoints(),
    refinedWaypoints: sampleWaypoints(),
    refiner: 'spline',
    trajectory,
    trajectoryHash: trajectoryHash(trajectory),
    speed: 0.5,
    clearance: 0.061,
    ...change,
  };
}

export const sampleProvenance = (): Provenance => ({
  waybook: '0.1.0',
  robot: 'sim:tabletop?seed=7',
  robotFrom: 'notebook',
  seed: 7,
  planner: { provider: 'language' },
  refiner: { id: 'spline' },
  epoch: { session: 'headless', counter: 3 },
});

export function sampleScene(cell: string, points = 200): Scene {
  const cloud = sampleCloud(1, points);
  return {
    version: SCENE_VERSION,
    kind: 'refined',
    cell,
    title: cell,
    verdict: { ok: true, text: '6 waypoints' },
    facts: [{ name: 'clearance', value: '61 mm' }],
    layers: [
      {
        kind: 'cloud',
        id: 'cloud',
        label: 'cloud',
        positions: encodeBuffer(cloud.positions, [points, 3]),
        ...(cloud.colors ? { colors: encodeBuffer(cloud.colors, [points, 3]) } : {}),
      },
    ],
    provenance: sampleProvenance(),
  };
}
