import {
  distance,
  lerp,
  quatFromMatrix,
  rotationVector,
  slerp,
  TOOL_DOWN,
  withYaw,
  type Pose,
  type Quat,
  type Vec3,
} from '../../src/core/geometry.ts';
import type { SceneObject } from '../../src/core/scene-object.ts';
import { findArm } from '../../src/simulator/arm/index.ts';
import { Physics } from '../../src/simulator/mujoco.ts';
import { sceneMjcf } from '../../src/simulator/scene/scene-mjcf.ts';
import type { World } from '../../src/simulator/world-api.ts';

/** A step of a script: move the tool there in a straight line, or set the gripper (0 closed, 1 open). */
export type ScriptStep =
  { readonly move: Pose; readonly speed?: number } | { readonly grip: number } | { readonly wait: number };

const DEFAULT_SPEED = 0.3;
const TURN_SPEED = 1.2;
const DAMPING = 0.02;

/**
 * Drives a world with ground-truth scripts, to check that its tasks can be done. Straight tool paths with a smooth
 * speed profile; damped least-squares inverse kinematics on MuJoCo's own Jacobian. Not shipped.
 */
export class ScriptedArm implements Disposable {
  readonly #world: World;
  readonly #model: Physics;
  readonly #site: number;
  readonly #joints: Float64Array;
  readonly #jacp: Float64Array;
  readonly #jacr: Float64Array;
  #tool: Pose;
  /** largest tracking error so far [m] */
  worstError = 0;

  private constructor(world: World, model: Physics) {
    this.#world = world;
    this.#model = model;
    this.#site = model.id('site', 'tool');
    this.#joints = Float64Array.from(world.arm.home);
    this.#jacp = new Float64Array(3 * model.velocityCount);
    this.#jacr = new Float64Array(3 * model.velocityCount);
    this.#tool = this.#forward();
  }

  static async attach(world: World): Promise<ScriptedArm> {
    return new ScriptedArm(world, await Physics.compile(sceneMjcf(findArm(world.arm.name), [], [])));
  }

  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  /** False when a pose could not be reached. */
  run(steps: readonly ScriptStep[]): boolean {
    for (const step of steps) {
      if ('move' in step) {
        if (!this.#move(step.move, step.speed ?? DEFAULT_SPEED)) return false;
      } else if ('grip' in step) {
        this.#world.setGripperTarget(step.grip * this.#world.arm.gripper.open, 30);
        this.#pass(1);
      } else this.#pass(step.wait);
    }
    return true;
  }

  #pass(seconds: number): void {
    const steps = Math.round(seconds / this.#world.timestep);
    for (let i = 0; i < steps; i++) this.#world.step();
  }

  #move(goal: Pose, speed: number): boolean {
    const from = this.#tool;
    const far = distance(from.position, goal.position);
    const turn = Math.hypot(...rotationVector(from.orientation, goal.orientation));
    // The profile's peak is 1.5 times its mean.
    const seconds = Math.max(0.2, (1.5 * far) / speed, (1.5 * turn) / TURN_SPEED);
    const ticks = Math.ceil(seconds / 0.02);
    let before = this.#joints.slice();
    for (let k = 1; k <= ticks; k++) {
      const s = k / ticks;
      const blend = s * s * (3 - 2 * s);
      const target: Pose = {
        position: lerp(from.position, goal.position, blend),
        orientation: slerp(from.orientation, goal.orientation, blend),
      };
      if (!this.#solve(target)) return false;
      const after = this.#joints.slice();
      const velocity = after.map((q, i) => (q - (before[i] as number)) / 0.02);
      for (let i = 1; i <= 10; i++) {
        this.#world.setArmTarget(
          after.map((q, j) => (before[j] as number) + ((q - (before[j] as number)) * i) / 10),
          velocity,
        );
        this.#world.step();
      }
      const actual = this.#world.linkPoses().get('tool') as Pose;
      this.worstError = Math.max(this.worstError, distance(actual.position, target.position));
      before = after;
    }
    this.#world.setArmTarget(this.#joints);
    this.#tool = goal;
    this.#pass(0.2);
    return true;
  }

