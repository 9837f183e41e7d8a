import { WaybookError } from '../../core/errors.ts';
import type { ByteParts } from '../protocol/byte-parts.ts';
import { encodeJson } from '../protocol/encode-json.ts';
import type { ActionFeedbackOp, ActionResultOp, ClientOp, Compression, ServerOp } from '../protocol/ops.ts';
import { parseServerOp } from '../protocol/parse-ops.ts';
import type { FrameSocket } from '../socket/frame-socket.ts';
import { FragmentAssembler } from './fragments.ts';

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface SubscribeOptions {
  /** the type as the bridge's flavour spells it */
  readonly type?: string;
  readonly compression?: Compression;
  /** least time between messages [ms] */
  readonly throttleMs?: number;
}

/** Hears what the bridge says about one goal, by the id it was sent under. */
export interface GoalListener {
  feedback(op: ActionFeedbackOp): void;
  result(op: ActionResultOp): void;
  lost(error: WaybookError): void;
}

interface PendingCall {
  readonly service: string;
  settle(outcome: { values: unknown } | { error: WaybookError }): void;
}

interface Topic {
  readonly id: string;
  readonly listeners: Set<(msg: unknown) => void>;
}

const DEFAULT_TIMEOUT_MS = 5000;
/** Behind clouds that are being rendered and sent, on a busy machine. */
const ROUND_TRIP_MS = 20_000;
/** Frames in a row without meaning before the peer is taken for something else than a bridge. */
const MALFORMED_IN_A_ROW = 64;
let clients = 0;

/**
 * The client's half of rosbridge v2.0 over one socket. Every request ends: with its answer, a time-out, an abort, or
 * the socket's closing. Nothing is queued or sent twice. Bridges report no errors except failed service calls, so
 * callers confirm every other command by its effect.
 */
export class RosbridgeClient {
  readonly #socket: FrameSocket;
  readonly #prefix: string;
  readonly #onProblem: (error: WaybookError) => void;
  readonly #calls = new Map<string, PendingCall>();
  readonly #topics = new Map<string, Topic>();
  readonly #goals = new Map<string, GoalListener>();
  readonly #closed = new Set<(reason: WaybookError) => void>();
  readonly #fragments = new FragmentAssembler();
  #malformed = 0;
  #counter = 0;

