import { afterEach, describe, expect, it } from 'vitest';
import { IDENTITY_QUAT, quatFromAxisAngle, quatMultiply, type Vec3 } from '../core/geometry.ts';
import { readGoal } from './goals.ts';
import { createWorld } from './world.ts';
import type { World } from './world-api.ts';

const open: World[] = [];
afterEach(() => {
  for (const made of open.splice(0)) made[Symbol.dispose]();
});

async function world(scene: string, ...goals: string[]): Promise<World> {
  const query = goals.map((goal) => `goal=${goal}`).join('&');
  const made = await createWorld({ scene: `${scene}?${query}`, seed: 21 });
  open.push(made);
  return made;
}

function put(made: World, id: string, at: Vec3, seconds = 0.6): void {
  made.moveObject(id, { position: at, orientation: IDENTITY_QUAT });
  for (let i = 0; i < seconds / made.timestep; i++) made.step();
}

const where = (made: World, id: string): Vec3 => made.detections().find((o) => o.id === id)!.pose.position;
const done = (made: World): boolean => made.taskVerdict().success;

describe('readGoal', () => {
  it('reads relation and things', () => {
    expect(readGoal('between:a:b:c')).toEqual({ relation: 'between', things: ['a', 'b', 'c'] });
  });
  it.each([
    ['inside:a:b', /no goal relation named 'inside'/],
    ['in:a', /must name 2 thing/],
    ['held:a:b', /must name 1 thing/],
    ['', /no goal relation/],
  ])('refuses %s', (text, message) => expect(() => readGoal(text)).toThrow(message));
});

