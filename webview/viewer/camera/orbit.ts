import type { Vec3 } from '../../../src/core/geometry.ts';
import { add, cross, dot, norm, scale, subtract } from '../../../src/core/geometry.ts';

/**
 * Where the view looks from, Z up: the eye is at `target` + `distance` in direction (azimuth, elevation). Everything
 * here is a pure function from one state to the next, so that mouse, keys, presets and a restored panel share it.
 */
export interface OrbitState {
  readonly target: Vec3;
  /** [m] eye to target; orthographic views take their height from it too */
  readonly distance: number;
  /** [rad] from +X towards +Y */
  readonly azimuth: number;
  /** [rad] above the ground, -π/2..π/2 */
  readonly elevation: number;
  readonly projection: 'perspective' | 'orthographic';
}

/** Vertical field of view of the perspective camera [rad]. */
export const FIELD_OF_VIEW = (38 * Math.PI) / 180;
const HALF_PI = Math.PI / 2;
const DISTANCE_MIN = 0.005;
const DISTANCE_MAX = 1e5;

export const HOME_ORBIT: OrbitState = {
  target: [0.4, 0, 0.2],
  distance: 1.8,
  azimuth: -0.72,
  elevation: 0.45,
  projection: 'perspective',
};

/** Unit vectors of the view: out of the screen, to the right, up. */
export function viewAxes(state: OrbitState): { out: Vec3; right: Vec3; up: Vec3 } {
  const ce = Math.cos(state.elevation);
  const out: Vec3 = [ce * Math.cos(state.azimuth), ce * Math.sin(state.azimuth), Math.sin(state.elevation)];
  // From the azimuth alone, so that straight down still has a right and an up.
  const right: Vec3 = [-Math.sin(state.azimuth), Math.cos(state.azimuth), 0];
  return { out, right, up: cross(out, right) };
}

export const eyeOf = (state: OrbitState): Vec3 =>
  add(state.target, scale(viewAxes(state).out, state.distance));

export const orbit = (state: OrbitState, yaw: number, pitch: number): OrbitState => ({
  ...state,
  azimuth: wrapAngle(state.azimuth + yaw),
  elevation: Math.min(HALF_PI, Math.max(-HALF_PI, state.elevation + pitch)),
});

/** Moves the target by fractions of the view's height, to the right and up on screen. */
export function pan(state: OrbitState, right: number, up: number): OrbitState {
  const axes = viewAxes(state);
  const height = viewHeight(state);
  return {
    ...state,
    target: add(state.target, add(scale(axes.right, right * height), scale(axes.up, up * height))),
  };
}

/** Factor below 1 comes closer. */
export const zoom = (state: OrbitState, factor: number): OrbitState => ({
  ...state,
  distance: Math.min(DISTANCE_MAX, Math.max(DISTANCE_MIN, state.distance * factor)),
});

/** Height of what is seen at the target's depth [m]. */
export const viewHeight = (state: OrbitState): number => 2 * state.distance * Math.tan(FIELD_OF_VIEW / 2);

export type Preset = 'top' | 'front' | 'side';

/** Looks along an axis of `base`: top from above with X up, front towards the robot, side from its right. */
export function preset(state: OrbitState, name: Preset): OrbitState {
  switch (name) {
    case 'top':
      return { ...state, azimuth: -Math.PI, elevation: HALF_PI };
    case 'front':
      return { ...state, azimuth: 0, elevation: 0 };
    case 'side':
      return { ...state, azimuth: -HALF_PI, elevation: 0 };
  }
}

/**
 * Keeps the direction and shows all `points`, centred: the nearest eye from which each lies inside the picture. One
 * point gets half a metre; points that are not finite have no say.
 */
export function fit(state: OrbitState, points: readonly Vec3[], aspect: number, margin = 1.12): OrbitState {
  const finite = points.filter((p) => p.every(Number.isFinite));
  const first = finite[0];
  if (!first) return state;
  const { right, up, out } = viewAxes(state);
  const tanY = Math.tan(FIELD_OF_VIEW / 2) / margin;
  const tanX = tanY * Math.max(0.1, aspect);
  let target = first;
  let distance = 0.5;
  // The centre of the picture depends on the distance and the other way round; three rounds settle it.
  for (let round = 0; round < 3; round++) {
    const low: [number, number] = [Infinity, Infinity];
    const high: [number, number] = [-Infinity, -Infinity];
    let nearest = 0;
    for (const p of finite) {
      const d = subtract(p, target);
      const depth = round === 0 ? 1 : Math.max(1e-3, distance - dot(d, out)) / distance;
      const x = dot(d, right) / depth;
      const y = dot(d, up) / depth;
      low[0] = Math.min(low[0], x);
      high[0] = Math.max(high[0], x);
      low[1] = Math.min(low[1], y);
      high[1] = Math.max(high[1], y);
    }
    target = add(target, add(scale(right, (low[0] + high[0]) / 2), scale(up, (low[1] + high[1]) / 2)));
    for (const p of finite) {
      const d = subtract(p, target);
      const towards = dot(d, out);
      nearest = Math.max(
        nearest,
        Math.abs(dot(d, right)) / tanX + towards,
        Math.abs(dot(d, up)) / tanY + towards,
      );
    }
    distance = nearest > 1e-6 ? nearest : 0.5;
  }
  return { ...state, target, distance: Math.min(DISTANCE_MAX, Math.max(0.05, distance)) };
}

/** Looks at a new point from where the eye is now. */
export function pivotAt(state: OrbitState, point: Vec3): OrbitState {
  const offset = subtract(eyeOf(state), point);
  const distance = Math.max(DISTANCE_MIN, norm(offset));
  return {
    ...state,
    target: point,
    distance,
    azimuth: Math.atan2(offset[1], offset[0]),
    elevation: Math.asin(Math.min(1, Math.max(-1, offset[2] / distance))),
  };
}

/** Between two views, 0..1 along the shorter turn. */
export function blend(a: OrbitState, b: OrbitState, s: number): OrbitState {
  const mix = (x: number, y: number): number => x + (y - x) * s;
  return {
    ...b,
    target: [mix(a.target[0], b.target[0]), mix(a.target[1], b.target[1]), mix(a.target[2], b.target[2])],
    distance: Math.exp(mix(Math.log(a.distance), Math.log(b.distance))),
    azimuth: a.azimuth + wrapAngle(b.azimuth - a.azimuth) * s,
    elevation: mix(a.elevation, b.elevation),
  };
}

const wrapAngle = (angle: number): number => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