  /**
   * `onProblem` hears of frames that could not be understood; the link goes on. Ids start with `session` and the
   * connection's number: some bridges key their tables by the client's ids alone.
   */
  constructor(socket: FrameSocket, session: string, onProblem: (error: WaybookError) => void) {
    this.#socket = socket;
    this.#prefix = `${session}.${socket.epoch}.${++clients}`;
    this.#onProblem = onProblem;
    socket.listen({
      text: (frame) => this.#receive(frame),
      binary: (frame) => this.#receive(frame),
      closed: (reason) => this.#close(reason),
    });
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** Unanswered calls and goals. */
  get pending(): number {
    return this.#calls.size + this.#goals.size;
  }

  newId(kind: string): string {
    return `${kind}:${this.#prefix}:${++this.#counter}`;
  }

  /** Throws as {@link FrameSocket.send}; NaN and infinities must have been refused before. */
  send(op: ClientOp): void {
    this.#socket.send(encodeJson(op));
  }

  /**
   * The response's `values`. Rejects with `link/fault` where the service says no, `link/timeout`, `link/lost`, or
   * `task/cancelled`.
   */
  call(service: string, args: unknown, options: CallOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) {
        reject(cancelled(service));
        return;
      }
      const id = this.newId('call');
      const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const settle: PendingCall['settle'] = (outcome) => {
        if (!this.#calls.delete(id)) return;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.values);
      };
      const abort = (): void => settle({ error: cancelled(service) });
      const timer = setTimeout(
        () =>
          settle({
            error: new WaybookError('link/timeout', `${service} did not answer within ${timeoutMs} ms.`, {
              hint: 'The bridge is up but the node that offers this service may not be.',
            }),
          }),
        timeoutMs,
      );
      this.#calls.set(id, { service, settle });
      signal?.addEventListener('abort', abort, { once: true });
      try {
        this.send({ op: 'call_service', id, service, args, timeout: timeoutMs / 1000 });
      } catch (error) {
        settle({ error: asWaybookError(error) });
      }
    });
  }

  /**
   * Resolves when the bridge has dealt with everything that was sent on this socket before: subscriptions have
   * taken effect, and what it had sent by then has arrived. Any answer counts, a refusal too.
   */
  async roundTrip(options: CallOptions = {}): Promise<void> {
    try {
      await this.call('/rosapi/get_time', {}, { timeoutMs: ROUND_TRIP_MS, ...options });
    } catch (error) {
      if (!(error instanceof WaybookError) || error.code !== 'link/fault') throw error;
    }
  }

  /** Latest-only delivery is asked of the bridge (`queue_length` 1). Returns the unsubscriber, which is idempotent. */
  subscribe(topic: string, options: SubscribeOptions, listener: (msg: unknown) => void): () => void {
    let entry = this.#topics.get(topic);
    if (!entry) {
      entry = { id: this.newId('subscribe'), listeners: new Set() };
      this.#topics.set(topic, entry);
      this.send({
        op: 'subscribe',
        id: entry.id,
        topic,
        queue_length: 1,
        ...(options.type === undefined ? {} : { type: options.type }),
        ...(options.compression === undefined ? {} : { compression: options.compression }),
        ...(options.throttleMs === undefined ? {} : { throttle_rate: options.throttleMs }),
      });
    }
    const subscribed = entry;
    subscribed.listeners.add(listener);
    return () => {
      if (!subscribed.listeners.delete(listener) || subscribed.listeners.size > 0) return;
      if (this.#topics.get(topic) !== subscribed) return;
      this.#topics.delete(topic);
      if (this.#socket.isOpen) this.send({ op: 'unsubscribe', id: subscribed.id, topic });
    };
  }

  /** The listener hears about `id` until it is removed by the function returned. */
  listenToGoal(id: string, listener: GoalListener): () => void {
    this.#goals.set(id, listener);
    return () => void this.#goals.delete(id);
  }

  /** Called once, at closing, or at once where it is closed already. */
  onClosed(listener: (reason: WaybookError) => void): () => void {
    this.#closed.add(listener);
    return () => void this.#closed.delete(listener);
  }

  close(reason?: WaybookError | string): void {
    this.#socket.close(reason);
  }

  #receive(frame: string | Uint8Array | ByteParts): void {
    try {
      this.#dispatch(parseServerOp(frame));
      this.#malformed = 0;
    } catch (error) {
      this.#onProblem(asWaybookError(error));
      if (++this.#malformed >= MALFORMED_IN_A_ROW) {
        this.#socket.close(
          `The other side does not speak rosbridge: ${MALFORMED_IN_A_ROW} frames in a row made no sense.`,
        );
      }
    }
  }

  #dispatch(op: ServerOp): void {
    switch (op.op) {
      case 'publish': {
        const topic = this.#topics.get(op.topic);
        if (topic) for (const listener of [...topic.listeners]) listener(op.msg);
        return;
      }
      case 'service_response':
        this.#answer(op.id, op.result, op.values);
        return;
      case 'action_feedback':
        this.#goals.get(op.id)?.feedback(op);
        return;
      case 'action_result':
        this.#goals.get(op.id)?.result(op);
        return;
      case 'fragment': {
        const whole = this.#fragments.add(op, performance.now());
        if (whole !== undefined) this.#dispatch(parseServerOp(whole));
        return;
      }
      case 'status':
        if (op.level === 'error') throw new WaybookError('link/protocol', `The bridge reports: ${op.msg}`);
        return;
      case 'png':
        throw new WaybookError('link/protocol', 'The bridge sent a PNG frame, which was not asked for.');
    }
  }

  #answer(id: string | undefined, result: boolean, values: unknown): void {
    const call = id === undefined ? undefined : this.#calls.get(id);
    if (!call) return;
    if (result) {
      call.settle({ values });
      return;
    }
    const reason = typeof values === 'string' ? values : 'no reason given';
    call.settle({ error: new WaybookError('link/fault', `${call.service} failed: ${reason}`) });
  }

  #close(reason: WaybookError): void {
    for (const call of [...this.#calls.values()]) call.settle({ error: reason });
    const goals = [...this.#goals.values()];
    this.#goals.clear();
    for (const goal of goals) goal.lost(reason);
    this.#topics.clear();
    const listeners = [...this.#closed];
    this.#closed.clear();
    for (const listener of listeners) listener(reason);
  }
}

const cancelled = (service: string): WaybookError =>
  new WaybookError('task/cancelled', `The call of ${service} was cancelled.`);

function asWaybookError(error: unknown): WaybookError {
  if (error instanceof WaybookError) return error;
  return new WaybookError('link/protocol', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
