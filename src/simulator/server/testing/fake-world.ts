import { hashBytes, bytesOf } from '../../../core/hash.ts';
import { IDENTITY_POSE } from '../../../core/geometry.ts';
import type { World, WorldCloud, WorldOptions } from '../../world-api.ts';

const JOINTS = 3;
const FINGER_SPEED = 0.1;
const OPEN = 0.04;

/** What a test may bend. */
export interface FakeWorld extends World {
  /** finger position below which something is between the fingers [m] */
  grasped: number;
  /** how far the finger trembles where it is held up [m] */
  trembling: number;
  /** added to what the joints really do [rad]: a servo that does not follow */
  lag: number;
  /** makes the next step throw */
  broken: boolean;
  disposed: boolean;
}

export interface FakeOptions {
  readonly cloud?: { readonly width: number; readonly height: number };
}

/**
 * A world without physics: three joints that follow their set-points exactly, and one finger. It keeps the contract of
 * {@link World}, so that the server's own behaviour can be seen bare.
 */
export function fakeWorld(
  options: WorldOptions,
  { cloud = { width: 4, height: 3 } }: FakeOptions = {},
): FakeWorld {
  let tick = 0;
  let position = new Float64Array(JOINTS);
  let velocity = new Float64Array(JOINTS);
  let target = new Float64Array(JOINTS);
  let targetVelocity = new Float64Array(JOINTS);
  let finger = OPEN;
  let fingerTarget = OPEN;
  let fingerVelocity = 0;
  const timestep = 0.002;
  const n = cloud.width * cloud.height;
  const positions = Float32Array.from({ length: 3 * n }, (_, i) => (i % 97) * 0.01);
  const colors = Uint8Array.from({ length: 3 * n }, (_, i) => i % 256);
  const depth = new Float32Array(n).fill(1);
  const world: FakeWorld = {
    scene: options.scene,
    seed: options.seed,
    instruction: 'do nothing',
    timestep,
    get time() {
      return tick * timestep;
    },
    arm: {
      name: 'fake',
      joints: ['joint1', 'joint2', 'joint3'],
      limits: [10, 7.5, 20].map((acceleration) => ({
        lower: -3,
        upper: 3,
        velocity: 2,
        acceleration,
        effort: 50,
      })),
      home: [0, 0, 0],
      gripper: { joint: 'finger_joint', open: OPEN, width: 2 * OPEN, speed: FINGER_SPEED, maxEffort: 60 },
    },
    cameras: [
      {
        name: 'front',
        frame: 'front_optical_frame',
        intrinsics: { ...cloud, fx: 100, fy: 100, cx: cloud.width / 2, cy: cloud.height / 2 },
        parentFrame: 'base',
        poseInParent: IDENTITY_POSE,
      },
    ],
    urdf: '<robot name="fake"/>',
    grasped: 0,
    trembling: 0,
    lag: 0,
    broken: false,
    disposed: false,
    setArmTarget(joints, velocities) {
      if (joints.length !== JOINTS || ![...Array.from(joints)].every(Number.isFinite))
        throw new RangeError('setArmTarget');
      target = Float64Array.from(joints);
      targetVelocity = velocities ? Float64Array.from(velocities) : new Float64Array(JOINTS);
    },
    setGripperTarget(fingerPosition) {
      fingerTarget = fingerPosition;
    },
    step() {
      if (world.broken) throw new Error('diverged');
      tick++;
      position = target.map((value) => value + world.lag);
      velocity = targetVelocity.slice();
      const trembling = fingerTarget < world.grasped ? (tick % 2) * world.trembling : 0;
      const wanted = Math.max(fingerTarget, world.grasped + trembling);
      const next =
        finger + Math.min(Math.max(wanted - finger, -FINGER_SPEED * timestep), FINGER_SPEED * timestep);
      fingerVelocity = (next - finger) / timestep;
      finger = next;
    },
    armState(p, v, e) {
      p.set(position);
      v.set(velocity);
      e.fill(0);
    },
    fingerPosition: () => finger,
    fingerVelocity: () => fingerVelocity,
    fingerEffort: () => 0,
    renderCloud: (): WorldCloud => ({ ...cloud, positions, colors, depth }),
    renderImage: () => ({ width: 2, height: 1, rgb: Uint8Array.of(255, 0, 0, 0, 255, 0) }),
    cameraPose: () => IDENTITY_POSE,
    detections: () => [],
    linkPoses: () => new Map([['base', IDENTITY_POSE]]),
    describeScene: () => [],
    stateHash: () => hashBytes(bytesOf(Float64Array.of(tick, ...position, ...velocity, finger))),
    snapshot: () =>
      bytesOf(Float64Array.of(tick, finger, fingerTarget, ...position, ...velocity, ...target)).slice(),
    restore(bytes) {
      const state = new Float64Array(bytes.slice().buffer);
      [tick = 0, finger = 0, fingerTarget = 0] = state;
      position = state.slice(3, 3 + JOINTS);
      velocity = state.slice(3 + JOINTS, 3 + 2 * JOINTS);
      target = state.slice(3 + 2 * JOINTS);
    },
    moveObject() {
      throw new RangeError('a fake world has no objects');
    },
    setTravel() {
      throw new RangeError('a fake world has no drawers');
    },
    taskVerdict: () => ({ task: 'nothing', success: true, reason: 'nothing to do', metrics: {} }),
    [Symbol.dispose]() {
      world.disposed = true;
    },
  };
  return world;
}
