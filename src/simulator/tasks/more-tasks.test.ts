import { afterEach, describe, expect, it } from 'vitest';
import {
  compose,
  IDENTITY_QUAT,
  quatFromAxisAngle,
  type Pose,
  type Quat,
  type Vec3,
} from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { GroundTruth, World } from '../world-api.ts';
import { createWorld } from '../world.ts';

const open: (World & GroundTruth)[] = [];
async function world(scene: string, seed = 31): Promise<World & GroundTruth> {
  const made = await createWorld({ scene, seed });
  open.push(made);
  return made;
}
afterEach(() => {
  for (const made of open.splice(0)) made[Symbol.dispose]();
});

function named(made: World, label: string): SceneObject {
  const object = made.detections().find((o) => o.label === label);
  if (!object) throw new Error(`no ${label}`);
  return object;
}

/** Puts a thing's own frame at a place and lets time pass. */
function put(made: World, label: string, at: Vec3, orientation: Quat = IDENTITY_QUAT, seconds = 0.8): void {
  made.moveObject(named(made, label).id, { position: at, orientation });
  for (let i = 0; i < seconds / made.timestep; i++) made.step();
}

const done = (made: World): boolean => made.taskVerdict().success;
const at = (pose: Pose, dx: number, dy: number, dz: number): Vec3 =>
  compose(pose, { position: [dx, dy, dz], orientation: IDENTITY_QUAT }).position;

