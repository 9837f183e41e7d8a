import { WaybookError } from '../core/errors.ts';
import { inverse, type Pose, type Quat, type Vec3 } from '../core/geometry.ts';
import { hashJson } from '../core/hash.ts';
import type { SceneGeom } from '../core/scene.ts';
import { FIXED, HINGE, placeBody, SLIDE, worldAxis, type KinematicTree } from './kinematic-tree.ts';
import { GEOM_TYPE, JOINT_TYPE, MujocoWorld } from './mujoco.ts';
import type { JointLimits, RobotModel } from './robot-model.ts';
import { parseUrdf, urdfForMujoco, type Urdf, type UrdfJoint } from './urdf.ts';

export interface RobotModelSource {
  /** URDF text */
  readonly urdf: string;
  /** arm joints in order; absent: every movable joint between base and tool */
  readonly joints?: readonly string[];
  /** link at the fingertip centre */
  readonly toolFrame: string;
  /** link that poses are given in; absent: the root */
  readonly baseFrame?: string;
  /** rad/s² per joint: URDF has no such field */
  readonly accelerationLimits: readonly number[];
  /** rad/s per joint; may only tighten the URDF's */
  readonly velocityLimits?: readonly number[];
  /** finger joint and its values when open and closed; absent: the first free slide joint, upper limit open */
  readonly gripper?: { readonly joint: string; readonly open: number; readonly closed: number };
}

/** Where the URDF names no velocity limit, the arm is moved no faster than this [rad/s]. */
const UNKNOWN_VELOCITY = 1;

/**
 * Loads an arm from URDF: MuJoCo compiles the tree, limits and mimics are read from the text itself.
 * Throws `input/format` for a broken description and `input/reference` for a joint or frame it does not have.
 */
export async function loadRobotModel(source: RobotModelSource): Promise<RobotModel> {
  const urdf = parseUrdf(source.urdf);
  using world = await MujocoWorld.fromXml(urdfForMujoco(urdf), 'The robot description');
  return new TreeModel(urdf, compiledTree(world, urdf), source, solidsOf(world, urdf));
}

interface Compiled {
  readonly tree: KinematicTree;
  readonly names: readonly string[];
  /** per body: the URDF joint that moves it */
  readonly joints: readonly (UrdfJoint | undefined)[];
}

/** MuJoCo calls the root link `world`, whatever its name was. */
const linkName = (world: MujocoWorld, body: number, urdf: Urdf): string =>
  body === 0 ? urdf.root : world.name('body', body);

function compiledTree(world: MujocoWorld, urdf: Urdf): Compiled {
  const count = world.model.nbody;
  const wxyz = world.modelF64('body_quat');
  const orientations = new Float64Array(4 * count);
  for (let b = 0; b < count; b++) {
    for (let k = 0; k < 4; k++) orientations[4 * b + k] = wxyz[4 * b + ((k + 1) % 4)]!;
  }
  const kinds = new Int32Array(count).fill(FIXED);
  const axes = new Float64Array(3 * count);
  const joints: (UrdfJoint | undefined)[] = new Array<undefined>(count).fill(undefined);
  const bodyOf = world.model.njnt > 0 ? world.modelI32('jnt_bodyid') : new Int32Array(0);
  for (let j = 0; j < world.model.njnt; j++) {
    const body = bodyOf[j]!;
    const name = world.name('joint', j);
    kinds[body] = world.modelI32('jnt_type')[j] === JOINT_TYPE.slide ? SLIDE : HINGE;
    for (let k = 0; k < 3; k++) axes[3 * body + k] = world.modelF64('jnt_axis')[3 * j + k]!;
    joints[body] = urdf.joints.find((u) => u.name === name);
  }
  return {
    tree: {
      count,
      parents: world.modelI32('body_parentid').slice(),
      positions: world.modelF64('body_pos').slice(),
      orientations,
      kinds,
      axes,
    },
    names: Array.from({ length: count }, (_, b) => linkName(world, b, urdf)),
    joints,
  };
}

interface Solids {
  readonly geoms: Map<string, SceneGeom[]>;
  readonly solids: Map<string, SceneGeom[]>;
}

