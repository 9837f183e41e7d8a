import { fork, type ChildProcess } from 'node:child_process';
import { WaybookError } from '../core/errors.ts';

/** One piece of work for a worker; `id` decides where its result goes. */
export interface Job<T> {
  readonly id: string;
  readonly payload: T;
}

export type JobResult<R> =
  | { readonly id: string; readonly ok: true; readonly value: R; readonly attempts: number }
  | { readonly id: string; readonly ok: false; readonly error: string; readonly attempts: number };

/** What a worker process sends back for each job, in any order. */
interface WorkerReply<R> {
  readonly id: string;
  readonly value?: R;
  readonly error?: string;
  /** the fault is the worker's, not the job's: another worker tries it again */
  readonly again?: boolean;
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
  /** told of every worker that was lost, with its process id */
  readonly onLost?: (pid: number | undefined, why: string) => void;
}

/** Workers that never answered anything, one after the other: it is not their jobs that end them. */
const STILLBORN = 3;

/**
 * Runs jobs on worker processes and yields results as they come. Jobs are taken one by one, so that there may be many.
 * A worker that dies is replaced and its job tried again; a job that always kills its worker is reported as failed and
 * does not stop the rest. Throws `link/connect` where no worker starts at all.
 */
export async function runJobs<T, R>(
  jobs: Iterable<Job<T>>,
  options: PoolOptions,
  onResult: (result: JobResult<R>) => void,
): Promise<void> {
  const { attempts = 2, timeout = 600, signal } = options;
  signal.throwIfAborted();
  const fresh = jobs[Symbol.iterator]();
  const again: { readonly job: Job<T>; tries: number }[] = [];
  let waiting: (() => void)[] = [];
  let working = 0;
  const take = async (): Promise<{ readonly job: Job<T>; tries: number } | undefined> => {
    for (;;) {
      if (signal.aborted || broken) return undefined;
      const next = fresh.next();
      if (next.done !== true) return { job: next.value, tries: 0 };
      const retry = again.shift();
      if (retry) return retry;
      if (working === 0) return undefined;
      // Another worker may yet fail, and its job then wants somebody.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const wake = (): void => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  let broken: WaybookError | undefined;
  let answered = false;
  let stillborn = 0;

  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    try {
      for (let next = await take(); next; next = await take()) {
        working += 1;
        worker ??= spawn(options);
        const reply = await ask<T, R>(worker, next.job, timeout, signal);
        working -= 1;
        next.tries += 1;
        if (reply.kind === 'answer') {
          answered = true;
          onResult({ ...reply.result, attempts: next.tries });
        } else if (!signal.aborted) {
          if (reply.kind === 'died') {
            options.onLost?.(worker.pid, reply.why);
            worker.kill('SIGKILL');
            worker = undefined;
            stillborn += 1;
            if (!answered && reply.why === EXITED_WITH_BAD_INPUT && stillborn >= STILLBORN) {
              broken = new WaybookError('link/connect', 'The worker processes end as soon as they start.', {
                hint: 'Their own message stands above.',
              });
            }
          } else answered = true;
          const why = reply.kind === 'died' ? 'its process died or hung' : reply.why;
          if (next.tries < attempts) again.push(next);
          else
            onResult({
              id: next.job.id,
              ok: false,
              error: reply.kind === 'died' ? `${why} ${attempts} times` : why,
              attempts: next.tries,
            });
        }
        wake();
      }
    } finally {
      if (worker) retire(worker);
      wake();
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  signal.throwIfAborted();
  if (broken) throw broken;
}

/** A worker that leaves with 2 refused to work at all. */
const EXITED_WITH_BAD_INPUT = 'exit 2';

type Answer<R> =
  | { readonly kind: 'answer'; readonly result: Omitted<JobResult<R>> }
  | { readonly kind: 'again'; readonly why: string }
  | { readonly kind: 'died'; readonly why: string };
type Omitted<T> = T extends unknown ? Omit<T, 'attempts'> : never;

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
): Promise<Answer<R>> {
  return new Promise((resolve) => {
    const settle = (answer: Answer<R>): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      resolve(answer);
    };
    const onMessage = (message: unknown): void => {
      const reply = parseReply<R>(message);
      if (reply.id !== job.id) return;
      if (reply.error === undefined)
        settle({ kind: 'answer', result: { id: job.id, ok: true, value: reply.value as R } });
      else if (reply.again === true) settle({ kind: 'again', why: reply.error });
      else settle({ kind: 'answer', result: { id: job.id, ok: false, error: reply.error } });
    };
    const onExit = (code: number | null, by: NodeJS.Signals | null): void =>
      settle({ kind: 'died', why: by ?? `exit ${code ?? ''}` });
    const onAbort = (): void => settle({ kind: 'died', why: 'stopped' });
    const timer = setTimeout(() => settle({ kind: 'died', why: 'no answer in time' }), timeout * 1000);
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    signal.addEventListener('abort', onAbort);
    if (worker.exitCode !== null) onExit(worker.exitCode, worker.signalCode);
    else if (signal.aborted) onAbort();
    // A channel that is closed belongs to a process that is about to exit; its end says how.
    else if (worker.connected) worker.send(job, () => undefined);
  });
}

function parseReply<R>(message: unknown): WorkerReply<R> {
  if (typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'string') {
    return message as WorkerReply<R>;
  }
  throw new WaybookError('internal/bug', 'A worker process sent a message without an id.');
}
