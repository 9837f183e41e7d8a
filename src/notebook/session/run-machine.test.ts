import { describe, expect, it } from 'vitest';
import { advanceRun, IDLE, type RunEffect, type RunInput, type RunState } from './run-machine.ts';

/** Feeds inputs and returns every effect, in order, with the final state. */
function play(inputs: readonly RunInput[], from: RunState = IDLE): { state: RunState; effects: RunEffect[] } {
  let state = from;
  const effects: RunEffect[] = [];
  for (const input of inputs) {
    const transition = advanceRun(state, input);
    state = transition.state;
    effects.push(...transition.effects);
  }
  return { state, effects };
}

const start = (cells: string[], more: Partial<Extract<RunInput, { kind: 'start' }>> = {}): RunInput => ({
  kind: 'start',
  cells,
  resetFirst: false,
  stepping: false,
  breakpoints: [],
  ...more,
});
const failure = { code: 'task/failed' as const, message: 'no', details: {} };
const kinds = (effects: readonly RunEffect[]) =>
  effects.map((e) => (e.kind === 'run-cell' ? `run ${e.cell}` : e.kind));

describe('run machine', () => {
  it('runs cells one after another and ends', () => {
    const { state, effects } = play([
      start(['a', 'b']),
      { kind: 'cell-succeeded', cell: 'a' },
      { kind: 'cell-succeeded', cell: 'b' },
    ]);
    expect(kinds(effects)).toEqual(['run a', 'run b', 'end']);
    expect(state).toEqual({ tag: 'ended', outcome: 'succeeded' });
  });

  it('resets the scene before the first cell when asked to', () => {
    const { effects } = play([start(['a'], { resetFirst: true }), { kind: 'prepared' }]);
    expect(kinds(effects)).toEqual(['reset-scene', 'run a']);
  });

  it('runs the waypoints cell that planning wrote next, once', () => {
    const { effects } = play([
      start(['plan', 'go', 'grasp']),
      { kind: 'cell-succeeded', cell: 'plan', then: 'grasp' },
      { kind: 'cell-succeeded', cell: 'grasp' },
      { kind: 'cell-succeeded', cell: 'go' },
    ]);
    expect(kinds(effects)).toEqual(['run plan', 'run grasp', 'run go', 'end']);
  });

  it('stops at the first failure and skips the rest', () => {
    const { effects, state } = play([start(['a', 'b', 'c']), { kind: 'cell-failed', cell: 'a', failure }]);
    expect(effects.slice(1)).toEqual([
      { kind: 'skip', cells: ['b', 'c'] },
      { kind: 'end', outcome: 'failed' },
    ]);
    expect(state).toEqual({ tag: 'ended', outcome: 'failed' });
  });

  it('ignores a late report of a cell that is not the current one', () => {
    const running = play([start(['a', 'b']), { kind: 'cell-succeeded', cell: 'a' }]).state;
    expect(advanceRun(running, { kind: 'cell-failed', cell: 'a', failure })).toEqual({
      state: running,
      effects: [],
    });
  });

  it('steps: pauses before every cell and before every waypoint', () => {
    const waypoint = { index: 0, label: 'above' };
    const { effects } = play([
      start(['a', 'go'], { stepping: true }),
      { kind: 'step' },
      { kind: 'cell-succeeded', cell: 'a' },
      { kind: 'step' },
      { kind: 'approaching', point: { cell: 'go', waypoint } },
      { kind: 'step' },
    ]);
    expect(kinds(effects)).toEqual([
      'paused',
      'resumed',
      'run a',
      'paused',
      'resumed',
      'run go',
      'hold',
      'paused',
      'resumed',
      'release',
    ]);
  });

  it('pauses only at its breakpoints when it runs freely', () => {
    const breakpoints = [{ cell: 'go', waypoint: 'grasp' }];
    const { effects } = play([
      start(['go'], { breakpoints }),
      { kind: 'approaching', point: { cell: 'go', waypoint: { index: 0, label: 'above' } } },
      { kind: 'approaching', point: { cell: 'go', waypoint: { index: 1, label: 'grasp' } } },
      { kind: 'continue' },
    ]);
    expect(kinds(effects)).toEqual(['run go', 'hold', 'paused', 'resumed', 'release']);
  });

  it('cancels a running cell, and releases a held one so that its abort can be seen', () => {
    expect(kinds(play([start(['a', 'b']), { kind: 'cancel' }]).effects)).toEqual([
      'run a',
      'abort-cell',
      'skip',
      'end',
    ]);
    expect(kinds(play([start(['a']), { kind: 'pause' }, { kind: 'cancel' }]).effects)).toEqual([
      'run a',
      'hold',
      'paused',
      'abort-cell',
      'release',
      'resumed',
      'end',
    ]);
  });

  it('stays paused before the next cell when a cell ends while paused', () => {
    const { state, effects } = play([
      start(['a', 'b']),
      { kind: 'pause' },
      { kind: 'cell-succeeded', cell: 'a' },
    ]);
    expect(state).toMatchObject({ tag: 'paused', at: { cell: 'b' }, inside: false });
    expect(kinds(effects)).toEqual(['run a', 'hold', 'paused', 'release', 'paused']);
  });

  it('accepts a new start after the end', () => {
    const ended = play([start([])]).state;
    expect(ended).toEqual({ tag: 'ended', outcome: 'succeeded' });
    expect(kinds(advanceRun(ended, start(['a'])).effects)).toEqual(['run a']);
  });
});
