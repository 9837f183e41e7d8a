import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RobotState } from '../../core/robot-state.ts';
import type { RobotLink } from '../../robot/robot-link.ts';
import { freshState } from './fresh-state.ts';

const state = (stamp: number): RobotState => ({ stamp }) as RobotState;

/** A link whose clock reads `now` and whose states the test sends; nothing else of it is used. */
function fake() {
  const listeners = new Set<(state: RobotState) => void>();
  const link = {
    clock: { lockStep: false, now: () => link.now },
    onState(listener: (state: RobotState) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    now: 100,
  };
  const send = (stamp: number): void => [...listeners].forEach((listener) => listener(state(stamp)));
  return { link: link as unknown as RobotLink & { now: number }, send, listeners };
}

describe('freshState', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('passes over states that piled up, and takes the first that is young when it arrives', async () => {
    const { link, send, listeners } = fake();
    const waiting = freshState(link, new AbortController().signal);
    for (const stamp of [99.2, 99.5, 99.8]) send(stamp);
    link.now = 100.3;
    send(100.25);
    expect((await waiting).stamp).toBe(100.25);
    expect(listeners.size).toBe(0);
  });

  it('takes the newest where all come late, for whoever checks its age', async () => {
    const { link, send } = fake();
    const waiting = freshState(link, new AbortController().signal);
    send(99.6);
    send(99.7);
    await vi.advanceTimersByTimeAsync(2000);
    expect((await waiting).stamp).toBe(99.7);
  });

  it('fails where none comes, and ends with its signal', async () => {
    const { link, listeners } = fake();
    const silent = expect(freshState(link, new AbortController().signal)).rejects.toThrow(/no joint state/);
    await vi.advanceTimersByTimeAsync(2000);
    await silent;
    const abort = new AbortController();
    const cancelled = expect(freshState(link, abort.signal)).rejects.toThrow(/cancelled/);
    abort.abort();
    await cancelled;
    expect(listeners.size).toBe(0);
  });
});
