/** How a body moves against its parent. */
export const FIXED = 0;
export const HINGE = 1;
export const SLIDE = 2;

/**
 * A tree of bodies in flat arrays, parents before children, as MuJoCo compiled it. Evaluating it here instead of by
 * `mj_kinematics` saves the crossing into WebAssembly: inverse kinematics asks tens of thousands of times per path.
 */
export interface KinematicTree {
  readonly count: number;
  /** [n] index of the parent; the root's is 0 */
  readonly parents: Int32Array;
  /** [n·3] body frame in its parent at joint value 0 [m] */
  readonly positions: Float64Array;
  /** [n·4] x, y, z, w */
  readonly orientations: Float64Array;
  /** [n] {@link FIXED}, {@link HINGE} or {@link SLIDE} */
  readonly kinds: Int32Array;
  /** [n·3] unit axis in the body's frame */
  readonly axes: Float64Array;
}

/**
 * World pose of one body from its parent's, for joint value `value` [rad or m]. `poses` holds seven numbers a body:
 * x, y, z, qx, qy, qz, qw. URDF joints sit at their body's origin.
 */
export function placeBody(tree: KinematicTree, body: number, value: number, poses: Float64Array): void {
  const p = 7 * tree.parents[body]!;
  const px = poses[p]!;
  const py = poses[p + 1]!;
  const pz = poses[p + 2]!;
  const qx = poses[p + 3]!;
  const qy = poses[p + 4]!;
  const qz = poses[p + 5]!;
  const qw = poses[p + 6]!;
  let lx = tree.positions[3 * body]!;
  let ly = tree.positions[3 * body + 1]!;
  let lz = tree.positions[3 * body + 2]!;
  const bx = tree.orientations[4 * body]!;
  const by = tree.orientations[4 * body + 1]!;
  const bz = tree.orientations[4 * body + 2]!;
  const bw = tree.orientations[4 * body + 3]!;
  const ax = tree.axes[3 * body]!;
  const ay = tree.axes[3 * body + 1]!;
  const az = tree.axes[3 * body + 2]!;
  let rx = bx;
  let ry = by;
  let rz = bz;
  let rw = bw;
  const kind = tree.kinds[body]!;
  if (kind === HINGE) {
    const s = Math.sin(value / 2);
    const c = Math.cos(value / 2);
    const jx = ax * s;
    const jy = ay * s;
    const jz = az * s;
    rx = bw * jx + bx * c + by * jz - bz * jy;
    ry = bw * jy - bx * jz + by * c + bz * jx;
    rz = bw * jz + bx * jy - by * jx + bz * c;
    rw = bw * c - bx * jx - by * jy - bz * jz;
  } else if (kind === SLIDE) {
    const tx = 2 * (by * az - bz * ay);
    const ty = 2 * (bz * ax - bx * az);
    const tz = 2 * (bx * ay - by * ax);
    lx += (ax + bw * tx + by * tz - bz * ty) * value;
    ly += (ay + bw * ty + bz * tx - bx * tz) * value;
    lz += (az + bw * tz + bx * ty - by * tx) * value;
  }
  const o = 7 * body;
  const tx = 2 * (qy * lz - qz * ly);
  const ty = 2 * (qz * lx - qx * lz);
  const tz = 2 * (qx * ly - qy * lx);
  poses[o] = px + lx + qw * tx + qy * tz - qz * ty;
  poses[o + 1] = py + ly + qw * ty + qz * tx - qx * tz;
  poses[o + 2] = pz + lz + qw * tz + qx * ty - qy * tx;
  poses[o + 3] = qw * rx + qx * rw + qy * rz - qz * ry;
  poses[o + 4] = qw * ry - qx * rz + qy * rw + qz * rx;
  poses[o + 5] = qw * rz + qx * ry - qy * rx + qz * rw;
  poses[o + 6] = qw * rw - qx * rx - qy * ry - qz * rz;
}

/** Joint axis of `body` in the world, into `out[0..2]`, from world poses of seven numbers a body. */
export function worldAxis(tree: KinematicTree, body: number, poses: Float64Array, out: Float64Array): void {
  const o = 7 * body;
  const qx = poses[o + 3]!;
  const qy = poses[o + 4]!;
  const qz = poses[o + 5]!;
  const qw = poses[o + 6]!;
  const ax = tree.axes[3 * body]!;
  const ay = tree.axes[3 * body + 1]!;
  const az = tree.axes[3 * body + 2]!;
  const tx = 2 * (qy * az - qz * ay);
  const ty = 2 * (qz * ax - qx * az);
  const tz = 2 * (qx * ay - qy * ax);
  out[0] = ax + qw * tx + qy * tz - qz * ty;
  out[1] = ay + qw * ty + qz * tx - qx * tz;
  out[2] = az + qw * tz + qx * ty - qy * tx;
}
