import { FINGER_JOINT, FINGER_MIMIC_JOINT, type ArmDescription } from './arm/arm-description.ts';
import { armActuator, GRIPPER_ACTUATOR, servoGains } from './arm/arm-mjcf.ts';
import type { Physics } from './mujoco.ts';

/** Grip force where a command names none [N] */
const DEFAULT_EFFORT = 30;

/**
 * Set-points and measurements of arm and gripper. The arm's servos track position with velocity fed forward; the
 * gripper's set-point runs to its goal at the gripper's speed, and its force is limited.
 */
export class ArmDrive {
  readonly #physics: Physics;
  readonly #arm: ArmDescription;
  readonly #positions: readonly number[];
  readonly #velocities: readonly number[];
  readonly #actuators: readonly number[];
  /** s: damping over stiffness, which turns a velocity into the position offset that cancels its damping */
  readonly #lead: readonly number[];
  readonly #fingers: readonly { position: number; velocity: number }[];
  readonly #gripper: number;
  readonly #memory: Float64Array;
  /** joints' positions, joints' velocities, finger goal, finger set-point, effort */
  readonly #targets: Float64Array;
  /** joints, then the gripper's actuator [N·m, N] */
  readonly #forces: Float64Array;

  constructor(physics: Physics, arm: ArmDescription) {
    this.#physics = physics;
    this.#arm = arm;
    const address = (joint: string): { position: number; velocity: number } => {
      const id = physics.id('joint', joint);
      return {
        position: physics.modelView('jnt_qposadr')[id] as number,
        velocity: physics.modelView('jnt_dofadr')[id] as number,
      };
    };
    const joints = arm.joints.map((joint) => address(joint.name));
    this.#positions = joints.map((j) => j.position);
    this.#velocities = joints.map((j) => j.velocity);
    this.#actuators = arm.joints.map((joint) => physics.id('actuator', armActuator(joint.name)));
    this.#lead = servoGains(arm).map((gains) => gains.damping / gains.stiffness);
    this.#fingers = [address(FINGER_JOINT), address(FINGER_MIMIC_JOINT)];
    this.#gripper = physics.id('actuator', GRIPPER_ACTUATOR);
    const setPoints = 2 * joints.length + 3;
    this.#memory = new Float64Array(setPoints + joints.length + 1);
    this.#targets = this.#memory.subarray(0, setPoints);
    this.#forces = this.#memory.subarray(setPoints);
  }

  /** Puts arm and fingers at the start: home, gripper open, at rest. */
  goHome(): void {
    const q = this.#physics.view('qpos');
    this.#positions.forEach((at, i) => (q[at] = this.#arm.home[i] as number));
    for (const finger of this.#fingers) q[finger.position] = this.#arm.gripper.travel;
    this.setArm(this.#arm.home);
    this.#targets.fill(0, this.#count, 2 * this.#count);
    this.#goal = this.#arm.gripper.travel;
    this.#setPoint = this.#arm.gripper.travel;
    this.#effort = Math.min(DEFAULT_EFFORT, this.#arm.gripper.maxEffort);
    this.apply();
  }

  /** Throws a RangeError on wrong lengths and on anything but finite numbers. */
  setArm(joints: ArrayLike<number>, velocities?: ArrayLike<number>): void {
    const n = this.#count;
    if (joints.length !== n || (velocities && velocities.length !== n)) {
      throw new RangeError(`setArmTarget: this arm has ${n} joints, found ${joints.length}`);
    }
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(joints[i]) || !Number.isFinite(velocities?.[i] ?? 0)) {
        throw new RangeError(`setArmTarget: joint ${i + 1} is not a finite number`);
      }
    }
    for (let i = 0; i < n; i++) {
      const { lower, upper } = this.#arm.joints[i] as { lower: number; upper: number };
      this.#targets[i] = Math.min(upper, Math.max(lower, joints[i] as number));
      this.#targets[n + i] = velocities?.[i] ?? 0;
    }
  }

  setGripper(finger: number, effort: number): void {
    if (!Number.isFinite(finger))
      throw new RangeError('setGripperTarget: the position is not a finite number');
    const { travel, maxEffort } = this.#arm.gripper;
    const goal = Math.min(travel, Math.max(0, finger));
    const actual = this.fingerPosition();
    // A set-point that ran ahead of a stalled finger must not delay the way back; one that still pushes keeps pushing.
    if ((goal - actual) * (this.#setPoint - actual) < 0)
      this.#setPoint = Math.min(travel, Math.max(0, actual));
    this.#goal = goal;
    this.#effort = effort > 0 && Number.isFinite(effort) ? Math.min(effort, maxEffort) : DEFAULT_EFFORT;
  }

  /** Writes the set-points for the next step, moving the gripper's one step further. */
  advance(seconds: number): void {
    const stride = this.#arm.gripper.speed * seconds;
    const left = this.#goal - this.#setPoint;
    this.#setPoint += Math.min(stride, Math.max(-stride, left));
    this.apply();
  }

  apply(): void {
    const control = this.#physics.view('ctrl');
    const n = this.#count;
    for (let i = 0; i < n; i++) {
      const velocity = this.#targets[n + i] as number;
      control[this.#actuators[i] as number] =
        (this.#targets[i] as number) + (this.#lead[i] as number) * velocity;
    }
    control[this.#gripper] = this.#setPoint;
    // The actuator pulls at the mean of both fingers, so each gets half of its force.
    const range = this.#physics.modelView('actuator_forcerange');
    range[2 * this.#gripper] = -2 * this.#effort;
    range[2 * this.#gripper + 1] = 2 * this.#effort;
  }

  /** Keeps the forces of the step just made, so that nobody who looks on changes what is reported. */
  readForces(): void {
    const force = this.#physics.view('actuator_force');
    for (let i = 0; i < this.#count; i++) this.#forces[i] = force[this.#actuators[i] as number] as number;
    this.#forces[this.#count] = force[this.#gripper] as number;
  }

  read(position: Float64Array, velocity: Float64Array, effort: Float64Array): void {
    const q = this.#physics.view('qpos');
    const v = this.#physics.view('qvel');
    for (let i = 0; i < this.#count; i++) {
      position[i] = q[this.#positions[i] as number] as number;
      velocity[i] = v[this.#velocities[i] as number] as number;
      effort[i] = this.#forces[i] as number;
    }
  }

  fingerPosition(): number {
    const q = this.#physics.view('qpos');
    return this.#fingers.reduce((sum, finger) => sum + (q[finger.position] as number), 0) / 2;
  }

  fingerVelocity(): number {
    const v = this.#physics.view('qvel');
    return this.#fingers.reduce((sum, finger) => sum + (v[finger.velocity] as number), 0) / 2;
  }

  fingerEffort(): number {
    return (this.#forces[this.#count] as number) / 2;
  }

  /** What is remembered between steps, for snapshots: set-points, then forces. */
  get memory(): Float64Array {
    return this.#memory;
  }

  get #count(): number {
    return this.#arm.joints.length;
  }
  get #goal(): number {
    return this.#targets[2 * this.#count] as number;
  }
  set #goal(value: number) {
    this.#targets[2 * this.#count] = value;
  }
  get #setPoint(): number {
    return this.#targets[2 * this.#count + 1] as number;
  }
  set #setPoint(value: number) {
    this.#targets[2 * this.#count + 1] = value;
  }
  get #effort(): number {
    return this.#targets[2 * this.#count + 2] as number;
  }
  set #effort(value: number) {
    this.#targets[2 * this.#count + 2] = value;
  }
}
