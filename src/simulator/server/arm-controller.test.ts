import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArmController } from './arm-controller.ts';
import type { Goal } from './goal.ts';
import { fakeWorld } from './testing/fake-world.ts';
import type { FakeWorld } from './testing/fake-world.ts';
import type { TrajectoryGoal } from './trajectory-goal.ts';

interface News {
  feedback: unknown[];
  results: { status: number; values: { error_code: number; error_string: string } }[];
}

function goalOf(id: string): { goal: Goal; news: News } {
  const news: News = { feedback: [], results: [] };
  const sink = {
    feedback: (values: unknown) => void news.feedback.push(values),
    result: (status: number, values: unknown) =>
      void news.results.push({ status, values: values as News['results'][0]['values'] }),
  };
  return { goal: { id, session: 's', sink }, news };
}

function spec(
  times: number[],
  positions: number[],
  velocities: number[],
  more: Partial<TrajectoryGoal> = {},
): TrajectoryGoal {
  return {
    startAt: 0,
    times: Float64Array.from(times),
    positions: Float64Array.from(positions),
    velocities: Float64Array.from(velocities),
    pathTolerance: new Float64Array(3),
    goalTolerance: new Float64Array(3).fill(0.05),
    goalTime: 1,
    ...more,
  };
}

/** joint1 from 0 to 1 in 2 s, from rest to rest. */
const slow = (more: Partial<TrajectoryGoal> = {}) =>
  spec([0, 2], [0, 0, 0, 1, 0.5, -1], [0, 0, 0, 0, 0, 0], more);

function rig(): { world: FakeWorld; arm: ArmController; run(seconds: number): void; trace: number[][] } {
  const world = fakeWorld({ scene: 'x', seed: 0 });
  const arm = new ArmController(world);
  const trace: number[][] = [];
  const run = (seconds: number) => {
    const steps = Math.round(seconds / world.timestep);
    for (let i = 0; i < steps; i++) {
      arm.beforeStep();
      world.step();
      arm.afterStep();
      trace.push([...arm.velocity]);
    }
  };
  return { world, arm, run, trace };
}

/** The largest change of a joint's set-point velocity in one step, as a multiple of what its limit allows. */
const hardestBrake = (world: FakeWorld, trace: number[][]): number =>
  Math.max(
    0,
    ...trace
      .slice(1)
      .flatMap((v, i) =>
        v.map(
          (value, j) =>
            Math.abs(value - (trace[i]?.[j] ?? 0)) /
            ((world.arm.limits[j]?.acceleration ?? 1) * world.timestep),
        ),
      ),
  );

