/** Vectors in metres, right-handed, Z up (REP-103). Quaternions are unit, ordered x, y, z, w. */
export type Vec3 = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];

/** A rigid transform: where the child frame's origin is, and how it is turned, seen from the parent. */
export interface Pose {
  readonly position: Vec3;
  readonly orientation: Quat;
}

export const IDENTITY_QUAT: Quat = [0, 0, 0, 1];
export const IDENTITY_POSE: Pose = { position: [0, 0, 0], orientation: IDENTITY_QUAT };

/** The tool pointing straight down (approach +Z = base -Z), fingers opening along base ±Y. */
export const TOOL_DOWN: Quat = [1, 0, 0, 0];

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const norm = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const distance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
export const lerp = (a: Vec3, b: Vec3, s: number): Vec3 => [
  a[0] + (b[0] - a[0]) * s,
  a[1] + (b[1] - a[1]) * s,
  a[2] + (b[2] - a[2]) * s,
];

/** Unit vector along `a`; the zero vector stays zero. */
export function normalize(a: Vec3): Vec3 {
  const n = norm(a);
  return n === 0 ? a : scale(a, 1 / n);
}

/** Hamilton product: first `b`, then `a`, as for rotation matrices. */
export const quatMultiply = (a: Quat, b: Quat): Quat => [
  a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
  a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
  a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
  a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
];
export const quatConjugate = (q: Quat): Quat => [-q[0], -q[1], -q[2], q[3]];

export function quatNormalize(q: Quat): Quat {
  const n = Math.hypot(q[0], q[1], q[2], q[3]);
  return n === 0 ? IDENTITY_QUAT : [q[0] / n, q[1] / n, q[2] / n, q[3] / n];
}

/** Rotation by `angle` [rad] about `axis` (any length). */
export function quatFromAxisAngle(axis: Vec3, angle: number): Quat {
  const u = normalize(axis);
  const s = Math.sin(angle / 2);
  return [u[0] * s, u[1] * s, u[2] * s, Math.cos(angle / 2)];
}

/** `q` turned by `yaw` [rad] about the base frame's Z. */
export const withYaw = (q: Quat, yaw: number): Quat => quatMultiply(quatFromAxisAngle([0, 0, 1], yaw), q);

export function rotate(q: Quat, v: Vec3): Vec3 {
  const u: Vec3 = [q[0], q[1], q[2]];
  const t = scale(cross(u, v), 2);
  return add(add(v, scale(t, q[3])), cross(u, t));
}

/** Smallest angle between two orientations [rad], 0..π. */
export function angleBetween(a: Quat, b: Quat): number {
  const d = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
  return 2 * Math.acos(Math.min(1, d));
}

/** Shortest-arc spherical interpolation; falls back to a normalised blend where the arc vanishes. */
export function slerp(a: Quat, b: Quat, s: number): Quat {
  let cos = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = cos < 0 ? -1 : 1;
  cos *= sign;
  if (cos > 0.9995) {
    return quatNormalize([
      a[0] + (sign * b[0] - a[0]) * s,
      a[1] + (sign * b[1] - a[1]) * s,
      a[2] + (sign * b[2] - a[2]) * s,
      a[3] + (sign * b[3] - a[3]) * s,
    ]);
  }
  const theta = Math.acos(cos);
  const wa = Math.sin((1 - s) * theta) / Math.sin(theta);
  const wb = (sign * Math.sin(s * theta)) / Math.sin(theta);
  return [a[0] * wa + b[0] * wb, a[1] * wa + b[1] * wb, a[2] * wa + b[2] * wb, a[3] * wa + b[3] * wb];
}

/** Rotation vector (axis times angle [rad]) that takes `from` to `to`, in the parent frame. */
export function rotationVector(from: Quat, to: Quat): Vec3 {
  let d = quatMultiply(to, quatConjugate(from));
  if (d[3] < 0) d = [-d[0], -d[1], -d[2], -d[3]];
  const s = Math.hypot(d[0], d[1], d[2]);
  if (s < 1e-12) return [0, 0, 0];
  const angle = 2 * Math.atan2(s, d[3]);
  return [(d[0] / s) * angle, (d[1] / s) * angle, (d[2] / s) * angle];
}

/** Quaternion of a 3x3 rotation matrix, row-major, length 9. */
export function quatFromMatrix(m: ArrayLike<number>): Quat {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = Array.from(m) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const trace = m00 + m11 + m22;
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return [(m21 - m12) / s, (m02 - m20) / s, (m10 - m01) / s, s / 4];
  }
  if (m00 > m11 && m00 > m22) {
    const s = 2 * Math.sqrt(1 + m00 - m11 - m22);
    return [s / 4, (m01 + m10) / s, (m02 + m20) / s, (m21 - m12) / s];
  }
  if (m11 > m22) {
    const s = 2 * Math.sqrt(1 + m11 - m00 - m22);
    return [(m01 + m10) / s, s / 4, (m12 + m21) / s, (m02 - m20) / s];
  }
  const s = 2 * Math.sqrt(1 + m22 - m00 - m11);
  return [(m02 + m20) / s, (m12 + m21) / s, s / 4, (m10 - m01) / s];
}

/** 3x3 matrix, row-major */
export type Mat3 = readonly [number, number, number, number, number, number, number, number, number];

/** 3x3 rotation matrix, row-major. */
export function matrixFromQuat(q: Quat): Mat3 {
  const [x, y, z, w] = q;
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

/** The pose of c in a, from b in a and c in b. */
export const compose = (a: Pose, b: Pose): Pose => ({
  position: add(a.position, rotate(a.orientation, b.position)),
  orientation: quatNormalize(quatMultiply(a.orientation, b.orientation)),
});

export function inverse(p: Pose): Pose {
  const orientation = quatConjugate(p.orientation);
  return { position: scale(rotate(orientation, p.position), -1), orientation };
}

export const transformPoint = (p: Pose, v: Vec3): Vec3 => add(p.position, rotate(p.orientation, v));
