import {
  IDENTITY_POSE,
  IDENTITY_QUAT,
  TOOL_DOWN,
  add,
  lerp,
  norm,
  normalize,
  quatFromAxisAngle,
  quatMultiply,
  quatNormalize,
  subtract,
} from '../../src/core/geometry.ts';
import type { Pose, Quat, Vec3 } from '../../src/core/geometry.ts';
import { Random } from '../../src/core/random.ts';
import type {
  BoxesLayer,
  CameraLayer,
  CloudLayer,
  FramesLayer,
  RobotLayer,
  Scene,
  SceneGeom,
  SceneLayer,
  TrajectoryLayer,
  WaypointsLayer,
} from '../../src/core/scene.ts';
import { encodeBuffer } from '../../src/core/scene-buffer.ts';
import type { SidecarWriter } from '../../src/core/scene-buffer.ts';
import type { Waypoint } from '../../src/core/waypoint.ts';

/*
 * A made-up table, arm and pick-and-place path to develop and test the viewer with. Nothing here is robotics: the arm
 * is two links and a wrist that always points down.
 */

export const WAYPOINTS: readonly Waypoint[] = [
  {
    label: 'above the cube',
    position: [0.45, 0.145, 0.22],
    orientation: TOOL_DOWN,
    gripper: 1,
    radius: 0.03,
  },
  { label: 'grasp', position: [0.462, 0.152, 0.03], orientation: TOOL_DOWN, gripper: 0, radius: 0.02 },
  { label: 'lift', position: [0.45, 0.145, 0.26], orientation: TOOL_DOWN, gripper: 0, radius: 0.04 },
  {
    label: 'over the bowl',
    position: [0.585, -0.175, 0.25],
    orientation: TOOL_DOWN,
    gripper: 0,
    radius: 0.03,
  },
  { label: 'release', position: [0.585, -0.175, 0.13], orientation: TOOL_DOWN, gripper: 1, radius: 0.025 },
  { label: 'retreat', position: [0.48, -0.11, 0.34], orientation: TOOL_DOWN, gripper: 1, radius: 0.05 },
];

/** Least clearance that the refused sample is held against [m]. */
const LIMIT = 0.13;
const HOME: Vec3 = [0.36, 0, 0.46];
const CARTON: { center: Vec3; size: Vec3 } = { center: [0.53, -0.01, 0.06], size: [0.07, 0.05, 0.12] };

/** Samples a cloud of a table with a cube, bowl, carton and can; `count` points, coloured, with an intensity field. */
export function sampleCloud(
  count: number,
  seed = 1,
): { positions: Float32Array; colors: Uint8Array; intensity: Float32Array } {
  const random = new Random(seed, 'cloud');
  const positions = new Float32Array(3 * count);
  const colors = new Uint8Array(3 * count);
  const intensity = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const pick = random.next();
    let p: Vec3;
    let c: Vec3;
    if (pick < 0.06) [p, c] = [onBox(random, [0.462, 0.152, 0.022], [0.045, 0.045, 0.045]), [200, 45, 45]];
    else if (pick < 0.2) [p, c] = [onBowl(random), [40, 95, 190]];
    else if (pick < 0.28) [p, c] = [onBox(random, CARTON.center, CARTON.size), [170, 115, 55]];
    else if (pick < 0.34) [p, c] = [onCan(random), [60, 150, 85]];
    else
      [p, c] = [
        [random.uniform(0.15, 0.85), random.uniform(-0.45, 0.45), 0],
        [96, 98, 102],
      ];
    const shade = 0.78 + 0.3 * random.next();
    for (let k = 0; k < 3; k++) {
      positions[3 * i + k] = (p[k] as number) + random.normal() * 0.0012;
      colors[3 * i + k] = Math.min(255, Math.round((c[k] as number) * shade));
    }
    intensity[i] = shade;
  }
  return { positions, colors, intensity };
}

function onBox(random: Random, center: Vec3, size: Vec3): Vec3 {
  const face = random.below(5);
  const u: [number, number, number] = [
    random.uniform(-0.5, 0.5),
    random.uniform(-0.5, 0.5),
    random.uniform(-0.5, 0.5),
  ];
  if (face === 0) u[2] = 0.5;
  else u[face < 3 ? 0 : 1] = face % 2 === 0 ? 0.5 : -0.5;
  return add(center, [u[0] * size[0], u[1] * size[1], u[2] * size[2]]);
}