describe('a trajectory', () => {
  it('is followed by cubic Hermite segments and ends in place with one result', () => {
    const { arm, run } = rig();
    const { goal, news } = goalOf('g');
    expect(arm.start(goal, slow())).toBeUndefined();
    run(1);
    // Halfway between two points at rest: h01(1/2) = 1/2, speed 3/2 of the mean.
    expect(arm.position[0]).toBeCloseTo(0.5, 9);
    expect(arm.velocity[0]).toBeCloseTo(0.75, 9);
    run(1.1);
    expect([...arm.position]).toEqual([1, 0.5, -1]);
    expect(news.results).toEqual([
      { status: 4, values: { error_code: 0, error_string: 'Goal successfully reached!' } },
    ]);
    expect(arm.moving).toBe(false);
  });

  it('gives feedback at once, then at 50 Hz of simulated time', () => {
    const { arm, run } = rig();
    const { goal, news } = goalOf('g');
    arm.start(goal, slow());
    run(1);
    expect(news.feedback.length).toBe(51);
    expect(news.feedback[0]).toMatchObject({
      joint_names: ['joint1', 'joint2', 'joint3'],
      desired: { time_from_start: { sec: 0, nanosec: 2_000_000 } },
    });
  });

  it('passes through its points at the speeds given', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0.05, max: 0.5, noNaN: true }),
            fc.double({ min: -0.5, max: 0.5, noNaN: true }),
            fc.double({ min: -1, max: 1, noNaN: true }),
          ),
          { minLength: 2, maxLength: 6 },
        ),
        (knots) => {
          const { arm, run } = rig();
          const times = knots.reduce<number[]>(
            (list, [dt]) => [...list, (list.at(-1) ?? 0) + Math.round(dt / 0.002) * 0.002],
            [0],
          );
          const p = [0, ...knots.map(([, q]) => q)];
          const v = [0, ...knots.map(([, , w]) => w)];
          v[v.length - 1] = 0;
          arm.start(
            goalOf('g').goal,
            spec(
              times,
              p.flatMap((q) => [q, 0, 0]),
              v.flatMap((w) => [w, 0, 0]),
            ),
          );
          let now = 0;
          for (let i = 1; i < times.length; i++) {
            run((times[i] as number) - now);
            now = times[i] as number;
            expect(arm.position[0]).toBeCloseTo(p[i] as number, 6);
            expect(arm.velocity[0]).toBeCloseTo(v[i] as number, 6);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('that starts a little off is entered without a jump', () => {
    const { world, arm, run } = rig();
    arm.start(goalOf('g').goal, spec([0, 2], [0.04, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0]));
    let last = 0;
    for (let i = 0; i < 1000; i++) {
      run(world.timestep);
      expect(Math.abs((arm.position[0] as number) - last)).toBeLessThan(2 * world.timestep);
      last = arm.position[0] as number;
    }
    expect(arm.position[0]).toBe(1);
  });

  it('that starts elsewhere is refused with the joint and the distance', () => {
    const { arm } = rig();
    expect(arm.start(goalOf('g').goal, spec([0, 2], [0.2, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0]))).toMatch(
      /joint1 would start 0.200 rad/,
    );
    expect(arm.moving).toBe(false);
  });

  it('whose first point lies ahead is led there from where the arm is', () => {
    const { arm, run } = rig();
    expect(arm.start(goalOf('g').goal, spec([1], [0.5, 0, 0], [0, 0, 0]))).toBeUndefined();
    run(0.5);
    expect(arm.position[0]).toBeCloseTo(0.25, 9);
    run(0.6);
    expect(arm.position[0]).toBe(0.5);
  });

  it('leaves its path tolerance: aborted with the joint, after braking', () => {
    const { world, arm, run, trace } = rig();
    const { goal, news } = goalOf('g');
    arm.start(goal, slow({ pathTolerance: Float64Array.of(0.1, 0.1, 0.1) }));
    run(1);
    world.lag = 0.2;
    run(1);
    expect(news.results).toHaveLength(1);
    expect(news.results[0]).toMatchObject({ status: 6, values: { error_code: -4 } });
    expect(news.results[0]?.values.error_string).toMatch(/joint\d is 0.2000 rad off, 0.1000 rad are allowed/);
    expect(hardestBrake(world, trace)).toBeLessThan(1.001);
  });

  it('does not reach its end: aborted when the time for it is over, not before', () => {
    const { world, arm, run } = rig();
    const { goal, news } = goalOf('g');
    world.lag = 0.06;
    arm.start(goal, slow({ goalTime: 0.5 }));
    run(2.4);
    expect(news.results).toEqual([]);
    run(0.2);
    expect(news.results[0]).toMatchObject({ status: 6, values: { error_code: -5 } });
  });
});

