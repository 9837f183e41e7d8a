import type { RobotModel } from '../../kinematics/robot-model.ts';
import { COARSE, FINE, spheresOf } from './link-spheres.ts';

/** The spheres `first` ≤ s < `last` of one link. */
export interface SphereGroup {
  readonly link: number;
  readonly first: number;
  readonly last: number;
  /** of the bounding sphere, in the link and, as of the last `place`, in base */
  readonly local: Float64Array;
  readonly center: Float64Array;
  /** m */
  readonly bound: number;
}

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
  /** runs of spheres that share a link, each within a bounding sphere */
  readonly groups: readonly SphereGroup[];
  readonly #local: Float64Array;
  readonly #poses: Float64Array;

  /** Links that no joint moves are left out: they cannot come nearer to anything. */
  constructor(model: RobotModel) {
    this.model = model;
    const { moving, onTool } = classifyLinks(model);
    const spheres = model.linkNames.flatMap((name, link) =>
      moving[link]
        ? spheresOf(model.solids.get(name) ?? [], onTool[link] ? FINE : COARSE).map((sphere) => ({
            ...sphere,
            link,
          }))
        : [],
    );
    this.count = spheres.length;
    this.radii = Float64Array.from(spheres, (sphere) => sphere.radius);
    this.links = Int32Array.from(spheres, (sphere) => sphere.link);
    this.onTool = Uint8Array.from(spheres, (sphere) => (onTool[sphere.link] ? 1 : 0));
    this.#local = Float64Array.from(spheres.flatMap((sphere) => [...sphere.center]));
    this.centers = new Float64Array(3 * this.count);
    this.groups = groupByLink(this.links, this.#local, this.radii);
    this.#poses = new Float64Array(7 * model.linkNames.length);
  }

  /** Places the groups' bounds; the spheres themselves only as `placeGroup` asks. */
  place(joints: ArrayLike<number>, gripper: number): void {
    this.model.linkPosesInto(joints, gripper, this.#poses);
    for (const group of this.groups)
      transformInto(this.#poses, 7 * group.link, group.local, 0, group.center, 0);
  }

  placeGroup({ link, first, last }: SphereGroup): void {
    for (let s = first; s < last; s++)
      transformInto(this.#poses, 7 * link, this.#local, 3 * s, this.centers, 3 * s);
  }
}

function groupByLink(links: Int32Array, local: Float64Array, radii: Float64Array): SphereGroup[] {
  const groups: SphereGroup[] = [];
  for (let first = 0; first < links.length;) {
    const link = links[first] as number;
    let last = first;
    while (last < links.length && links[last] === link) last++;
    const center = new Float64Array(3);
    for (let s = first; s < last; s++) {
      for (let k = 0; k < 3; k++)
        center[k] = (center[k] as number) + (local[3 * s + k] as number) / (last - first);
    }
    let bound = 0;
    for (let s = first; s < last; s++) {
      const away = Math.hypot(...[0, 1, 2].map((k) => (local[3 * s + k] as number) - (center[k] as number)));
      bound = Math.max(bound, away + (radii[s] as number));
    }
    groups.push({ link, first, last, local: center, center: new Float64Array(3), bound });
    first = last;
  }
  return groups;
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
export function classifyLinks(model: RobotModel): { moving: boolean[]; onTool: boolean[] } {
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