function solidsOf(world: MujocoWorld, urdf: Urdf): Solids {
  const visual = new Map<string, SceneGeom[]>();
  const collision = new Map<string, SceneGeom[]>();
  for (let g = 0; g < world.model.ngeom; g++) {
    const link = linkName(world, world.modelI32('geom_bodyid')[g]!, urdf);
    const geom = geomAt(world, g);
    if (!geom) continue;
    // MuJoCo's URDF reader gives visuals no contacts.
    const into = world.modelI32('geom_contype')[g] === 0 ? visual : collision;
    into.set(link, [...(into.get(link) ?? []), geom]);
  }
  const geoms = new Map<string, SceneGeom[]>();
  const solids = new Map<string, SceneGeom[]>();
  for (const { name } of urdf.links) {
    const drawn = visual.get(name) ?? collision.get(name);
    const solid = collision.get(name) ?? visual.get(name);
    if (drawn) geoms.set(name, drawn);
    if (solid) solids.set(name, solid);
  }
  return { geoms, solids };
}

function geomAt(world: MujocoWorld, g: number): SceneGeom | undefined {
  const three = (field: string): Vec3 => {
    const a = world.modelF64(field);
    return [a[3 * g]!, a[3 * g + 1]!, a[3 * g + 2]!];
  };
  const q = world.modelF64('geom_quat');
  const pose: Pose = {
    position: three('geom_pos'),
    orientation: [q[4 * g + 1]!, q[4 * g + 2]!, q[4 * g + 3]!, q[4 * g]!],
  };
  const c = world.modelF32('geom_rgba');
  const byte = (k: number): number => Math.round(255 * Math.min(1, Math.max(0, c[4 * g + k]!)));
  const rest = { pose, color: [byte(0), byte(1), byte(2)] as const };
  const [a, b, h] = three('geom_size');
  switch (world.modelI32('geom_type')[g]) {
    case GEOM_TYPE.sphere:
      return { shape: { kind: 'sphere', radius: a }, ...rest };
    case GEOM_TYPE.capsule:
      return { shape: { kind: 'capsule', radius: a, length: 2 * b }, ...rest };
    case GEOM_TYPE.cylinder:
      return { shape: { kind: 'cylinder', radius: a, length: 2 * b }, ...rest };
    case GEOM_TYPE.box:
      return { shape: { kind: 'box', size: [2 * a, 2 * b, 2 * h] }, ...rest };
    default:
      return undefined;
  }
}

/** A joint value as `multiplier · source + offset`; source -1 is the gripper's opening 0..1, -2 a constant. */
interface Drive {
  readonly source: number;
  readonly multiplier: number;
  readonly offset: number;
}
const GRIPPER = -1;
const CONSTANT = -2;

class TreeModel implements RobotModel {
  readonly name: string;
  readonly joints: readonly JointLimits[];
  readonly linkNames: readonly string[];
  readonly geoms: Solids['geoms'];
  readonly solids: Solids['solids'];
  readonly warnings: readonly string[];
  readonly hash: string;

  readonly #tree: KinematicTree;
  readonly #drives: readonly Drive[];
  readonly #base: number;
  readonly #tool: number;
  /** bodies from below the root down to the tool, in order */
  readonly #chain: Int32Array;
  /** body that each arm joint moves */
  readonly #jointBodies: Int32Array;
  /** base frame in the root, where it is not the root itself */
  readonly #rootToBase: Float64Array | undefined;
  readonly #poses: Float64Array;
  readonly #axis = new Float64Array(3);

