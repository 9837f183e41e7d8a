import { describe, expect, it } from 'vitest';
import { GripperController } from './gripper-controller.ts';
import { fakeWorld } from './testing/fake-world.ts';

function rig() {
  const world = fakeWorld({ scene: 'x', seed: 0 });
  const gripper = new GripperController(world);
  const results: unknown[] = [];
  const sink = {
    feedback: () => undefined,
    result: (status: number, values: unknown) => void results.push({ status, values }),
  };
  const start = (position: number, effort = 0) =>
    gripper.start({ id: 'g', session: 's', sink }, position, effort);
  const run = (seconds: number) => {
    for (let i = 0; i < Math.round(seconds / world.timestep); i++) {
      world.step();
      gripper.afterStep();
    }
  };
  return { world, gripper, results, start, run };
}

describe('the gripper', () => {
  it('reaches an opening', () => {
    const { results, start, run } = rig();
    expect(start(0.01)).toBeUndefined();
    run(0.5);
    expect(results).toEqual([
      { status: 4, values: expect.objectContaining({ stalled: false, reached_goal: true }) },
    ]);
  });

  it('that is already there succeeds at once', () => {
    const { results, start, run, world } = rig();
    start(0.04);
    run(world.timestep);
    expect(results).toHaveLength(1);
  });

  it('that closes on a thing stalls, and says how wide the thing is', () => {
    const { world, results, start, run } = rig();
    world.grasped = 0.02;
    start(0);
    run(1);
    expect(results).toEqual([
      { status: 4, values: { position: 0.02, effort: 0, stalled: true, reached_goal: false } },
    ]);
  });

  it('that trembles on what it holds has stalled too', () => {
    const { world, results, start, run } = rig();
    world.grasped = 0.02;
    world.trembling = 2e-5;
    start(0);
    run(2.5);
    expect(results).toEqual([
      { status: 4, values: expect.objectContaining({ stalled: true, reached_goal: false }) },
    ]);
  });

  it('stops where it is when it is cancelled', () => {
    const { world, gripper, results, start, run } = rig();
    start(0);
    run(0.2);
    const at = world.fingerPosition();
    expect(gripper.cancel('g')).toEqual(['g']);
    expect(gripper.cancel('g')).toEqual([]);
    run(0.5);
    expect(world.fingerPosition()).toBeCloseTo(at, 9);
    expect(results).toEqual([
      { status: 5, values: expect.objectContaining({ stalled: false, reached_goal: false }) },
    ]);
  });

  it('keeps its grip when motion is stopped after the goal has ended', () => {
    const { world, gripper, start, run } = rig();
    world.grasped = 0.02;
    start(0);
    run(1);
    gripper.brake();
    expect(gripper.command.target).toBe(0);
  });

  it('refuses what it cannot open to', () => {
    const { start } = rig();
    expect(start(0.08)).toMatch(/0.08 m is outside 0 to 0.04 m/);
    expect(start(Number.NaN)).toMatch(/outside/);
  });
});
