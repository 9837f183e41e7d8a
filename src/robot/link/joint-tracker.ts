import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotState } from '../../core/robot-state.ts';
import { protocolError } from '../protocol/fields.ts';
import { secondsOf } from '../protocol/ros-time.ts';
import { parseJointState } from '../protocol/sensor-messages.ts';
import { JointNames } from './joint-names.ts';

const KEPT = 512;
/** How far outside the kept history a stamp may lie and still get the nearest state [s]. */
const NEAR = 0.05;
/**
 * So many messages in a row, each later than the one before it and all of them older than what is known, are no late ones: the
 * robot's clock was set back, as a simulator's is when it is reset.
 */
const SET_BACK = 10;
/** Below this speed a joint counts as resting [rad/s]. */
export const REST_SPEED = 0.01;

/**
 * Turns joint messages into states of this robot's arm: in the profile's order, whatever order or company the joints
 * come in, the gripper from its own messages where it has some. Keeps the last states, so that a picture can be given
 * the state at its stamp.
 */
export class JointTracker {
  readonly #arm: readonly string[];
  readonly #gripper: RobotProfile['gripper'];
  readonly #positions: number[];
  readonly #velocities: number[];
  #gripperPosition: number;
  #states: RobotState[] = [];
  /** messages in a row that were older than what is known */
  #behind = { stamp: Number.NEGATIVE_INFINITY, count: 0 };
  readonly #seen = new Set<string>();
  readonly #names: JointNames;

  constructor(profile: RobotProfile) {
    this.#names = new JointNames(profile);
    this.#arm = profile.joints;
    this.#gripper = profile.gripper;
    this.#positions = profile.joints.map(() => Number.NaN);
    this.#velocities = profile.joints.map(() => 0);
    this.#gripperPosition = profile.gripper?.open ?? 0;
  }

  /** Names heard of so far, the robot's other joints among them. */
  get seen(): ReadonlySet<string> {
    return this.#seen;
  }

  get latest(): RobotState | undefined {
    return this.#states[this.#states.length - 1];
  }

  /** The new state, or undefined where the message completes none. Throws `link/protocol` on a joint that is NaN. */
  add(msg: unknown): RobotState | undefined {
    const { header, name: names, position: positions, velocity } = parseJointState(msg);
    if (positions.length !== names.length)
      throw protocolError('joint_state.position', 'a number per name', 'none');
    const stamp = secondsOf(header.stamp);
    const previous = this.latest;
    let moved = false;
    for (let i = 0; i < names.length; i++) {
      const name = this.#names.fromRobot(names[i] as string);
      const position = positions[i] as number;
      this.#seen.add(name);
      if (name !== this.#gripper?.joint && !this.#arm.includes(name)) continue;
      if (!Number.isFinite(position))
        throw protocolError(`joint_state.position of ${name}`, 'a finite number', position);
      if (name === this.#gripper?.joint) this.#gripperPosition = position;
      const at = this.#arm.indexOf(name);
      if (at < 0) continue;
      moved = true;
      const speed = velocity[i];
      this.#velocities[at] =
        speed !== undefined && Number.isFinite(speed) ? speed : this.#slope(previous, at, position, stamp);
      this.#positions[at] = position;
    }
    if (!moved || this.#positions.some(Number.isNaN)) return undefined;
    // Late and repeated messages must not turn time back.
    if (previous && stamp <= previous.stamp && !this.#isSetBack(stamp)) return undefined;
    this.#behind = { stamp: Number.NEGATIVE_INFINITY, count: 0 };
    const state: RobotState = {
      stamp,
      joints: [...this.#positions],
      velocities: [...this.#velocities],
      gripper: openingOf(this.#gripper, this.#gripperPosition),
    };
    this.#states.push(state);
    if (this.#states.length > KEPT) this.#states = this.#states.slice(-KEPT / 2);
    return state;
  }

  #isSetBack(stamp: number): boolean {
    const { stamp: last, count } = this.#behind;
    this.#behind = { stamp, count: stamp > last ? count + 1 : 1 };
    if (this.#behind.count < SET_BACK) return false;
    this.#states = [];
    return true;
  }

  #slope(previous: RobotState | undefined, joint: number, position: number, stamp: number): number {
    if (!previous || stamp <= previous.stamp) return 0;
    return (position - (previous.joints[joint] ?? position)) / (stamp - previous.stamp);
  }

  /** Interpolated between the two states round `stamp`. Throws `link/timeout` where none is near. */
  at(stamp: number): RobotState {
    const states = this.#states;
    let low = 0;
    let high = states.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((states[middle] as RobotState).stamp < stamp) low = middle + 1;
      else high = middle;
    }
    const after = states[low];
    const before = states[low - 1];
    if (before && after) return blend(before, after, stamp);
    const nearest = after ?? before;
    if (nearest && Math.abs(nearest.stamp - stamp) <= NEAR) return nearest;
    throw new WaybookError('link/timeout', `No joint state is known for the time ${stamp.toFixed(3)} s.`, {
      hint: 'Are the clocks of the camera’s and the joints’ publishers the same?',
    });
  }

  /** Forgets the history: after a reset, time starts again. */
  clear(): void {
    this.#states = [];
    this.#positions.fill(Number.NaN);
  }
}

function blend(a: RobotState, b: RobotState, stamp: number): RobotState {
  const s = b.stamp === a.stamp ? 1 : (stamp - a.stamp) / (b.stamp - a.stamp);
  const mix = (x: number, y: number): number => x + (y - x) * s;
  return {
    stamp,
    joints: a.joints.map((q, i) => mix(q, b.joints[i] ?? q)),
    velocities: a.velocities.map((v, i) => mix(v, b.velocities[i] ?? v)),
    gripper: mix(a.gripper, b.gripper),
  };
}

/** 0 closed .. 1 open from the gripper joint's value; 1 where there is no gripper. */
export function openingOf(gripper: RobotProfile['gripper'], position: number): number {
  if (!gripper) return 1;
  const opening = (position - gripper.closed) / (gripper.open - gripper.closed);
  return Math.min(1, Math.max(0, opening));
}

export const isAtRest = (state: RobotState): boolean =>
  state.velocities.every((v) => Math.abs(v) < REST_SPEED);
