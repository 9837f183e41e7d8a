import { WaybookError } from '../../core/errors.ts';
import type { LmPort } from '../../planning/vlm/model-port.ts';
import type { SessionCommand, SessionMessage } from './session-api.ts';

/** A model may think this long before the plan fails [ms]. */
const REPLY_MS = 120_000;

/**
 * The editor's language models as the session process reaches them: a question goes out as a message, and its answer
 * comes back with the same id. What waits fails when nothing answers in time.
 */
export class HostModel implements LmPort {
  readonly model = 'chosen in the editor';
  readonly #send: (message: SessionMessage) => void;
  readonly #waiting = new Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>();
  #next = 1;

  constructor(send: (message: SessionMessage) => void) {
    this.#send = send;
  }

  send(
    prompt: string,
    images: readonly { readonly mime: string; readonly bytes: Uint8Array }[],
    signal: AbortSignal,
  ): Promise<string> {
    signal.throwIfAborted();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.#waiting.delete(id);
        act();
      };
      const fail = (error: Error): void => settle(() => reject(error));
      const abort = (): void => fail(new WaybookError('task/cancelled', 'Asking the model was cancelled.'));
      const timer = setTimeout(
        () =>
          fail(
            new WaybookError(
              'link/timeout',
              `The editor’s model did not answer within ${REPLY_MS / 1000} s.`,
            ),
          ),
        REPLY_MS,
      );
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.set(id, { resolve: (text) => settle(() => resolve(text)), reject: fail });
      this.#send({ type: 'model-request', id, prompt, images });
    });
  }

  /** An answer that nobody waits for any more is dropped. */
  answer(reply: Extract<SessionCommand, { kind: 'model-reply' }>): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.text !== undefined) waiting?.resolve(reply.text);
    else
      waiting?.reject(
        new WaybookError('input/planner', reply.failure ?? 'The editor’s model gave no answer.'),
      );
  }
}