describe('stopping', () => {
  it('brakes every joint within its acceleration limit, whenever it comes, and ends the goal at rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.boolean(), (steps, byCancel) => {
        const { world, arm, run, trace } = rig();
        const { goal, news } = goalOf('g');
        arm.start(goal, slow());
        run(steps * world.timestep);
        const before = trace.length;
        if (byCancel) expect(arm.cancel('g')).toEqual(['g']);
        else arm.brake('stop');
        run(0.5);
        const braking = trace.slice(Math.max(0, before - 1));
        expect(hardestBrake(world, braking)).toBeLessThan(1.001);
        expect(arm.velocity.every((v) => v === 0)).toBe(true);
        expect(news.results).toHaveLength(1);
        expect(news.results[0]?.status).toBe(5);
      }),
      // A brake whose last step ends a rounding error early.
      { numRuns: 60, examples: [[200, false]] },
    );
  });

  it('does not end the goal before the arm is at rest', () => {
    const { world, arm, run } = rig();
    const { goal, news } = goalOf('g');
    arm.start(goal, slow());
    run(1);
    arm.cancel();
    // 0.75 rad/s at 10 rad/s² take 75 ms.
    run(0.07);
    expect(news.results).toEqual([]);
    expect(arm.goalIds).toEqual(['g']);
    run(0.01);
    expect(news.results).toHaveLength(1);
    expect(world.time).toBeCloseTo(1.08, 9);
  });

  it('twice, or without a goal, changes nothing', () => {
    const { arm, run } = rig();
    const { goal, news } = goalOf('g');
    expect(arm.cancel()).toEqual([]);
    arm.brake('nothing');
    arm.start(goal, slow());
    run(1);
    arm.cancel('g');
    arm.cancel('g');
    arm.brake('again');
    run(1);
    expect(news.results).toHaveLength(1);
  });
});

describe('a replacement', () => {
  /** The rest of `slow` from time t on: the same motion, as a goal of its own. */
  const rest = (arm: ArmController, more: Partial<TrajectoryGoal> = {}) =>
    spec([0, 1], [...arm.position, 1, 0.5, -1], [...arm.velocity, 0, 0, 0], more);

  it('with the same state takes over without a jump, and the old goal ends as cancelled', () => {
    const { world, arm, run, trace } = rig();
    const first = goalOf('a');
    const second = goalOf('b');
    arm.start(first.goal, slow());
    run(1);
    expect(arm.start(second.goal, rest(arm))).toBeUndefined();
    run(1.1);
    expect(first.news.results).toEqual([
      { status: 5, values: { error_code: 0, error_string: 'replaced by another goal' } },
    ]);
    expect(second.news.results[0]?.status).toBe(4);
    expect(hardestBrake(world, trace)).toBeLessThan(1.001);
  });

  it('that is scheduled begins on its stamp, on the running trajectory', () => {
    const { arm, run, world } = rig();
    const first = goalOf('a');
    const second = goalOf('b');
    arm.start(first.goal, slow());
    run(0.9);
    // What `slow` will be at 1.0 s.
    const later = spec([0, 1], [0.5, 0.25, -0.5, 1, 0.5, -1], [0.75, 0.375, -0.75, 0, 0, 0], { startAt: 1 });
    expect(arm.start(second.goal, later)).toBeUndefined();
    run(0.1);
    expect(first.news.results).toEqual([]);
    run(world.timestep);
    expect(first.news.results[0]?.status).toBe(5);
    run(1.1);
    expect(second.news.results[0]?.status).toBe(4);
    expect(second.news.results).toHaveLength(1);
  });

  it('that does not fit is refused, and the running goal brakes', () => {
    const { arm, run, world, trace } = rig();
    const first = goalOf('a');
    const second = goalOf('b');
    arm.start(first.goal, slow());
    run(1);
    expect(arm.start(second.goal, spec([0, 1], [...arm.position, 1, 0, 0], [0, 0, 0, 0, 0, 0]))).toMatch(
      /joint1 would start 0.750 rad\/s off its speed/,
    );
    run(0.5);
    expect(first.news.results[0]?.status).toBe(5);
    expect(second.news.results).toEqual([]);
    expect(hardestBrake(world, trace)).toBeLessThan(1.001);
  });

  it('that is cancelled before it begins leaves the running goal alone', () => {
    const { arm, run } = rig();
    const first = goalOf('a');
    const second = goalOf('b');
    arm.start(first.goal, slow());
    run(0.5);
    arm.start(second.goal, rest(arm, { startAt: 1 }));
    expect(arm.cancel('b')).toEqual(['b']);
    run(2);
    expect(first.news.results[0]?.status).toBe(4);
    expect(second.news.results).toEqual([
      { status: 5, values: { error_code: 0, error_string: 'cancelled before it began' } },
    ]);
  });
});