function onBowl(random: Random): Vec3 {
  const angle = random.uniform(0, 2 * Math.PI);
  const h = random.next();
  const r = 0.03 + 0.05 * Math.sqrt(h);
  return [0.585 + r * Math.cos(angle), -0.175 + r * Math.sin(angle), 0.06 * h];
}

function onCan(random: Random): Vec3 {
  const angle = random.uniform(0, 2 * Math.PI);
  const top = random.next() < 0.3;
  const r = top ? 0.033 * Math.sqrt(random.next()) : 0.033;
  return [0.7 + r * Math.cos(angle), 0.12 + r * Math.sin(angle), top ? 0.1 : random.uniform(0, 0.1)];
}

export interface SamplePath {
  readonly times: Float64Array;
  readonly tool: Float32Array;
  readonly gripper: Float32Array;
  readonly joints: Float32Array;
  readonly velocities: Float32Array;
  readonly clearance: Float32Array;
  readonly deviation: Float32Array;
  readonly events: TrajectoryLayer['events'];
}

/** A path from home through the waypoints: smoothstep per leg, half a second of rest per gripper event. */
export function samplePath(
  options: { waypoints?: readonly Waypoint[]; noise?: number; seed?: number; dt?: number } = {},
): SamplePath {
  const { waypoints = WAYPOINTS, noise = 0, seed = 2, dt = 1 / 45 } = options;
  const random = new Random(seed, 'path');
  const bend: Vec3 = [random.normal() * noise, random.normal() * noise, random.normal() * noise];
  const stops: { from: Vec3; to: Vec3; bow: Vec3; start: number; duration: number }[] = [];
  const events: { t: number; label: string; kind: 'waypoint' | 'grip' }[] = [];
  const grips: { t: number; to: number }[] = [];
  let t = 0;
  let at = HOME;
  let opening = 1;
  for (const w of waypoints) {
    const length = norm(subtract(w.position, at));
    const duration = Math.max(0.5, length / 0.16);
    // Carries bow upwards and outwards, as a refined path clears what lies between.
    const sideways = Math.hypot(w.position[0] - at[0], w.position[1] - at[1]);
    stops.push({ from: at, to: w.position, bow: [0.05 * sideways, 0, 0.28 * sideways], start: t, duration });
    t += duration;
    events.push({ t, label: w.label, kind: 'waypoint' });
    if (w.gripper !== opening) {
      grips.push({ t, to: w.gripper });
      events.push({
        t: t + 0.25,
        label: w.gripper > opening ? 'gripper opens' : 'gripper closes',
        kind: 'grip',
      });
      opening = w.gripper;
      stops.push({ from: w.position, to: w.position, bow: [0, 0, 0], start: t, duration: 0.5 });
      t += 0.5;
    }
    at = w.position;
  }
  const n = Math.floor(t / dt) + 1;
  const times = Float64Array.from({ length: n }, (_, i) => i * dt);
  const tool = new Float32Array(7 * n);
  const gripper = new Float32Array(n);
  const joints = new Float32Array(7 * n);
  const clearance = new Float32Array(n);
  const deviation = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const now = times[i] as number;
    const leg = stops.findLast((s) => s.start <= now) ?? stops[0];
    if (!leg) throw new Error('samplePath: no waypoints');
    const s = Math.min(1, (now - leg.start) / leg.duration);
    const e = s * s * (3 - 2 * s);
    const arc = Math.sin(Math.PI * e);
    const straight = lerp(leg.from, leg.to, e);
    const wobble = Math.sin(now * 5) * 0.4 + Math.sin(now * 2.3);
    const p: Vec3 = [
      straight[0] + leg.bow[0] * arc + bend[0] * wobble,
      straight[1] + leg.bow[1] * arc + bend[1] * wobble,
      straight[2] + leg.bow[2] * arc + Math.abs(bend[2]) * wobble,
    ];
    tool.set([...p, ...TOOL_DOWN], 7 * i);
    gripper[i] = grips.findLast((g) => g.t <= now)?.to ?? 1;
    const d = subtract(p, CARTON.center);
    clearance[i] = Math.max(
      0.004,
      Math.hypot(
        Math.max(0, Math.abs(d[0]) - 0.05),
        Math.max(0, Math.abs(d[1]) - 0.05),
        Math.max(0, d[2] - 0.075),
      ),
    );
    deviation[i] = norm(subtract(p, straight)) + Math.abs(wobble) * noise;
    const { yaw, shoulder, elbow } = solve(p);
    joints.set([yaw, shoulder, 0.2 * Math.sin(now), elbow, 0.05, 1.9 + 0.2 * shoulder, yaw + 0.8], 7 * i);
  }
  const velocities = new Float32Array(7 * n);
  for (let i = 0; i < n; i++) {
    const a = Math.max(0, i - 1);
    const b = Math.min(n - 1, i + 1);
    for (let k = 0; k < 7; k++)
      velocities[7 * i + k] =
        ((joints[7 * b + k] as number) - (joints[7 * a + k] as number)) / Math.max(1e-6, (b - a) * dt);
  }
  return { times, tool, gripper, joints, velocities, clearance, deviation, events };
}