  constructor(urdf: Urdf, compiled: Compiled, source: RobotModelSource, solids: Solids) {
    const { tree, names, joints } = compiled;
    const warnings = [...urdf.warnings];
    this.name = urdf.name;
    this.linkNames = names;
    this.geoms = solids.geoms;
    this.solids = solids.solids;
    this.#tree = tree;
    this.#base = linkIndex(names, source.baseFrame ?? urdf.root, 'base frame');
    this.#tool = linkIndex(names, source.toolFrame, 'tool frame');
    this.#chain = Int32Array.from(chainTo(tree, this.#tool));

    const movable = [...this.#chain].flatMap((b) => joints[b] ?? []).filter((j) => !j.mimic);
    const wanted = source.joints ?? movable.map((j) => j.name);
    const missing = movable.filter((j) => !wanted.includes(j.name));
    if (missing.length > 0) {
      throw new WaybookError(
        'input/reference',
        `Joint "${missing[0]!.name}" moves the tool but is not among the arm's joints (${wanted.join(', ')}).`,
        { hint: 'List every joint between base and tool in the robot profile.' },
      );
    }
    const arm = wanted.map((name) => {
      const joint = urdf.joints.find((j) => j.name === name && j.type !== 'fixed');
      if (!joint) {
        const have = urdf.joints.filter((j) => j.type !== 'fixed').map((j) => j.name);
        throw new WaybookError(
          'input/reference',
          `The robot has no joint "${name}"; it has ${have.join(', ')}.`,
        );
      }
      return joint;
    });
    this.joints = limitsOf(arm, source, warnings);
    this.#jointBodies = Int32Array.from(arm, (j) => joints.indexOf(j));
    this.#drives = drivesOf(joints, wanted, source.gripper);
    this.warnings = warnings;
    this.hash = hashJson({
      links: urdf.links,
      tree: urdf.joints.map((j) => ({
        ...j,
        lower: String(j.lower),
        upper: String(j.upper),
        velocity: null,
      })),
      joints: this.joints.map((j) => [j.name, String(j.lower), String(j.upper), j.velocity, j.acceleration]),
      tool: source.toolFrame,
      base: source.baseFrame ?? urdf.root,
      gripper: source.gripper ?? null,
    });

    this.#poses = new Float64Array(7 * tree.count);
    this.#poses[6] = 1;
    const toBase = chainTo(tree, this.#base);
    const moved = toBase.find((b) => joints[b]);
    if (moved !== undefined) {
      throw new WaybookError('input/reference', `The base frame "${names[this.#base]}" is moved by a joint.`);
    }
    for (const b of toBase) placeBody(tree, b, 0, this.#poses);
    this.#rootToBase = this.#base === 0 ? undefined : this.#poses.slice(7 * this.#base, 7 * this.#base + 7);
    if (this.#rootToBase) this.#poses.set(flat(inverse(poseAt(this.#rootToBase, 0))), 0);
  }

  forward(joints: ArrayLike<number>): Pose {
    this.#placeChain(joints);
    return poseAt(this.#poses, 7 * this.#tool);
  }

  forwardInto(joints: ArrayLike<number>, out: Float64Array, offset = 0): void {
    this.#placeChain(joints);
    for (let k = 0; k < 7; k++) out[offset + k] = this.#poses[7 * this.#tool + k]!;
  }

  linkPoses(joints: ArrayLike<number>, gripper = 1): Pose[] {
    this.#placeAll(joints, gripper);
    return this.linkNames.map((_, b) => poseAt(this.#poses, 7 * b));
  }

  linkPosesInto(joints: ArrayLike<number>, gripper: number, out: Float64Array): void {
    this.#placeAll(joints, gripper);
    out.set(this.#poses);
  }

  jacobian(joints: ArrayLike<number>, out: Float64Array): void {
    this.#placeChain(joints);
    const d = this.joints.length;
    const poses = this.#poses;
    const axis = this.#axis;
    const tx = poses[7 * this.#tool]!;
    const ty = poses[7 * this.#tool + 1]!;
    const tz = poses[7 * this.#tool + 2]!;
    out.fill(0, 0, 6 * d);
    // A mimic between base and tool would add to its leader's column; no arm we know has one.
    for (let j = 0; j < d; j++) {
      const body = this.#jointBodies[j]!;
      if (!this.#chain.includes(body)) continue;
      worldAxis(this.#tree, body, poses, axis);
      const ax = axis[0]!;
      const ay = axis[1]!;
      const az = axis[2]!;
      if (this.#tree.kinds[body] === SLIDE) {
        out[j] = ax;
        out[d + j] = ay;
        out[2 * d + j] = az;
        continue;
      }
      const rx = tx - poses[7 * body]!;
      const ry = ty - poses[7 * body + 1]!;
      const rz = tz - poses[7 * body + 2]!;
      out[j] = ay * rz - az * ry;
      out[d + j] = az * rx - ax * rz;
      out[2 * d + j] = ax * ry - ay * rx;
      out[3 * d + j] = ax;
      out[4 * d + j] = ay;
      out[5 * d + j] = az;
    }
  }

  /** Nothing is held beyond JavaScript memory; kept so that callers need not know. */
  [Symbol.dispose](): void {}

  #placeChain(joints: ArrayLike<number>): void {
    const chain = this.#chain;
    for (let i = 0; i < chain.length; i++) this.#place(chain[i]!, joints, 1);
  }

  #placeAll(joints: ArrayLike<number>, gripper: number): void {
    for (let b = 1; b < this.#tree.count; b++) this.#place(b, joints, gripper);
  }

  #place(body: number, joints: ArrayLike<number>, gripper: number): void {
    const drive = this.#drives[body]!;
    const source = drive.source === GRIPPER ? gripper : drive.source === CONSTANT ? 0 : joints[drive.source]!;
    placeBody(this.#tree, body, drive.multiplier * source + drive.offset, this.#poses);
  }
}

const poseAt = (a: Float64Array, o: number): Pose => ({
  position: [a[o]!, a[o + 1]!, a[o + 2]!],
  orientation: [a[o + 3]!, a[o + 4]!, a[o + 5]!, a[o + 6]!] as Quat,
});

const flat = (p: Pose): number[] => [...p.position, ...p.orientation];

function linkIndex(names: readonly string[], name: string, what: string): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw new WaybookError('input/reference', `The robot has no link "${name}" for the ${what}.`, {
    hint: `Its links are ${names.join(', ')}.`,
  });
}

/** Bodies on the way from below the root to `body`, in order. */
function chainTo(tree: KinematicTree, body: number): number[] {
  const chain: number[] = [];
  for (let b = body; b !== 0; b = tree.parents[b]!) chain.unshift(b);
  return chain;
}

function limitsOf(arm: readonly UrdfJoint[], source: RobotModelSource, warnings: string[]): JointLimits[] {
  for (const [name, values] of [
    ['accelerationLimits', source.accelerationLimits],
    ['velocityLimits', source.velocityLimits],
  ] as const) {
    if (values === undefined) continue;
    if (values.length !== arm.length || !values.every((v) => v > 0 && Number.isFinite(v))) {
      throw new WaybookError(
        'input/schema',
        `${name} must be ${arm.length} positive numbers, one per arm joint.`,
      );
    }
  }
  return arm.map((joint, i) => {
    const tightened = source.velocityLimits?.[i] ?? Infinity;
    let velocity = Math.min(joint.velocity, tightened);
    if (velocity === Infinity) {
      velocity = UNKNOWN_VELOCITY;
      warnings.push(
        `Joint "${joint.name}" is moved no faster than ${UNKNOWN_VELOCITY} rad/s: no limit is known.`,
      );
    }
    return {
      name: joint.name,
      lower: joint.lower,
      upper: joint.upper,
      velocity,
      acceleration: source.accelerationLimits[i]!,
    };
  });
}

function drivesOf(
  joints: readonly (UrdfJoint | undefined)[],
  arm: readonly string[],
  gripper: RobotModelSource['gripper'],
): Drive[] {
  const free = joints.flatMap((j) => (j && !j.mimic && !arm.includes(j.name) ? [j] : []));
  const finger = gripper?.joint ?? free.find((j) => j.type === 'prismatic')?.name;
  const resolve = (joint: UrdfJoint | undefined, depth: number): Drive => {
    if (!joint || depth > joints.length) return { source: CONSTANT, multiplier: 0, offset: 0 };
    if (joint.mimic) {
      const { multiplier, offset } = joint.mimic;
      const leader = resolve(
        joints.find((j) => j?.name === joint.mimic?.joint),
        depth + 1,
      );
      return {
        source: leader.source,
        multiplier: leader.multiplier * multiplier,
        offset: leader.offset * multiplier + offset,
      };
    }
    const index = arm.indexOf(joint.name);
    if (index >= 0) return { source: index, multiplier: 1, offset: 0 };
    if (joint.name === finger) {
      const closed = gripper?.closed ?? joint.lower;
      const open = gripper?.open ?? joint.upper;
      return { source: GRIPPER, multiplier: open - closed, offset: closed };
    }
    const rest = Math.min(Math.max(0, joint.lower), joint.upper);
    return { source: CONSTANT, multiplier: 0, offset: rest };
  };
  return joints.map((joint) => resolve(joint, 0));
}