  #forward(): Pose {
    this.#model.view('qpos').set(this.#joints);
    this.#model.forward();
    const p = this.#model.view('site_xpos');
    const m = this.#model.view('site_xmat');
    return {
      position: [
        p[3 * this.#site] as number,
        p[3 * this.#site + 1] as number,
        p[3 * this.#site + 2] as number,
      ],
      orientation: quatFromMatrix(m.subarray(9 * this.#site, 9 * this.#site + 9)),
    };
  }

  #solve(target: Pose): boolean {
    const n = this.#joints.length;
    const limits = this.#world.arm.limits;
    for (let iteration = 0; iteration < 100; iteration++) {
      const now = this.#forward();
      const linear = target.position.map((x, i) => x - (now.position[i] as number));
      const angular = rotationVector(now.orientation, target.orientation);
      const error = [...linear, ...angular];
      if (Math.hypot(...linear) < 2e-4 && Math.hypot(...angular) < 2e-3) return true;
      this.#model.siteJacobian(this.#site, this.#jacp, this.#jacr);
      const nv = this.#model.velocityCount;
      const jacobian = Array.from({ length: 6 }, (_, row) =>
        Array.from(
          { length: n },
          (_, j) => (row < 3 ? this.#jacp[row * nv + j] : this.#jacr[(row - 3) * nv + j]) as number,
        ),
      );
      const step = dampedStep(jacobian, error);
      for (let j = 0; j < n; j++) {
        const { lower, upper } = limits[j] as { lower: number; upper: number };
        const moved = (this.#joints[j] as number) + Math.max(-0.2, Math.min(0.2, step[j] as number));
        this.#joints[j] = Math.min(upper - 0.01, Math.max(lower + 0.01, moved));
      }
    }
    return false;
  }
}

/** Jᵀ (J Jᵀ + λ² I)⁻¹ e */
function dampedStep(jacobian: readonly number[][], error: readonly number[]): number[] {
  const m = error.length;
  const a = jacobian.map((row, i) =>
    jacobian.map(
      (other, j) =>
        row.reduce((sum, x, k) => sum + x * (other[k] as number), 0) + (i === j ? DAMPING ** 2 : 0),
    ),
  );
  const b = [...error];
  for (let i = 0; i < m; i++) {
    let pivot = i;
    for (let r = i + 1; r < m; r++) if (Math.abs(a[r]![i]!) > Math.abs(a[pivot]![i]!)) pivot = r;
    [a[i], a[pivot]] = [a[pivot]!, a[i]!];
    [b[i], b[pivot]] = [b[pivot]!, b[i]!];
    for (let r = i + 1; r < m; r++) {
      const f = a[r]![i]! / a[i]![i]!;
      for (let c = i; c < m; c++) a[r]![c]! -= f * a[i]![c]!;
      b[r]! -= f * b[i]!;
    }
  }
  for (let i = m - 1; i >= 0; i--) {
    for (let c = i + 1; c < m; c++) b[i]! -= a[i]![c]! * b[c]!;
    b[i]! /= a[i]![i]!;
  }
  return (jacobian[0] as number[]).map((_, j) =>
    jacobian.reduce((sum, row, i) => sum + (row[j] as number) * b[i]!, 0),
  );
}

/** Tool pointing down at a place; fingers open along base Y turned by `yaw`. */
export const down = (position: Vec3, yaw = 0): Pose => ({ position, orientation: withYaw(TOOL_DOWN, yaw) });

export const yawOf = (q: Quat): number =>
  Math.atan2(2 * (q[3] * q[2] + q[0] * q[1]), 1 - 2 * (q[1] * q[1] + q[2] * q[2]));

/** The same angle modulo `period`, nearest to 0. */
export const wrap = (angle: number, period: number): number => angle - period * Math.round(angle / period);

export function objectNamed(world: World, label: string): SceneObject {
  const object = world.detections().find((o) => o.label === label);
  if (!object) throw new Error(`no '${label}' in ${world.scene}`);
  return object;
}

/** Grasp from above, lift, carry, let go `drop` above where it should stand, retreat. */
export function pickAndPlace(object: SceneObject, at: Vec3, yaw: number, placeYaw = yaw): ScriptStep[] {
  const [x, y, z] = object.pose.position;
  const lift = 0.2;
  return [
    { grip: 1 },
    { move: down([x, y, lift], yaw), speed: 0.4 },
    { move: down([x, y, z], yaw), speed: 0.2 },
    { grip: 0 },
    { move: down([x, y, lift], yaw), speed: 0.2 },
    { move: down([at[0], at[1], lift], placeYaw), speed: 0.3 },
    { move: down(at, placeYaw), speed: 0.1 },
    { grip: 1 },
    { move: down([at[0], at[1], lift], placeYaw), speed: 0.2 },
    { wait: 0.5 },
  ];
}