const SHOULDER: Vec3 = [0, 0, 0.333];
const UPPER = 0.4;
const FORE = 0.42;
const WRIST_UP = 0.21;

function solve(tool: Vec3): { yaw: number; shoulder: number; elbow: number; elbowAt: Vec3; wristAt: Vec3 } {
  const wristAt: Vec3 = [tool[0], tool[1], tool[2] + WRIST_UP];
  const yaw = Math.atan2(wristAt[1], wristAt[0]);
  const r = Math.hypot(wristAt[0], wristAt[1]);
  const z = wristAt[2] - SHOULDER[2];
  const reach = Math.min(UPPER + FORE - 1e-4, Math.hypot(r, z));
  const inner = Math.acos((UPPER ** 2 + reach ** 2 - FORE ** 2) / (2 * UPPER * reach));
  const shoulder = Math.atan2(z, r) + inner;
  const er = UPPER * Math.cos(shoulder);
  const elbowAt: Vec3 = [er * Math.cos(yaw), er * Math.sin(yaw), SHOULDER[2] + UPPER * Math.sin(shoulder)];
  return { yaw, shoulder, elbow: inner, elbowAt, wristAt };
}

/** The turn that takes +Z to `direction`. */
function alongZ(direction: Vec3): Quat {
  const d = normalize(direction);
  const q: Quat = [-d[1], d[0], 0, 1 + d[2]];
  return d[2] < -0.9999 ? [1, 0, 0, 0] : quatNormalize(q);
}

const JOINT: [number, number, number] = [74, 80, 87];
const GREY: [number, number, number] = [174, 180, 186];
const geom = (
  shape: SceneGeom['shape'],
  position: Vec3 = [0, 0, 0],
  color = GREY,
  orientation: Quat = IDENTITY_QUAT,
): SceneGeom => ({
  shape,
  pose: { position, orientation },
  color,
});

const LINKS: RobotLayer['links'] = [
  {
    name: 'base',
    geoms: [
      geom({ kind: 'cylinder', radius: 0.075, length: 0.06 }, [0, 0, 0.03], JOINT),
      geom({ kind: 'cylinder', radius: 0.055, length: 0.27 }, [0, 0, 0.17]),
    ],
  },
  {
    name: 'shoulder',
    geoms: [
      geom(
        { kind: 'cylinder', radius: 0.062, length: 0.16 },
        [0, 0, 0],
        JOINT,
        quatFromAxisAngle([1, 0, 0], Math.PI / 2),
      ),
    ],
  },
  {
    name: 'upper',
    geoms: [geom({ kind: 'capsule', radius: 0.05, length: UPPER - 0.06 }, [0, 0, UPPER / 2])],
  },
  {
    name: 'elbow',
    geoms: [
      geom(
        { kind: 'cylinder', radius: 0.055, length: 0.14 },
        [0, 0, 0],
        JOINT,
        quatFromAxisAngle([1, 0, 0], Math.PI / 2),
      ),
    ],
  },
  { name: 'fore', geoms: [geom({ kind: 'capsule', radius: 0.043, length: FORE - 0.06 }, [0, 0, FORE / 2])] },
  {
    name: 'wrist',
    geoms: [
      geom({ kind: 'cylinder', radius: 0.046, length: 0.1 }, [0, 0, 0], JOINT),
      geom({ kind: 'cylinder', radius: 0.034, length: 0.07 }, [0, 0, -0.07]),
    ],
  },
  { name: 'hand', geoms: [geom({ kind: 'box', size: [0.055, 0.2, 0.05] }, [0, 0, -0.078])] },
  { name: 'left finger', geoms: [geom({ kind: 'box', size: [0.018, 0.014, 0.055] }, [0, 0, -0.026], JOINT)] },
  {
    name: 'right finger',
    geoms: [geom({ kind: 'box', size: [0.018, 0.014, 0.055] }, [0, 0, -0.026], JOINT)],
  },
];

