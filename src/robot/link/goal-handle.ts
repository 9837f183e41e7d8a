import type { GoalEnd, GoalEvent, GoalState } from './goal-machine.ts';
import { nextGoalState } from './goal-machine.ts';

/** One goal that was sent, as seen from here. Its state may be read at any time; nothing needs to be awaited. */
export class GoalHandle {
  readonly id: string;
  readonly #cancel: () => void;
  readonly #dispose: () => void;
  #state: GoalState = { kind: 'sent' };
  #signs = 0;

  /** `cancel` asks once by the way that the goal was sent on; `dispose` stops listening. */
  constructor(id: string, cancel: () => void, dispose: () => void) {
    this.id = id;
    this.#cancel = cancel;
    this.#dispose = dispose;
  }

  get state(): GoalState {
    return this.#state;
  }

  get end(): GoalEnd | undefined {
    return this.#state.kind === 'settled' ? this.#state.end : undefined;
  }

  get accepted(): boolean {
    return this.#state.kind !== 'sent';
  }

  /** Feedback and status messages so far: a count that stands still means silence. */
  get signsOfLife(): number {
    return this.#signs;
  }

  apply(event: GoalEvent): void {
    this.#signs++;
    const before = this.#state;
    this.#state = nextGoalState(before, event);
    if (before.kind !== 'settled' && this.#state.kind === 'settled') this.#dispose();
  }

  /** Asks for cancelling; whether it works is for the result and the joints to say. May throw as a send does. */
  cancel(): void {
    if (this.#state.kind === 'settled') return;
    this.#cancel();
    this.#state = nextGoalState(this.#state, { kind: 'cancel-sent' });
  }

  /** Stops listening; a goal that is still open counts as lost. */
  abandon(error: unknown): void {
    this.apply({ kind: 'lost', error });
  }
}
