import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import type { ExpertInputs, ExpertOutputs } from './contract.ts';
import type { ExpertReply, ExpertRequest } from './messages.ts';
import type { Backend } from './onnx-runtime.ts';

export interface ExpertClientOptions {
  /** path of the ONNX file */
  readonly model: string;
  /** refuse any other content */
  readonly sha256?: string;
  /** `dist/expert.mjs`, elsewhere than beside the running bundle: in tests, which run from source */
  readonly bundle?: string;
  /** insist on a runtime; absent: native, or WebAssembly where there is none */
  readonly backend?: Backend;
}

const LOAD_MS = 30_000;
const RUN_MS = 5_000;
const KILL_AFTER_MS = 1_000;

type Body<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/**
 * The action expert in a child process. Every question has a time-out; when the process dies, whatever waits is told why
 * and further questions fail. Must be disposed by whoever started it.
 */
export class ExpertClient implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<
    number,
    { settle: (reply: ExpertReply) => void; fail: (error: Error) => void }
  >();
  #nextId = 1;
  #ended: WaybookError | undefined;
  #sha256 = '';
  #backend: Backend = 'native';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: ExpertReply) => {
      this.#waiting.get(reply.id)?.settle(reply);
      this.#waiting.delete(reply.id);
    });
    child.on('error', (cause) => this.#end(failure(`could not start (${cause.message})`)));
    child.on('exit', (code, signal) =>
      this.#end(failure(`stopped (${signal ?? `exit code ${code ?? 'unknown'}`})`)),
    );
  }

  /** Starts the process and loads the model. Throws `input/refiner` where the model is not what it should be. */
  static async start(options: ExpertClientOptions, signal: AbortSignal): Promise<ExpertClient> {
    signal.throwIfAborted();
    if (!existsSync(options.model)) {
      throw new WaybookError('input/file', 'The action expert’s model file does not exist.', {
        hint: 'Name an ONNX file, or refine with "spline" or "snap".',
      });
    }
    const client = new ExpertClient(forkExpert(options.bundle));
    try {
      const { model: path, sha256, backend } = options;
      const wanted = { ...(sha256 ? { sha256 } : {}), ...(backend ? { backend } : {}) };
      const reply = await client.#ask({ kind: 'load', path, ...wanted }, LOAD_MS, signal);
      if (reply.kind !== 'loaded') throw unexpected(reply);
      client.#sha256 = reply.sha256;
      client.#backend = reply.backend;
      return client;
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** whether it can still be asked */
  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** SHA-256 of the model file */
  get sha256(): string {
    return this.#sha256;
  }

  /** the runtime that loaded it */
  get backend(): Backend {
    return this.#backend;
  }

  /** One pass of the network; `ms` is the bare network's time. */
  async run(inputs: ExpertInputs, signal: AbortSignal): Promise<{ outputs: ExpertOutputs; ms: number }> {
    const reply = await this.#ask({ kind: 'run', inputs }, RUN_MS, signal);
    if (reply.kind !== 'ran') throw unexpected(reply);
    return { outputs: reply.outputs, ms: reply.ms };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      if (child.connected) child.disconnect();
      else child.kill('SIGKILL');
    });
  }

  #ask(body: Body<ExpertRequest>, timeout: number, signal: AbortSignal): Promise<ExpertReply> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise<ExpertReply>((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        if (this.#waiting.size <= 1) this.#holdParent(false);
        signal.removeEventListener('abort', abort);
        this.#waiting.delete(id);
      };
      const fail = (error: Error): void => {
        finish();
        reject(error);
      };
      const timer = setTimeout(() => fail(failure(`gave no answer within ${timeout / 1000} s`)), timeout);
      const abort = (): void => fail(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) return abort();
      const settle = (reply: ExpertReply): void => {
        finish();
        resolve(reply);
      };
      this.#waiting.set(id, { settle, fail });
      this.#holdParent(true);
      this.#child.send({ ...body, id }, (error) => {
        if (error) fail(failure(`could not be reached (${error.message})`));
      });
    });
  }

  /** Only an open question keeps this process running, not the child's mere being there. */
  #holdParent(hold: boolean): void {
    if (hold) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }

  #end(error: WaybookError): void {
    this.#ended ??= error;
    for (const { fail } of [...this.#waiting.values()]) fail(this.#ended);
  }
}

const failure = (what: string): WaybookError =>
  new WaybookError('input/refiner', `The action expert ${what}.`, {
    hint: 'Refine with "spline" or "snap", or try again.',
  });

function unexpected(reply: ExpertReply): WaybookError {
  if (reply.kind !== 'failed') return failure('gave an answer to another question');
  return new WaybookError('input/refiner', `The action expert’s model cannot be used: ${reply.message}.`, {
    hint: 'Run `waybook model check FILE`; docs/expert.md describes what a model must be.',
  });
}

function forkExpert(given: string | undefined): ChildProcess {
  // Beside the running bundle, or in `dist/` when run from source.
  const places = ['expert.mjs', '../../../dist/expert.mjs'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const bundle = given ?? places.find((path) => existsSync(path));
  if (bundle === undefined || !existsSync(bundle)) {
    throw new WaybookError(
      'input/refiner',
      'The action expert’s program is missing from this installation.',
      {
        hint: 'Build it with `npm run build`.',
      },
    );
  }
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return fork(bundle, [], {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...environment, ELECTRON_RUN_AS_NODE: '1' },
  });
}