describe('goals', () => {
  it('name things of the scene, once', async () => {
    await expect(world('stack', 'on:red-cube:green-ball')).rejects.toThrow(
      /'green-ball', which this scene has 0 times/,
    );
  });

  it.each([
    ['on:red-cube:green-cube', [0, 0, 0.068], [0, 0.06, 0.0225]],
    ['on:red cube:green cube', [0.01, 0, 0.068], [0.06, 0, 0.0225]],
    ['next-to:red-cube:green-cube', [0, 0.08, 0.0225], [0, 0.19, 0.0225]],
    ['left-of:red-cube:green-cube', [0.02, 0.1, 0.0225], [0.02, -0.1, 0.0225]],
    ['right-of:red-cube:green-cube', [0.02, -0.1, 0.0225], [0.12, -0.1, 0.0225]],
    ['behind:red-cube:green-cube', [0.1, 0.02, 0.0225], [-0.1, 0.02, 0.0225]],
    ['in-front-of:red-cube:green-cube', [-0.1, 0.02, 0.0225], [0, 0.1, 0.0225]],
  ] as const)('%s', async (goal, offset, miss) => {
    const made = await world('stack', goal);
    put(made, 'green-cube', [0.5, 0, 0.0225]);
    const [x, y] = where(made, 'green-cube');
    const at = ([dx, dy, z]: Vec3): Vec3 => [x + dx, y + dy, z];
    put(made, 'red-cube', at(miss));
    expect(made.taskVerdict()).toMatchObject({ success: false });
    put(made, 'red-cube', at(offset));
    expect(made.taskVerdict()).toMatchObject({ success: true });
  });

  it('may speak of a distractor', async () => {
    const plain = await world('stack?distractors=2');
    const extra = plain.detections().find((o) => o.id !== 'red-cube' && o.id !== 'green-cube')!;
    const made = await createWorld({
      scene: `stack?distractors=2&goal=next-to:red-cube:${extra.id}`,
      seed: 21,
    });
    open.push(made);
    expect(done(made)).toBe(false);
  });

  it('in: the bowl, not under it nor beside it', async () => {
    const made = await world('put-in-bowl', 'in:red-cube:blue-bowl');
    expect(done(made)).toBe(false);
    const [x, y] = where(made, 'blue-bowl');
    put(made, 'red-cube', [x, y, 0.05]);
    expect(done(made)).toBe(true);
    put(made, 'red-cube', [x - 0.1, y, 0.02]);
    expect(done(made)).toBe(false);
  });

  it('between two others, off a third, on the table', async () => {
    const made = await world(
      'sort-by-colour',
      'between:red-cube:blue-cube:blue-cylinder',
      'on:red-cube:table',
    );
    put(made, 'blue-cube', [0.4, -0.05, 0.0175]);
    put(made, 'blue-cylinder', [0.4, 0.15, 0.0225]);
    put(made, 'red-cube', [0.41, 0.05, 0.0175]);
    expect(done(made)).toBe(true);
    put(made, 'red-cube', [0.55, 0.05, 0.0175]);
    expect(done(made)).toBe(false);
  });

  it('off: the lid, lying on the table', async () => {
    const made = await world('lift-lid', 'off:lid:blue-pot');
    expect(done(made)).toBe(false);
    const [x, y] = where(made, 'blue-pot');
    put(made, 'lid', [x, y - 0.2, 0.01]);
    expect(done(made)).toBe(true);
  });

  it('open and closed: the share of the range', async () => {
    const made = await world('open-drawer', 'open:drawer');
    made.setTravel('drawer', 0.08);
    expect(done(made)).toBe(false);
    made.setTravel('drawer', 0.15);
    expect(done(made)).toBe(true);
    const shut = await world('close-drawer', 'closed:drawer');
    expect(done(shut)).toBe(false);
    shut.setTravel('drawer', 0.005);
    expect(done(shut)).toBe(true);
  });

  it('upright: the long axis', async () => {
    const made = await world('stand-upright', 'upright:orange-rod');
    expect(done(made)).toBe(false);
    made.moveObject('orange-rod', {
      position: [0.45, 0, 0.06],
      orientation: quatFromAxisAngle([0, 1, 0], Math.PI / 2),
    });
    for (let i = 0; i < 300; i++) made.step();
    expect(done(made)).toBe(true);
  });

  it('held: lifted between the fingers, so not merely in the air', async () => {
    const made = await world('stack', 'held:red-cube');
    made.moveObject('red-cube', { position: [0.5, 0.1, 0.3], orientation: IDENTITY_QUAT });
    expect(done(made)).toBe(false);
  });

  it.each([
    ['moved-left', [0, 0.06]],
    ['moved-right', [0, -0.06]],
    ['moved-away', [0.06, 0]],
    ['moved-near', [-0.06, 0]],
  ] as const)('%s: since the start', async (relation, [dx, dy]) => {
    const made = await world('stack', `${relation}:red-cube`);
    const [x, y] = where(made, 'red-cube');
    put(made, 'red-cube', [x - dx, y - dy, 0.0225]);
    expect(done(made)).toBe(false);
    put(made, 'red-cube', [x + dx, y + dy, 0.0225]);
    expect(done(made)).toBe(true);
  });

  it('at a side of the table, and in its middle', async () => {
    const made = await world('stack', 'at-left:red-cube', 'at-back:red-cube');
    put(made, 'red-cube', [0.6, -0.2, 0.0225]);
    expect(done(made)).toBe(false);
    put(made, 'red-cube', [0.6, 0.2, 0.0225]);
    expect(done(made)).toBe(true);
    const middle = await world('stack', 'at-middle:red-cube');
    put(middle, 'green-cube', [0.4, 0.25, 0.0225]);
    put(middle, 'red-cube', [0.52, 0.02, 0.0225]);
    expect(done(middle)).toBe(true);
  });

  it('spun: a turn about the vertical', async () => {
    const made = await world('stack', 'spun:red-cube');
    expect(done(made)).toBe(false);
    const now = made.detections().find((o) => o.id === 'red-cube')!.pose;
    made.moveObject('red-cube', {
      position: now.position,
      orientation: quatMultiply(quatFromAxisAngle([0, 0, 1], 0.8), now.orientation),
    });
    for (let i = 0; i < 300; i++) made.step();
    expect(done(made)).toBe(true);
  });

  it('the scenes of words stand, and their drawers open', async () => {
    for (const scene of ['row', 'kitchen', 'office']) {
      const made = await world(scene);
      const before = made.detections();
      for (let i = 0; i < 500; i++) made.step();
      for (const [i, o] of made.detections().entries())
        for (const k of [0, 1, 2])
          expect(o.pose.position[k], `${o.label} of ${scene}`).toBeCloseTo(before[i]!.pose.position[k]!, 2);
    }
    const office = await world('office', 'open:top-drawer');
    office.setTravel('top-drawer', 0.15);
    expect(done(office)).toBe(true);
  });
});
