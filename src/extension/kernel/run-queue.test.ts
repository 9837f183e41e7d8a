import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../notebook/session/session-api.ts';
import { RunQueue } from './run-queue.ts';
import { IDLE_RUN, nextRunView, type RunView } from './run-state.ts';

const deferred = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};

describe('run queue', () => {
  it('runs one at a time per robot, in order, past a failure', async () => {
    const queue = new RunQueue();
    const order: string[] = [];
    const gate = deferred();
    const first = queue.run('sim', async () => {
      await gate.promise;
      order.push('first');
      throw new Error('broken');
    });
    const second = queue.run('sim', async () => order.push('second'));
    const other = queue.run('robot', async () => order.push('other'));
    await other;
    expect(order).toEqual(['other']);
    gate.resolve();
    await expect(first).rejects.toThrow('broken');
    await second;
    expect(order).toEqual(['other', 'first', 'second']);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(queue.busy('sim')).toBe(false);
  });

  it('a waiting run that is taken out never starts', async () => {
    const queue = new RunQueue();
    const gate = deferred();
    const abort = new AbortController();
    const first = queue.run('sim', () => gate.promise);
    let started = false;
    const second = queue.run('sim', async () => (started = true), abort.signal);
    abort.abort();
    gate.resolve();
    await first;
    expect(await second).toBeUndefined();
    expect(started).toBe(false);
  });
});

describe('what a run shows', () => {
  const after = (...events: SessionEvent[]): RunView => events.reduce(nextRunView, IDLE_RUN);
  const started: SessionEvent = { kind: 'cell-started', cell: 'go', phase: 'execute' };
  const paused: SessionEvent = {
    kind: 'paused',
    cell: 'go',
    phase: 'execute',
    waypoint: { index: 1, label: 'grasp' },
    variables: {},
  };

  it('follows the session from start over pause to end', () => {
    expect(after(started, paused)).toMatchObject({ tag: 'paused', waypoint: { label: 'grasp' } });
    expect(after(started, paused, { kind: 'resumed' })).toMatchObject({ tag: 'running', cell: 'go' });
    expect(after(started, paused, { kind: 'run-ended', runId: 'x', exitCode: 1 })).toBe(IDLE_RUN);
  });

  it('progress of one phase is gone in the next', () => {
    const view = after(
      started,
      { kind: 'progress', cell: 'go', text: '12 of 420 samples' },
      { kind: 'cell-started', cell: 'next', phase: 'plan' },
    );
    expect(view).toEqual({ tag: 'running', cell: 'next', phase: 'plan' });
  });
});
