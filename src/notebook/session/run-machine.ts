import type { Breakpoint, SessionFailure } from './session-api.ts';

/*
 * The order of a run as a pure state machine: which cell is next, when to pause, what a failure means for the rest.
 * It knows no robot and no VS Code; the session performs its effects and feeds back what happened.
 *
 *   idle -> (preparing) -> running <-> paused -> ended
 */

/** A place at which a run can pause: before a cell, or before the approach to a waypoint inside one. */
export interface RunPoint {
  readonly cell: string;
  readonly waypoint?: { readonly index: number; readonly label: string };
}

interface Progress {
  readonly queue: readonly string[];
  readonly breakpoints: readonly Breakpoint[];
  /** `step`: pause at the next point; `run`: only at breakpoints */
  readonly mode: 'run' | 'step';
}

export type RunState =
  | { readonly tag: 'idle' }
  | ({ readonly tag: 'preparing' } & Progress)
  | ({ readonly tag: 'running'; readonly cell: string } & Progress)
  | ({
      readonly tag: 'paused';
      readonly at: RunPoint;
      /** a cell is under way and its robot clock is held; false: paused between cells */
      readonly inside: boolean;
    } & Progress)
  | { readonly tag: 'ended'; readonly outcome: RunOutcome };

export type RunOutcome = 'succeeded' | 'failed' | 'cancelled';

export type RunInput =
  | {
      readonly kind: 'start';
      readonly cells: readonly string[];
      readonly resetFirst: boolean;
      readonly stepping: boolean;
      readonly breakpoints: readonly Breakpoint[];
    }
  | { readonly kind: 'prepared' }
  /** `then` is a waypoints cell that planning has just created or rewritten: it runs next */
  | { readonly kind: 'cell-succeeded'; readonly cell: string; readonly then?: string }
  | { readonly kind: 'cell-failed'; readonly cell: string; readonly failure: SessionFailure }
  | { readonly kind: 'approaching'; readonly point: RunPoint }
  | { readonly kind: 'pause' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'step' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'set-breakpoints'; readonly breakpoints: readonly Breakpoint[] };

export type RunEffect =
  | { readonly kind: 'reset-scene' }
  | { readonly kind: 'run-cell'; readonly cell: string }
  /** stop the robot's time where it is, or bring a real robot to rest */
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' }
  | { readonly kind: 'abort-cell' }
  | { readonly kind: 'paused'; readonly at: RunPoint }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'skip'; readonly cells: readonly string[] }
  | { readonly kind: 'end'; readonly outcome: RunOutcome };

export interface Transition {
  readonly state: RunState;
  readonly effects: readonly RunEffect[];
}

export const IDLE: RunState = { tag: 'idle' };

/** One step of the machine. An input that makes no sense in a state changes nothing. */
export function advanceRun(state: RunState, input: RunInput): Transition {
  switch (state.tag) {
    case 'idle':
    case 'ended':
      return input.kind === 'start' ? start(input) : stay(state);
    case 'preparing':
      return whilePreparing(state, input);
    case 'running':
      return whileRunning(state, input);
    case 'paused':
      return whilePaused(state, input);
  }
}

const stay = (state: RunState): Transition => ({ state, effects: [] });

function start(input: Extract<RunInput, { kind: 'start' }>): Transition {
  const progress: Progress = {
    queue: input.cells,
    breakpoints: input.breakpoints,
    mode: input.stepping ? 'step' : 'run',
  };
  if (input.resetFirst)
    return { state: { tag: 'preparing', ...progress }, effects: [{ kind: 'reset-scene' }] };
  return next(progress);
}

function whilePreparing(state: Extract<RunState, { tag: 'preparing' }>, input: RunInput): Transition {
  switch (input.kind) {
    case 'prepared':
      return next(progressOf(state));
    case 'cell-failed':
      return finish(state.queue, 'failed');
    case 'cancel':
      return finish(state.queue, 'cancelled');
    case 'pause':
      return stay({ ...state, mode: 'step' });
    case 'set-breakpoints':
      return stay({ ...state, breakpoints: input.breakpoints });
    case 'start':
    case 'cell-succeeded':
    case 'approaching':
    case 'continue':
    case 'step':
      return stay(state);
  }
}

