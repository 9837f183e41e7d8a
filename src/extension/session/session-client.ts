import type {
  RunRequest,
  SessionCommand,
  SessionConfiguration,
  SessionEvent,
  SessionFailure,
  SessionMessage,
  SessionReply,
} from '../../notebook/session/session-api.ts';
import { WaybookError } from '../../core/errors.ts';
import type { SessionTransport, TransportEvents } from './session-process.ts';

export type RunEnd = Omit<Extract<SessionEvent, { kind: 'run-ended' }>, 'kind' | 'runId'>;
export type LogLevel = Extract<SessionMessage, { type: 'log' }>['level'];
export type ModelRequest = Extract<SessionMessage, { type: 'model-request' }>;

export interface SessionClientOptions {
  readonly name: string;
  readonly connect: (events: TransportEvents) => SessionTransport;
  readonly configuration: () => Promise<SessionConfiguration>;
  readonly onEvent: (event: SessionEvent) => void;
  readonly onLog: (level: LogLevel, text: string) => void;
  readonly answerModel: (request: ModelRequest) => Promise<string>;
  /** the process ended and nobody asked it to */
  readonly onLost: (reason: string, duringRun: boolean) => void;
}

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

type ReplyKind = SessionReply['kind'];

/** Which answer a command waits for. */
const REPLY_OF: Partial<Record<SessionCommand['kind'], ReplyKind>> = {
  'stop-motion': 'stopped',
  'reset-scene': 'scene-reset',
  'live-scene': 'live-scene',
  'compare-records': 'records-compared',
  arm: 'armed',
};

const REPLY_TIMEOUT_MS = 30_000;

/**
 * One session in a process of its own, started on first use and again after it died. Runs are one at a time;
 * whatever happens to the process, every promise given out settles.
 */
export class SessionClient {
  private transport: SessionTransport | undefined;
  private starting: Promise<SessionTransport> | undefined;
  private run_: { readonly runId: string; readonly waiter: Waiter<RunEnd>; moving: boolean } | undefined;
  private readonly replies: { kind: ReplyKind; waiter: Waiter<SessionReply>; timer: NodeJS.Timeout }[] = [];
  private disposed = false;

  constructor(private readonly options: SessionClientOptions) {}

  get running(): boolean {
    return this.run_ !== undefined;
  }

  get alive(): boolean {
    return this.transport !== undefined;
  }

  get pid(): number | undefined {
    return this.transport?.pid;
  }

  /** Runs to the end. Rejects with `link/lost` when the process dies, and never otherwise. */
  async run(request: RunRequest): Promise<RunEnd> {
    if (this.run_) throw new WaybookError('input/usage', `${this.options.name} is busy with another run.`);
    const ended = new Promise<RunEnd>((resolve, reject) => {
      this.run_ = { runId: request.runId, waiter: { resolve, reject }, moving: false };
    });
    try {
      const transport = await this.connected();
      transport.send({ kind: 'configure', configuration: await this.options.configuration() });
      transport.send({ kind: 'run', request });
    } catch (error) {
      this.run_ = undefined;
      throw error;
    }
    return ended;
  }

  /** For commands without an answer; those about a run mean nothing when the process is not there. */
  tell(command: SessionCommand): void {
    this.transport?.send(command);
  }

  /** For commands with an answer. Starts the process when it is not there, except to stop motion. */
  async ask<K extends ReplyKind>(
    command: SessionCommand,
    kind: K,
  ): Promise<Extract<SessionReply, { kind: K }>> {
    const transport = await this.connected();
    if (command.kind !== 'stop-motion') {
      transport.send({ kind: 'configure', configuration: await this.options.configuration() });
    }
    const reply = new Promise<SessionReply>((resolve, reject) => {
      const timer = setTimeout(() => {
        const index = this.replies.findIndex((r) => r.timer === timer);
        if (index >= 0) this.replies.splice(index, 1);
        reject(
          new WaybookError(
            'link/timeout',
            `${this.options.name} did not answer within ${REPLY_TIMEOUT_MS / 1000} s.`,
          ),
        );
      }, REPLY_TIMEOUT_MS);
      this.replies.push({ kind, waiter: { resolve, reject }, timer });
    });
    transport.send(command);
    return (await reply) as Extract<SessionReply, { kind: K }>;
  }

  /** Ends the process; the next use starts a new one. */
  restart(): void {
    this.transport?.dispose();
    this.lost('restarted', false);
  }

  dispose(): void {
    this.disposed = true;
    this.restart();
  }

