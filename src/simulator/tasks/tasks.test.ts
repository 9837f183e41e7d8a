import { afterEach, describe, expect, it } from 'vitest';
import { compose, IDENTITY_QUAT, quatFromAxisAngle, type Pose, type Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { World } from '../world-api.ts';
import { createWorld } from '../world.ts';
import { findTask, tasks } from './index.ts';

const open: World[] = [];
async function world(scene: string, seed = 7): Promise<World> {
  const made = await createWorld({ scene, seed });
  open.push(made);
  return made;
}
afterEach(() => {
  for (const made of open.splice(0)) made[Symbol.dispose]();
});

const upright = (x: number, y: number, z: number): Pose => ({
  position: [x, y, z],
  orientation: IDENTITY_QUAT,
});

function named(made: World, label: string): SceneObject {
  const object = made.detections().find((o) => o.label === label);
  if (!object) throw new Error(`no ${label}`);
  return object;
}

/** Puts a thing so that its centre is at `at`, then lets time pass. */
function put(made: World, label: string, at: Vec3, seconds = 1): void {
  made.moveObject(named(made, label).id, upright(...at));
  pass(made, seconds);
}

function pass(made: World, seconds: number): void {
  for (let i = 0; i < seconds / made.timestep; i++) made.step();
}

const verdict = (made: World): string => {
  const { success, reason } = made.taskVerdict();
  return success ? 'success' : reason;
};

describe.each(tasks.map((task) => [task.name]))('%s', (name) => {
  it('is not done at the start, and everything lies still within reach, for 50 seeds', async () => {
    for (let seed = 0; seed < 50; seed++) {
      using made = await createWorld({ scene: name, seed });
      const before = made.detections();
      expect(made.taskVerdict().success).toBe(false);
      pass(made, 0.3);
      expect(made.taskVerdict().success).toBe(false);
      made.detections().forEach((object, i) => {
        const moved = object.pose.position.map((x, k) => Math.abs(x - before[i]!.pose.position[k]!));
        expect(Math.max(...moved)).toBeLessThan(0.001);
        expect(Math.hypot(object.pose.position[0], object.pose.position[1])).toBeLessThan(0.85);
      });
    }
  });

  it('has labels that are unique, and differs between seeds', async () => {
    const [a, b] = [await world(name, 1), await world(name, 2)];
    const labels = a.detections().map((o) => o.label);
    if (name !== 'sandbox-twins') expect(new Set(labels).size).toBe(labels.length);
    expect(new Set(a.detections().map((o) => o.id)).size).toBe(labels.length);
    expect(a.detections().map((o) => o.pose)).not.toEqual(b.detections().map((o) => o.pose));
  });
});

describe('findTask', () => {
  it('knows aliases and lists the scenes for an unknown one', () => {
    expect(findTask('tabletop').name).toBe('put-in-bowl');
    expect(() => findTask('nowhere')).toThrow(/no scene named 'nowhere'/);
  });
});

describe('put-in-bowl', () => {
  it('is done when the cube lies in the bowl', async () => {
    const made = await world('put-in-bowl');
    const [x, y] = named(made, 'blue bowl').pose.position;
    put(made, 'red cube', [x + 0.01, y, 0.06]);
    expect(verdict(made)).toBe('success');
  });

  it('is not while the cube still falls, beside the bowl, or with another cube', async () => {
    const made = await world('put-in-bowl');
    const [x, y] = named(made, 'blue bowl').pose.position;
    put(made, 'red cube', [x, y, 0.045], 0.01);
    expect(verdict(made)).toMatch(/lies still/);
    put(made, 'red cube', [x - 0.11, y, 0.02]);
    expect(verdict(made)).toMatch(/red cube is in the blue bowl/);
    const other = made.detections().find((o) => o.shape === 'cylinder')!;
    made.moveObject(other.id, upright(x, y, 0.05));
    pass(made, 1);
    expect(made.taskVerdict().success).toBe(false);
  });

  it('is not when the bowl was turned over it', async () => {
    const made = await world('put-in-bowl');
    const [x, y] = named(made, 'blue bowl').pose.position;
    put(made, 'red cube', [x, y, 0.02], 0);
    made.moveObject(named(made, 'blue bowl').id, {
      position: [x, y, 0.053],
      orientation: quatFromAxisAngle([1, 0, 0], Math.PI),
    });
    pass(made, 1);
    expect(made.taskVerdict().success).toBe(false);
  });
});

describe('stack', () => {
  it('is done when red stands on green', async () => {
    const made = await world('stack');
    const [x, y] = named(made, 'green cube').pose.position;
    put(made, 'red cube', [x + 0.008, y, 0.0685]);
    expect(verdict(made)).toBe('success');
  });

  it('is not the other way round, beside each other, or far off centre', async () => {
    const made = await world('stack');
    const [x, y] = named(made, 'green cube').pose.position;
    put(made, 'red cube', [x + 0.021, y, 0.0685]);
    expect(verdict(made)).toMatch(/in line/);
    put(made, 'red cube', [x + 0.06, y, 0.0225]);
    expect(verdict(made)).toMatch(/on the green cube/);
    const [rx, ry] = named(made, 'red cube').pose.position;
    put(made, 'green cube', [rx, ry, 0.0685]);
    expect(made.taskVerdict().success).toBe(false);
  });
});

describe('push-to-target', () => {
  it('is done within 25 mm of the mark, not at 30, nor on its edge', async () => {
    const made = await world('push-to-target');
    const [x, y] = named(made, 'target').pose.position;
    put(made, 'yellow block', [x + 0.02, y, 0.025]);
    expect(verdict(made)).toBe('success');
    put(made, 'yellow block', [x + 0.03, y, 0.025]);
    expect(verdict(made)).toMatch(/on the target/);
    made.moveObject(named(made, 'yellow block').id, {
      position: [x, y, 0.03],
      orientation: quatFromAxisAngle([1, 0, 0], Math.PI / 2),
    });
    pass(made, 1);
    expect(made.taskVerdict().success).toBe(false);
  });
});

describe('open-drawer', () => {
  it('is done beyond 120 mm, not before', async () => {
    const made = await world('open-drawer');
    made.setTravel(named(made, 'drawer').id, 0.14);
    pass(made, 0.3);
    expect(verdict(made)).toBe('success');
    made.setTravel(named(made, 'drawer').id, 0.11);
    pass(made, 0.3);
    expect(verdict(made)).toMatch(/open by more/);
  });

  it('reports the handle with +X along the way it opens, and its drawer', async () => {
    const made = await world('open-drawer');
    const handle = named(made, 'drawer handle');
    const before = handle.pose;
    const drawer = named(made, 'drawer');
    expect(handle.partOf).toBe(drawer.id);
    made.setTravel(drawer.id, 0.1);
    const expected = compose(before, upright(0.1, 0, 0)).position;
    named(made, 'drawer handle').pose.position.forEach((x, k) => expect(x).toBeCloseTo(expected[k]!, 6));
    expect(handle.articulation?.kind).toBe('prismatic');
    // It opens towards the arm.
    expect(Math.hypot(expected[0], expected[1])).toBeLessThan(
      Math.hypot(before.position[0], before.position[1]),
    );
  });
});

describe('insert-peg', () => {
  it('is done when the peg stands in the hole, with 1.5 mm of room', async () => {
    const made = await world('insert-peg');
    const [x, y] = named(made, 'hole').pose.position;
    put(made, 'peg', [x + 0.001, y - 0.001, 0.045]);
    expect(verdict(made)).toBe('success');
  });

  it('does not let the peg in 3 mm off, and does not count one on the plate or beside it', async () => {
    const made = await world('insert-peg');
    const [x, y] = named(made, 'hole').pose.position;
    put(made, 'peg', [x + 0.003, y + 0.002, 0.028 + 0.0435]);
    expect(made.taskVerdict().success).toBe(false);
    put(made, 'peg', [x - 0.09, y, 0.0425]);
    expect(made.taskVerdict().success).toBe(false);
  });
});

describe('sort-by-colour', () => {
  it('is done when each thing lies in the bowl of its colour', async () => {
    const made = await world('sort-by-colour');
    for (const thing of ['red cube', 'blue cube', 'red cylinder', 'blue cylinder']) {
      const [x, y] = named(made, `${thing.split(' ')[0]!} bowl`).pose.position;
      put(made, thing, [x, y + (thing.endsWith('cube') ? 0.022 : -0.022), 0.05], 0.5);
    }
    pass(made, 1);
    expect(verdict(made)).toBe('success');
    const [x, y] = named(made, 'blue bowl').pose.position;
    put(made, 'red cube', [x, y, 0.08]);
    expect(made.taskVerdict().success).toBe(false);
    expect(made.taskVerdict().metrics.sorted).toBe(3);
  });
});