function whileRunning(state: Extract<RunState, { tag: 'running' }>, input: RunInput): Transition {
  switch (input.kind) {
    case 'cell-succeeded': {
      if (input.cell !== state.cell) return stay(state);
      const queue =
        input.then === undefined ? state.queue : [input.then, ...state.queue.filter((c) => c !== input.then)];
      return next({ ...progressOf(state), queue });
    }
    case 'cell-failed':
      return input.cell === state.cell ? finish(state.queue, 'failed') : stay(state);
    case 'approaching':
      if (!pausesAt(progressOf(state), input.point)) return stay(state);
      return {
        state: { tag: 'paused', at: input.point, inside: true, ...progressOf(state) },
        effects: [{ kind: 'hold' }, { kind: 'paused', at: input.point }],
      };
    case 'pause': {
      const at: RunPoint = { cell: state.cell };
      return {
        state: { tag: 'paused', at, inside: true, ...progressOf(state) },
        effects: [{ kind: 'hold' }, { kind: 'paused', at }],
      };
    }
    case 'cancel':
      return finish(state.queue, 'cancelled', [{ kind: 'abort-cell' }]);
    case 'set-breakpoints':
      return stay({ ...state, breakpoints: input.breakpoints });
    case 'start':
    case 'prepared':
    case 'continue':
    case 'step':
      return stay(state);
  }
}

function whilePaused(state: Extract<RunState, { tag: 'paused' }>, input: RunInput): Transition {
  switch (input.kind) {
    case 'continue':
    case 'step': {
      const progress: Progress = { ...progressOf(state), mode: input.kind === 'step' ? 'step' : 'run' };
      const effects: RunEffect[] = [{ kind: 'resumed' }];
      if (state.inside) {
        effects.push({ kind: 'release' });
        return { state: { tag: 'running', cell: state.at.cell, ...progress }, effects };
      }
      effects.push({ kind: 'run-cell', cell: state.at.cell });
      return { state: { tag: 'running', cell: state.at.cell, ...progress }, effects };
    }
    case 'cell-succeeded':
      // A phase that cannot be held (planning, refining) may end while paused: stay paused, before the next cell.
      if (!state.inside || input.cell !== state.at.cell) return stay(state);
      return pauseBeforeNext({
        ...progressOf(state),
        queue:
          input.then === undefined
            ? state.queue
            : [input.then, ...state.queue.filter((c) => c !== input.then)],
      });
    case 'cell-failed':
      if (!state.inside || input.cell !== state.at.cell) return stay(state);
      return finish(state.queue, 'failed', [{ kind: 'release' }, { kind: 'resumed' }]);
    case 'cancel': {
      const effects: RunEffect[] = [{ kind: 'resumed' }];
      if (state.inside) effects.unshift({ kind: 'abort-cell' }, { kind: 'release' });
      return finish(state.inside ? state.queue : [state.at.cell, ...state.queue], 'cancelled', effects);
    }
    case 'set-breakpoints':
      return stay({ ...state, breakpoints: input.breakpoints });
    case 'start':
    case 'prepared':
    case 'approaching':
    case 'pause':
      return stay(state);
  }
}

function next(progress: Progress): Transition {
  const [cell, ...queue] = progress.queue;
  if (cell === undefined) return finish([], 'succeeded');
  const rest: Progress = { ...progress, queue };
  if (pausesAt(progress, { cell })) {
    return {
      state: { tag: 'paused', at: { cell }, inside: false, ...rest },
      effects: [{ kind: 'paused', at: { cell } }],
    };
  }
  return { state: { tag: 'running', cell, ...rest }, effects: [{ kind: 'run-cell', cell }] };
}

function pauseBeforeNext(progress: Progress): Transition {
  const [cell, ...queue] = progress.queue;
  if (cell === undefined) return finish([], 'succeeded', [{ kind: 'release' }, { kind: 'resumed' }]);
  const at: RunPoint = { cell };
  return {
    state: { tag: 'paused', at, inside: false, ...progress, queue },
    effects: [{ kind: 'release' }, { kind: 'paused', at }],
  };
}

function finish(left: readonly string[], outcome: RunOutcome, before: readonly RunEffect[] = []): Transition {
  const effects: RunEffect[] = [...before];
  if (left.length > 0) effects.push({ kind: 'skip', cells: left });
  effects.push({ kind: 'end', outcome });
  return { state: { tag: 'ended', outcome }, effects };
}

const progressOf = ({ queue, breakpoints, mode }: Progress): Progress => ({ queue, breakpoints, mode });

function pausesAt(progress: Progress, point: RunPoint): boolean {
  if (progress.mode === 'step') return true;
  return progress.breakpoints.some(
    (b) => b.cell === point.cell && (b.waypoint ?? undefined) === (point.waypoint?.label ?? undefined),
  );
}