  private connected(): Promise<SessionTransport> {
    if (this.disposed)
      return Promise.reject(new WaybookError('link/lost', `${this.options.name} was closed.`));
    if (this.transport) return Promise.resolve(this.transport);
    this.starting ??= this.start().finally(() => (this.starting = undefined));
    return this.starting;
  }

  private start(): Promise<SessionTransport> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        transport.dispose();
        reject(
          new WaybookError(
            'link/timeout',
            `${this.options.name} did not start within ${REPLY_TIMEOUT_MS / 1000} s.`,
            { hint: 'See the log of Waybook.' },
          ),
        );
      }, REPLY_TIMEOUT_MS);
      const transport: SessionTransport = this.options.connect({
        onMessage: (message) => {
          if (message.type === 'ready') {
            clearTimeout(timer);
            this.transport = transport;
            this.options.onLog(
              'info',
              `${this.options.name}: session ${message.version} is ready (process ${transport.pid ?? '?'}).`,
            );
            resolve(transport);
          } else this.receive(message);
        },
        onOutput: (text) => this.options.onLog('info', text.trimEnd()),
        onExit: (reason) => {
          clearTimeout(timer);
          reject(
            new WaybookError('link/lost', `${this.options.name} could not start: ${reason}.`, {
              hint: 'See the log of Waybook.',
            }),
          );
          // A process that a restart replaced says nothing about its successor.
          if (this.transport === transport) this.lost(reason, true);
        },
      });
    });
  }

  private receive(message: Exclude<SessionMessage, { type: 'ready' }>): void {
    switch (message.type) {
      case 'event':
        this.receiveEvent(message.event);
        return;
      case 'reply': {
        const index = this.replies.findIndex((r) => r.kind === message.reply.kind);
        const [found] = index < 0 ? [] : this.replies.splice(index, 1);
        if (!found) return;
        clearTimeout(found.timer);
        found.waiter.resolve(message.reply);
        return;
      }
      case 'model-request':
        void this.answerModel(message);
        return;
      case 'failed':
        this.options.onLog('error', `${message.command}: ${message.message}`);
        this.refuse(message.command, message.message);
        return;
      case 'log':
        this.options.onLog(message.level, message.text);
        return;
    }
  }

  private receiveEvent(event: SessionEvent): void {
    const run = this.run_;
    if (run && event.kind === 'cell-started') run.moving = event.phase === 'execute';
    // Listeners see the last event of a run before whoever awaits the run does.
    this.options.onEvent(event);
    if (run && event.kind === 'run-ended' && event.runId === run.runId) {
      this.run_ = undefined;
      run.waiter.resolve({ exitCode: event.exitCode, verdict: event.verdict, failure: event.failure });
    }
  }

  private async answerModel(request: ModelRequest): Promise<void> {
    try {
      this.tell({ kind: 'model-reply', id: request.id, text: await this.options.answerModel(request) });
    } catch (error) {
      this.tell({
        kind: 'model-reply',
        id: request.id,
        failure: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Settles whoever waits for the answer of a command that failed. */
  private refuse(command: SessionCommand['kind'], why: string): void {
    const kind = REPLY_OF[command];
    const index = this.replies.findIndex((reply) => reply.kind === kind);
    const [found] = index < 0 ? [] : this.replies.splice(index, 1);
    if (found) {
      clearTimeout(found.timer);
      found.waiter.reject(new WaybookError('link/fault', why));
    }
    if (command === 'run' && this.run_) {
      const { waiter } = this.run_;
      this.run_ = undefined;
      waiter.reject(new WaybookError('internal/bug', why, { hint: 'See the log of Waybook.' }));
    }
  }

  private lost(reason: string, unexpected: boolean): void {
    this.transport = undefined;
    const run = this.run_;
    this.run_ = undefined;
    const failure = lostFailure(this.options.name, reason, run?.moving ?? false);
    for (const { waiter, timer } of this.replies.splice(0)) {
      clearTimeout(timer);
      waiter.reject(new WaybookError(failure.code, failure.message, failure.details));
    }
    run?.waiter.reject(new WaybookError(failure.code, failure.message, failure.details));
    if (unexpected) this.options.onLost(reason, run !== undefined);
  }
}

/** What to say when a session's process is gone: honest about what may still move. */
export function lostFailure(name: string, reason: string, moving: boolean): SessionFailure {
  return {
    code: 'link/lost',
    message: `The process that drives ${name} ended (${reason}).${moving ? ' It was moving: a real robot may still be moving; a simulator stops by itself.' : ''}`,
    details: { hint: 'Run the cell again: a new process starts by itself.' },
  };
}