/** Link poses of the toy arm along a path, every third sample. */
function sampleRobot(path: SamplePath, encode: Encode): RobotLayer {
  const rows: number[] = [];
  for (let i = 0; i < path.times.length; i += 3) rows.push(i);
  const poses = new Float32Array(rows.length * LINKS.length * 7);
  rows.forEach((i, row) => {
    const tool: Vec3 = [
      path.tool[7 * i] as number,
      path.tool[7 * i + 1] as number,
      path.tool[7 * i + 2] as number,
    ];
    const { yaw, elbowAt, wristAt } = solve(tool);
    const turn = quatFromAxisAngle([0, 0, 1], yaw);
    const opening = 0.006 + 0.034 * (path.gripper[i] as number);
    const finger = (side: 1 | -1): Pose => ({
      position: [tool[0], tool[1] + side * opening, tool[2]],
      orientation: TOOL_DOWN,
    });
    const list: Pose[] = [
      IDENTITY_POSE,
      { position: SHOULDER, orientation: turn },
      { position: SHOULDER, orientation: alongZ(subtract(elbowAt, SHOULDER)) },
      { position: elbowAt, orientation: turn },
      { position: elbowAt, orientation: alongZ(subtract(wristAt, elbowAt)) },
      { position: wristAt, orientation: turn },
      { position: tool, orientation: TOOL_DOWN },
      finger(1),
      finger(-1),
    ];
    list.forEach((pose, l) =>
      poses.set([...pose.position, ...pose.orientation], (row * LINKS.length + l) * 7),
    );
  });
  return {
    kind: 'robot',
    id: 'robot',
    label: 'Arm at slider',
    links: LINKS,
    times: encode(
      Float64Array.from(rows, (i) => path.times[i] as number),
      [rows.length],
    ),
    poses: encode(poses, [rows.length, LINKS.length, 7]),
  };
}

type Encode = (
  array: Parameters<typeof encodeBuffer>[0],
  shape: readonly number[],
) => ReturnType<typeof encodeBuffer>;

export interface SampleOptions {
  readonly points?: number;
  readonly sidecar?: SidecarWriter;
}

