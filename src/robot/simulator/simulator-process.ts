import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { WaybookError } from '../../core/errors.ts';

/** MuJoCo's WebAssembly takes a second or two to start, ten times that on a busy machine [ms]. */
const START_MS = 60_000;
const KILL_AFTER_MS = 2000;
const KEPT_LOG = 4000;

/** Bundles lie beside each other in `dist/`. */
function bundlePath(given: string | undefined): string {
  if (given !== undefined) return given;
  const beside = fileURLToPath(new URL('./simulator.mjs', import.meta.url));
  if (existsSync(beside)) return beside;
  throw new WaybookError('link/connect', 'The simulator’s program (simulator.mjs) is not beside this one.', {
    hint: 'Run "npm run build", or reinstall.',
  });
}

/** The simulator's program with these arguments, without our own Node options, ending when we do. */
export function forkSimulator(bundle: string | undefined, args: readonly string[]): ChildProcess {
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  return fork(bundlePath(bundle), args, {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** Its last lines of log, as one text. */
export function keepLog(child: ChildProcess, onLog: ((line: string) => void) | undefined): () => string {
  let kept = '';
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      kept = `${kept}${line}\n`.slice(-KEPT_LOG);
      onLog?.(line);
    });
  }
  return () => kept.trim();
}

/** The one line of JSON on stdout: `{"url": …, "port": …, "token": …, "pid": …}`. Throws `link/connect` or `link/lost`. */
export function readFirstLine(
  child: ChildProcess,
  log: () => string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const { stdout } = child;
    if (!stdout) {
      reject(new WaybookError('internal/bug', 'The simulator was started without an output.'));
      return;
    }
    const lines = createInterface({ input: stdout });
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      child.off('exit', exit);
      child.off('error', fail);
      lines.off('line', line);
      act();
    };
    const line = (text: string): void => {
      const fields = fieldsOf(text);
      if (fields) finish(() => resolve(fields));
    };
    const exit = (code: number | null, reason: NodeJS.Signals | null): void =>
      finish(() => reject(diedError(code, reason, log())));
    const fail = (cause: Error): void =>
      finish(() =>
        reject(new WaybookError('link/connect', `The simulator did not start: ${cause.message}`, { cause })),
      );
    const abort = (): void =>
      finish(() => reject(new WaybookError('task/cancelled', 'Starting the simulator was cancelled.')));
    const timer = setTimeout(
      () =>
        finish(() =>
          reject(
            new WaybookError(
              'link/connect',
              `The simulator did not say where it listens within ${START_MS / 1000} s.`,
              {
                hint: lastLines(log()),
              },
            ),
          ),
        ),
      START_MS,
    );
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    child.once('exit', exit);
    child.once('error', fail);
    lines.on('line', line);
  });
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'url' in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The socket often closes a moment before the process is known to be dead. */
export function lossOf(child: ChildProcess, message: string, log: string): WaybookError {
  if (child.exitCode !== null || child.signalCode !== null)
    return diedError(child.exitCode, child.signalCode, log);
  return new WaybookError('link/lost', `The simulator is gone. ${message}`, {
    hint: log === '' ? 'Run the notebook again.' : lastLines(log),
  });
}

/** Exit code with which the simulator says that it was asked for something that does not exist. */
const BAD_INPUT = 2;

export function diedError(code: number | null, reason: NodeJS.Signals | null, log: string): WaybookError {
  if (code === BAD_INPUT) {
    const said = log.split('\n').at(-1) ?? '';
    return new WaybookError(
      'input/reference',
      said.replace(/^simulator: /, '') || 'The simulator refused its arguments.',
    );
  }
  const how = reason === null ? `with code ${code}` : `by ${reason}`;
  return new WaybookError('link/lost', `The simulator’s process ended ${how}.`, {
    hint: log === '' ? 'It logged nothing. Run the notebook again.' : lastLines(log),
  });
}

const lastLines = (log: string): string =>
  log === '' ? 'It logged nothing.' : `It logged last: ${log.split('\n').slice(-3).join(' / ')}`;

/** Ends our own child: it leaves on `disconnect`, and is killed where it does not. */
export function endChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.once('exit', () => {
      clearTimeout(kill);
      resolve();
    });
    if (child.connected) child.disconnect();
    else child.kill('SIGKILL');
  });
}
