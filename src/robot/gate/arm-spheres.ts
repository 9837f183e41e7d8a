import type { RobotModel } from '../../kinematics/robot-model.ts';
import { spheresOf } from './link-spheres.ts';

/** An arm's solids as spheres, ready to be placed for one configuration after another without allocation. */
export class ArmSpheres {
  readonly model: RobotModel;
  readonly count: number;
  /** [count] m */
  readonly radii: Float64Array;
  /** [count] index into the model's link names */
  readonly links: Int32Array;
  /** [count] 1 where the sphere is rigid with the tool or part of the gripper, else 0 */
  readonly onTool: Uint8Array;
  /** [3·count] in base, as of the last `place` */
  readonly centers: Float64Array;
  readonly #local: Float64Array;
  readonly #poses: Float64Array;

  /** Links that no joint moves are left out: they cannot come nearer to anything. */
  constructor(model: RobotModel) {
    this.model = model;
    const { moving, onTool } = classify(model);
    const spheres = model.linkNames.flatMap((name, link) =>
      moving[link] ? spheresOf(model.solids.get(name) ?? []).map((sphere) => ({ ...sphere, link })) : [],
    );
    this.count = spheres.length;
    this.radii = Float64Array.from(spheres, (sphere) => sphere.radius);
    this.links = Int32Array.from(spheres, (sphere) => sphere.link);
    this.onTool = Uint8Array.from(spheres, (sphere) => (onTool[sphere.link] ? 1 : 0));
    this.#local = Float64Array.from(spheres.flatMap((sphere) => [...sphere.center]));
    this.centers = new Float64Array(3 * this.count);
    this.#poses = new Float64Array(7 * model.linkNames.length);
  }

  place(joints: ArrayLike<number>, gripper: number): void {
    this.model.linkPosesInto(joints, gripper, this.#poses);
    for (let s = 0; s < this.count; s++) {
      transformInto(this.#poses, 7 * (this.links[s] as number), this.#local, 3 * s, this.centers, 3 * s);
    }
  }
}

/** `out` = pose (x y z qx qy qz qw at `p`) applied to the point at `v`. */
export function transformInto(
  poses: Float64Array,
  p: number,
  points: Float64Array,
  v: number,
  out: Float64Array,
  o: number,
): void {
  const x = points[v] as number;
  const y = points[v + 1] as number;
  const z = points[v + 2] as number;
  const qx = poses[p + 3] as number;
  const qy = poses[p + 4] as number;
  const qz = poses[p + 5] as number;
  const qw = poses[p + 6] as number;
  const tx = 2 * (qy * z - qz * y);
  const ty = 2 * (qz * x - qx * z);
  const tz = 2 * (qx * y - qy * x);
  out[o] = (poses[p] as number) + x + qw * tx + qy * tz - qz * ty;
  out[o + 1] = (poses[p + 1] as number) + y + qw * ty + qz * tx - qx * tz;
  out[o + 2] = (poses[p + 2] as number) + z + qw * tz + qx * ty - qy * tx;
}

/** Which links any arm joint moves, and which keep their place relative to the tool whatever the joints do. */
function classify(model: RobotModel): { moving: boolean[]; onTool: boolean[] } {
  const at = (u: number): number[] =>
    model.joints.map(({ lower, upper }) =>
      Number.isFinite(lower) && Number.isFinite(upper) ? lower + u * (upper - lower) : u,
    );
  const [a, b] = [at(0.37), at(0.61)];
  const [first, second] = [model.linkPoses(a, 1), model.linkPoses(b, 1)];
  const [toolA, toolB] = [model.forward(a), model.forward(b)];
  const near = (x: number, y: number): boolean => Math.abs(x - y) < 1e-6;
  const same = (p: readonly number[], q: readonly number[]): boolean =>
    p.every((x, k) => near(x, q[k] as number));
  return {
    moving: first.map((pose, i) => {
      const other = second[i];
      return !other || !same(pose.position, other.position) || !sameTurn(pose.orientation, other.orientation);
    }),
    onTool: first.map((pose, i) => {
      const other = second[i];
      if (!other) return false;
      return (
        sameTurn(
          relative(toolA.orientation, pose.orientation),
          relative(toolB.orientation, other.orientation),
        ) && near(gap(toolA.position, pose.position), gap(toolB.position, other.position))
      );
    }),
  };
}

const gap = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((x, k) => x - (b[k] as number)));
const sameTurn = (a: readonly number[], b: readonly number[]): boolean =>
  Math.abs(a.reduce((sum, x, k) => sum + x * (b[k] as number), 0)) > 1 - 1e-9;
const relative = (a: readonly number[], b: readonly number[]): number[] => {
  const [x, y, z, w] = [-(a[0] as number), -(a[1] as number), -(a[2] as number), a[3] as number];
  const [p, q, r, s] = b as [number, number, number, number];
  return [
    w * p + x * s + y * r - z * q,
    w * q - x * r + y * s + z * p,
    w * r + x * q - y * p + z * s,
    w * s - x * p - y * q - z * r,
  ];
};