/** The scenes of one made-up notebook, by kind. */
export function sampleScenes(
  options: SampleOptions = {},
): Record<'capture' | 'plan' | 'refined' | 'executed' | 'refused' | 'compared', Scene> {
  const encode: Encode = (array, shape) =>
    encodeBuffer(array, shape, options.sidecar ? { sidecar: options.sidecar } : {});
  const points = options.points ?? 24_000;
  const raw = sampleCloud(points);
  const cloud: CloudLayer = {
    kind: 'cloud',
    id: 'cloud:table',
    label: 'Point cloud',
    cell: 'table',
    positions: encode(raw.positions, [points, 3]),
    colors: encode(raw.colors, [points, 3]),
    fields: { intensity: encode(raw.intensity, [points]) },
    total: points,
  };
  const camera: CameraLayer = {
    kind: 'camera',
    id: 'camera:front',
    label: 'Camera: front',
    cell: 'table',
    pose: { position: [1.15, 0.35, 0.75], orientation: lookAt([1.15, 0.35, 0.75], [0.5, 0, 0]) },
    intrinsics: { width: 640, height: 480, fx: 600, fy: 600, cx: 320, cy: 240 },
    far: 0.25,
  };
  const detections: BoxesLayer = {
    kind: 'boxes',
    id: 'detections',
    label: 'Detections',
    cell: 'table',
    boxes: [
      {
        label: 'carton',
        pose: { position: CARTON.center, orientation: IDENTITY_QUAT },
        size: CARTON.size,
        score: 0.91,
        role: 'detection',
      },
      {
        label: 'blue bowl',
        pose: { position: [0.585, -0.175, 0.03], orientation: IDENTITY_QUAT },
        size: [0.17, 0.17, 0.07],
        score: 0.95,
        role: 'detection',
      },
    ],
  };
  const target: BoxesLayer = {
    kind: 'boxes',
    id: 'target',
    label: 'Target',
    cell: 'put-cube',
    boxes: [
      {
        label: 'red cube',
        pose: { position: [0.462, 0.152, 0.0225], orientation: IDENTITY_QUAT },
        size: [0.05, 0.05, 0.05],
        score: 0.97,
        role: 'target',
      },
    ],
  };
  const frames: FramesLayer = {
    kind: 'frames',
    id: 'frames',
    label: 'Frames',
    frames: [{ name: 'base', pose: { position: [0.16, 0.0, 0], orientation: IDENTITY_QUAT } }],
  };
  const waypoints: WaypointsLayer = {
    kind: 'waypoints',
    id: 'coarse',
    label: 'Coarse waypoints',
    cell: 'grasp',
    waypoints: WAYPOINTS,
  };
  const path = samplePath();
  const executedPath = samplePath({ noise: 0.003, seed: 3 });
  const robot = sampleRobot(path, encode);
  const refined = trajectory('refined', 'Trajectory', 'refined', path, encode);
  const executed = trajectory('executed', 'Run 7', 'executed', executedPath, encode);
  const compared = trajectory(
    'compared',
    'executed, Run 6',
    'compared',
    samplePath({ noise: 0.008, seed: 5 }),
    encode,
  );
  const base = (
    kind: Scene['kind'],
    cell: string,
    title: string,
    text: string,
    layers: readonly SceneLayer[],
  ): Scene => ({
    version: 1,
    kind,
    cell,
    title,
    verdict: { ok: true, text },
    facts: [{ name: 'points', value: `${points.toLocaleString('en-US')} points` }],
    layers,
  });
  const low = WAYPOINTS.map((w, i) =>
    i === 2
      ? { ...w, position: [0.45, 0.145, 0.172] as Vec3 }
      : i === 3
        ? { ...w, position: [0.585, -0.175, 0.165] as Vec3 }
        : w,
  );
  const lowPath = samplePath({ waypoints: low });
  const refused: TrajectoryLayer = {
    ...trajectory('refined', 'Trajectory', 'refined', lowPath, encode),
    refused: Array.from(lowPath.clearance.entries())
      .filter(([i, c]) => c < LIMIT && i > lowPath.times.length * 0.5 && i < lowPath.times.length * 0.7)
      .map(([sample, c]) => ({ sample, limitName: 'clearance', value: c, limit: LIMIT, unit: 'm' })),
    clearanceLimit: LIMIT,
  };
  return {
    capture: base('capture', 'table', 'Capture table', `${points} points`, [cloud, camera, frames]),
    plan: base('plan', 'put-cube', 'Plan', '6 waypoints', [cloud, waypoints, target, detections]),
    refined: base('refined', 'grasp', 'Refined grasp', '9.3 s at 50 %, clearance 61 mm', [
      cloud,
      robot,
      refined,
      waypoints,
      target,
    ]),
    executed: base('executed', 'go', 'Executed go', 'cube in the bowl, at rest', [
      cloud,
      robot,
      refined,
      executed,
      waypoints,
      target,
      detections,
      frames,
      camera,
    ]),
    refused: {
      ...base('refined', 'grasp', 'Refused grasp', '', [
        cloud,
        sampleRobot(lowPath, encode),
        refused,
        { ...waypoints, waypoints: low },
        target,
      ]),
      verdict: {
        ok: false,
        text: 'Refused: the held cube would pass 98 mm above the carton; 130 mm is required.',
      },
    },
    compared: base('executed', 'go', 'Run 7 and Run 6', 'both succeeded', [
      cloud,
      robot,
      refined,
      executed,
      compared,
      waypoints,
      target,
    ]),
  };
}

function trajectory(
  id: string,
  label: string,
  role: TrajectoryLayer['role'],
  path: SamplePath,
  encode: Encode,
): TrajectoryLayer {
  const n = path.times.length;
  return {
    kind: 'trajectory',
    id,
    label,
    role,
    times: encode(path.times, [n]),
    tool: encode(path.tool, [n, 7]),
    gripper: encode(path.gripper, [n]),
    jointNames: Array.from({ length: 7 }, (_, i) => `joint${i + 1}`),
    joints: encode(path.joints, [n, 7]),
    velocities: encode(path.velocities, [n, 7]),
    clearance: encode(path.clearance, [n]),
    clearanceLimit: 0.02,
    deviation: encode(path.deviation, [n]),
    events: path.events,
  };
}

/** Optical frame (+Z forward, +Y down) at `eye`, looking at `point`. */
function lookAt(eye: Vec3, point: Vec3): Quat {
  const d = normalize(subtract(point, eye));
  const yaw = Math.atan2(d[1], d[0]);
  const pitch = Math.asin(d[2]);
  // Forward X to optical Z, then up or down, then round the vertical.
  const optical: Quat = [-0.5, 0.5, -0.5, 0.5];
  return quatMultiply(
    quatMultiply(quatFromAxisAngle([0, 0, 1], yaw), quatFromAxisAngle([0, 1, 0], -pitch)),
    optical,
  );
}