describe('success predicates read the physics', () => {
  it('pick-and-hold: being in the air is not being held', async () => {
    const made = await world('pick-and-hold');
    put(made, 'red cube', [0.5, 0, 0.4], IDENTITY_QUAT, 0);
    expect(done(made)).toBe(false);
  });

  it('place-beside: near and on the table, with the other left where it was', async () => {
    const made = await world('place-beside');
    const [x, y] = named(made, 'green cylinder').pose.position;
    put(made, 'red block', [x, y - 0.08, 0.0175]);
    expect(done(made)).toBe(true);
    put(made, 'red block', [x, y - 0.15, 0.0175]);
    expect(done(made)).toBe(false);
    put(made, 'red block', [x, y, 0.08]);
    expect(done(made)).toBe(false);
    put(made, 'green cylinder', [x, y + 0.1, 0.03]);
    put(made, 'red block', [x, y + 0.02, 0.0175]);
    expect(done(made)).toBe(false);
  });

  it('unstack: on the table, clear of the other', async () => {
    const made = await world('unstack');
    const [x, y] = named(made, 'green cube').pose.position;
    put(made, 'red cube', [x, y - 0.09, 0.0225]);
    expect(done(made)).toBe(true);
    put(made, 'red cube', [x, y, 0.0675]);
    expect(done(made)).toBe(false);
  });

  it('put-in-drawer: inside it, not on the cabinet nor before it', async () => {
    const made = await world('put-in-drawer');
    const handle = named(made, 'drawer handle').pose;
    const [x, y] = at(handle, -0.13, 0, 0);
    put(made, 'red cube', [x, y, 0.05]);
    expect(done(made)).toBe(true);
    const [ox, oy] = at(handle, 0.06, 0, 0);
    put(made, 'red cube', [ox, oy, 0.02]);
    expect(done(made)).toBe(false);
    const [cx, cy] = named(made, 'cabinet').pose.position;
    put(made, 'red cube', [cx, cy, 0.145]);
    expect(done(made)).toBe(false);
  });

  it('close-drawer: shut to 12 mm', async () => {
    const made = await world('close-drawer');
    made.setTravel('drawer', 0.02);
    expect(done(made)).toBe(false);
    made.setTravel('drawer', 0.005);
    expect(done(made)).toBe(true);
  });

  it('lift-lid: on the table, the pot where it was', async () => {
    const made = await world('lift-lid');
    const [x, y] = named(made, 'blue pot').pose.position;
    put(made, 'lid', [x, y > 0 ? y - 0.17 : y + 0.17, 0.008]);
    expect(done(made)).toBe(true);
    put(made, 'lid', [x, y, 0.054]);
    expect(done(made)).toBe(false);
  });

  it.each([
    ['press-button', 'button', 0.004, 0.009],
    ['pull-lever', 'lever', 0.5, 0.9],
    ['turn-knob', 'knob', 0.5, 1],
  ])('%s: far enough, and it stays there', async (scene, shape, short, enough) => {
    const made = await world(scene);
    const { id } = made.detections().find((o) => o.shape === shape)!;
    made.setTravel(id, short);
    expect(done(made)).toBe(false);
    made.setTravel(id, enough);
    for (let i = 0; i < 500; i++) made.step();
    expect(done(made)).toBe(true);
  });

  it('ring-on-post: round the post and down, not leaning on it', async () => {
    const made = await world('ring-on-post');
    const [x, y] = named(made, 'grey post').pose.position;
    put(made, 'purple ring', [x + 0.005, y, 0.03]);
    expect(done(made)).toBe(true);
    put(made, 'purple ring', [x + 0.06, y, 0.02]);
    expect(done(made)).toBe(false);
  });

  it('open-door and close-door: the hinge decides', async () => {
    const closed = await world('open-door');
    closed.setTravel(named(closed, 'cupboard door').id, 0.5);
    expect(done(closed)).toBe(false);
    closed.setTravel(named(closed, 'cupboard door').id, 1.1);
    expect(done(closed)).toBe(true);
    const ajar = await world('close-door');
    expect(done(ajar)).toBe(false);
    ajar.setTravel(named(ajar, 'microwave door').id, 0.05);
    expect(done(ajar)).toBe(true);
  });

  it('stand-upright: on its end, not on its side', async () => {
    const made = await world('stand-upright');
    put(made, 'orange rod', [0.5, 0, 0.0605], quatFromAxisAngle([0, 1, 0], Math.PI / 2));
    expect(done(made)).toBe(true);
    put(made, 'orange rod', [0.5, 0, 0.0155]);
    expect(done(made)).toBe(false);
  });

  it('put-on-shelf: on top, not under it', async () => {
    const made = await world('put-on-shelf');
    const [x, y] = named(made, 'shelf').pose.position;
    put(made, 'red cube', [x, y, 0.141]);
    expect(done(made)).toBe(true);
    put(made, 'red cube', [x, y, 0.021]);
    expect(done(made)).toBe(false);
  });

  it('put-on-plate: standing on it, not lying, not beside it', async () => {
    const made = await world('put-on-plate');
    const [x, y] = named(made, 'white plate').pose.position;
    put(made, 'red mug', [x, y, 0.006]);
    expect(done(made)).toBe(true);
    put(made, 'red mug', [x, y, 0.06], quatFromAxisAngle([1, 0, 0], Math.PI / 2), 1.5);
    expect(done(made)).toBe(false);
    put(made, 'red mug', [x, y - 0.17, 0.001]);
    expect(done(made)).toBe(false);
  });
});

describe('known grasps', () => {
  it('lie on the thing, move with it, and fit the gripper', async () => {
    const made = await world('put-on-plate');
    const mug = named(made, 'red mug');
    const before = made.grasps(mug.id);
    expect(before.length).toBeGreaterThan(3);
    for (const { pose, width } of before) {
      expect(width).toBeLessThan(made.arm.gripper.width);
      expect(
        Math.hypot(pose.position[0] - mug.pose.position[0], pose.position[1] - mug.pose.position[1]),
      ).toBeLessThan(0.04);
    }
    put(made, 'red mug', [0.45, 0.1, 0.001], quatFromAxisAngle([0, 0, 1], 1));
    expect(made.grasps(mug.id)[0]!.pose.position).not.toEqual(before[0]!.pose.position);
    expect(() => made.grasps('teapot')).toThrow(/no 'teapot'/);
  });
});
