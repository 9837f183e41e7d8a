import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WaybookError } from '../../core/errors.ts';
import type { EngineRun, SweepEngine } from '../engine.ts';
import { parseDriverLine } from './driver-messages.ts';
import { driverRequest, type RayOptions } from './driver-request.ts';
import { HEADLESS_MODULE, headlessBundle } from './headless-bundle.ts';
import { takeMessage } from './take-message.ts';

export interface RayClientOptions extends RayOptions {
  /** `ray://HOST:10001` */
  readonly address: string;
  /** a Python with the cluster's own version of Ray */
  readonly python: string;
  readonly token?: string;
}

const KEPT_ERRORS = 4000;
/** Time for a driver to cancel what is under way [ms]. */
const LEAVE_MS = 10_000;

/** A Ray cluster through Ray's client: the Python driver runs here, and ends with us. */
export function rayClientEngine(options: RayClientOptions): SweepEngine {
  return {
    name: `the Ray cluster at ${options.address}`,
    async run(run: EngineRun): Promise<void> {
      run.signal.throwIfAborted();
      const indices = [...run.orders].map(({ index }) => index);
      const bundle = headlessBundle({
        root: options.root,
        withNode: options.withNode,
        withoutPrograms: options.bundle !== undefined,
      });
      const child = spawn(options.python, ['-m', `${HEADLESS_MODULE}.driver`, '--address', options.address], {
        cwd: bundle.folder,
        stdio: ['pipe', 'pipe', 'pipe'],
        env: {
          ...process.env,
          PYTHONDONTWRITEBYTECODE: '1',
          PYTHONUNBUFFERED: '1',
          ...(options.bundle === undefined ? {} : { WAYBOOK_BUNDLE: options.bundle }),
          ...(options.token === undefined ? {} : { RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: options.token }),
        },
      });
      const stop = (): void => {
        // The end of its input asks it to cancel and leave.
        child.stdin.end();
        setTimeout(() => child.kill('SIGKILL'), LEAVE_MS).unref();
      };
      run.signal.addEventListener('abort', stop, { once: true });
      try {
        child.stdin.on('error', () => undefined);
        child.stdin.write(`${JSON.stringify(driverRequest(options, indices))}\n`);
        await conversation(child, options, run);
      } finally {
        run.signal.removeEventListener('abort', stop);
        child.stdin.end();
        if (child.exitCode === null && child.signalCode === null && !run.signal.aborted)
          child.kill('SIGKILL');
      }
      run.signal.throwIfAborted();
    },
  };
}

function conversation(child: ChildProcess, options: RayClientOptions, run: EngineRun): Promise<void> {
  return new Promise((resolve, reject) => {
    let errors = '';
    let done = false;
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (errors = (errors + text).slice(-KEPT_ERRORS)));
    child.once('error', (error) => reject(noPython(options.python, error)));
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      const message = parseDriverLine(line);
      if (!message || done) return;
      try {
        done = takeMessage(message, options, run);
      } catch (error) {
        done = true;
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    // Standard output may still hold lines when the process has ended.
    lines.once('close', () => {
      if (done) resolve();
      else reject(lostDriver(errors, options.python));
    });
  });
}

const noPython = (python: string, cause: Error): WaybookError =>
  new WaybookError('link/connect', `There is no Python "${python}" here: ray:// needs one with Ray.`, {
    hint: 'Name one with --python, or use the job API (--on http://HOST:8265), which needs none.',
    cause,
  });

function lostDriver(errors: string, python: string): WaybookError {
  const last = errors.trim().split('\n').at(-1) ?? '';
  if (/No module named '?ray/.test(last)) {
    return new WaybookError('link/connect', `The Python "${python}" has no Ray.`, {
      hint: 'Install it with: pip install "ray[default]", or name another Python with --python.',
    });
  }
  return new WaybookError('link/lost', `The driver for Ray ended before the sweep did. ${last}`.trim(), {
    hint: 'What came back is kept: go on with --resume.',
  });
}
