import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotConnection } from '../link/robot-connection.ts';
import { connectRobot } from '../link/connect-robot.ts';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import type { SimulatorControl } from '../robot-link.ts';
import { simulatorControl } from './simulator-control.ts';

/** MuJoCo's WebAssembly takes a second or two to start, ten times that on a busy machine [ms]. */
const START_MS = 60_000;
const KILL_AFTER_MS = 2000;
const KEPT_LOG = 4000;

export interface SpawnOptions {
  readonly scene: string;
  readonly seed: number;
  readonly lockStep: boolean;
  /** `dist/simulator.mjs` elsewhere than beside the running bundle: in tests, which run from source */
  readonly bundle?: string;
  /** further arguments of the simulator: `['--noise', 'off']` */
  readonly options?: readonly string[];
  readonly profile?: RobotProfile;
  readonly onProblem?: (error: WaybookError) => void;
  /** the simulator's log, line by line */
  readonly onLog?: (line: string) => void;
}

export interface SpawnedSimulator extends AsyncDisposable {
  /** with its token: for clients on this machine, never for records */
  readonly url: string;
  readonly process: ChildProcess;
  readonly link: RobotConnection & { readonly simulator: SimulatorControl };
  dispose(): Promise<void>;
}

/**
 * Starts the built-in simulator as a child process and connects to it. The child ends when this process does. Its death
 * is told through the link as `link/lost`, with the last lines it logged. Throws `link/connect` where it does not start.
 */
export async function spawnSimulator(options: SpawnOptions, signal: AbortSignal): Promise<SpawnedSimulator> {
  const child = start(options);
  const log = keepLog(child, options.onLog);
  try {
    const url = await readUrl(child, log, signal);
    const connection = await connectRobot(
      options.profile ?? simulatorProfile,
      {
        url,
        session: randomUUID(),
        clock: options.lockStep ? 'lock-step' : 'wall',
        explainLoss: (message) => lossOf(child, message, log()),
        ...(options.onProblem ? { onProblem: options.onProblem } : {}),
      },
      signal,
    );
    child.once('exit', (code, reason) => connection.session.close(diedError(code, reason, log())));
    if (child.exitCode !== null || child.signalCode !== null) {
      throw diedError(child.exitCode, child.signalCode, log());
    }
    const link = Object.assign(connection, { simulator: simulatorControl(connection) });
    const dispose = async (): Promise<void> => {
      await connection[Symbol.asyncDispose]();
      await end(child);
    };
    return { url, process: child, link, dispose, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** Bundles lie beside each other in `dist/`. */
function bundlePath(given: string | undefined): string {
  if (given !== undefined) return given;
  const beside = fileURLToPath(new URL('./simulator.mjs', import.meta.url));
  if (existsSync(beside)) return beside;
  throw new WaybookError('link/connect', 'The simulator’s program (simulator.mjs) is not beside this one.', {
    hint: 'Run "npm run build", or reinstall.',
  });
}

function start({ scene, seed, lockStep, bundle, options = [] }: SpawnOptions): ChildProcess {
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  const args = ['--scene', scene, '--seed', String(seed), '--port', '0'];
  if (lockStep) args.push('--lock-step');
  return fork(bundlePath(bundle), [...args, ...options], {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function keepLog(child: ChildProcess, onLog: ((line: string) => void) | undefined): () => string {
  let kept = '';
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      kept = `${kept}${line}\n`.slice(-KEPT_LOG);
      onLog?.(line);
    });
  }
  return () => kept.trim();
}

/** The one line on stdout: `{"url": …, "port": …, "token": …, "pid": …}`. */
function readUrl(child: ChildProcess, log: () => string, signal: AbortSignal): Promise<string> {
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
      const url = urlOf(text);
      if (url !== undefined) finish(() => resolve(url));
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

function urlOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('url' in value)) return undefined;
    return typeof value.url === 'string' ? value.url : undefined;
  } catch {
    return undefined;
  }
}

/** The socket often closes a moment before the process is known to be dead. */
function lossOf(child: ChildProcess, message: string, log: string): WaybookError {
  if (child.exitCode !== null || child.signalCode !== null)
    return diedError(child.exitCode, child.signalCode, log);
  return new WaybookError('link/lost', `The simulator is gone. ${message}`, {
    hint: log === '' ? 'Run the notebook again.' : lastLines(log),
  });
}

/** Exit code with which the simulator says that it was asked for something that does not exist. */
const BAD_INPUT = 2;

function diedError(code: number | null, reason: NodeJS.Signals | null, log: string): WaybookError {
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
function end(child: ChildProcess): Promise<void> {
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
