import { fork, type ChildProcess } from 'node:child_process';
import { WaybookError } from '../core/errors.ts';

/** One piece of work for a worker; `id` decides where its result goes. */
export interface Job<T> {
  readonly id: string;
  readonly payload: T;
}

export type JobResult<R> =
  | { readonly id: string; readonly ok: true; readonly value: R }
  | { readonly id: string; readonly ok: false; readonly error: string };

/** What a worker process sends back for each job, in any order. */
interface WorkerReply<R> {
  readonly id: string;
  readonly value?: R;
  readonly error?: string;
}

export interface PoolOptions {
  /** script to fork; it must answer `{id, payload}` messages with `{id, value}` or `{id, error}` */
  readonly script: string;
  readonly args: readonly string[];
  readonly workers: number;
  /** how often a job whose worker died is tried in all */
  readonly attempts?: number;
  /** s; a job that takes longer is taken for hung and its worker is killed */
  readonly timeout?: number;
  readonly signal: AbortSignal;
}

/**
 * Runs jobs on worker processes and yields results as they come. A worker that dies is replaced and its job tried
 * again; a job that always kills its worker is reported as failed and does not stop the rest.
 */
export async function runJobs<T, R>(
  jobs: readonly Job<T>[],
  options: PoolOptions,
  onResult: (result: JobResult<R>) => void,
): Promise<void> {
  const { attempts = 2, timeout = 600, signal } = options;
  const queue = jobs.map((job) => ({ job, tries: 0 }));
  signal.throwIfAborted();

  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    try {
      for (let next = queue.shift(); next && !signal.aborted; next = queue.shift()) {
        worker ??= spawn(options);
        const reply = await ask<T, R>(worker, next.job, timeout, signal);
        if (reply !== 'died') {
          onResult(reply);
          continue;
        }
        worker.kill('SIGKILL');
        worker = undefined;
        if (signal.aborted) return;
        next.tries += 1;
        if (next.tries < attempts) queue.push(next);
        else onResult({ id: next.job.id, ok: false, error: `its process died or hung ${attempts} times` });
      }
    } finally {
      if (worker) retire(worker);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.workers, jobs.length) }, work));
  signal.throwIfAborted();
}

/** Long enough for a worker to end its simulator [ms]. */
const RETIREMENT_MS = 10_000;

function spawn({ script, args }: PoolOptions): ChildProcess {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', WAYBOOK_NO_BUILD: '1' };
  const child = fork(script, [...args], {
    execArgv: [],
    serialization: 'advanced',
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // A failure to start is seen as a death by whoever asks it next.
  child.on('error', () => undefined);
  return child;
}

/** A worker leaves when its channel closes; one that does not is killed, so that nothing outlives the pool. */
function retire(worker: ChildProcess): void {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const kill = setTimeout(() => worker.kill('SIGKILL'), RETIREMENT_MS);
  worker.once('exit', () => clearTimeout(kill));
  if (worker.connected) worker.disconnect();
  else worker.kill('SIGKILL');
}

/** Resolves with the answer, or with `died` when the worker ended, hung, or the signal fired. */
function ask<T, R>(
  worker: ChildProcess,
  job: Job<T>,
  timeout: number,
  signal: AbortSignal,
): Promise<JobResult<R> | 'died'> {
  return new Promise((resolve) => {
    const settle = (result: JobResult<R> | 'died'): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onDeath);
      signal.removeEventListener('abort', onDeath);
      resolve(result);
    };
    const onMessage = (message: unknown): void => {
      const reply = parseReply<R>(message);
      if (reply.id !== job.id) return;
      settle(
        reply.error === undefined
          ? { id: job.id, ok: true, value: reply.value as R }
          : { id: job.id, ok: false, error: reply.error },
      );
    };
    const onDeath = (): void => settle('died');
    const timer = setTimeout(onDeath, timeout * 1000);
    worker.on('message', onMessage);
    worker.on('exit', onDeath);
    signal.addEventListener('abort', onDeath);
    if (worker.exitCode !== null || signal.aborted || !worker.connected) onDeath();
    else worker.send(job, (error) => (error ? onDeath() : undefined));
  });
}

function parseReply<R>(message: unknown): WorkerReply<R> {
  if (typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'string') {
    return message as WorkerReply<R>;
  }
  throw new WaybookError('internal/bug', 'A worker process sent a message without an id.');
}
