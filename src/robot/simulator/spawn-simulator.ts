import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotConnection } from '../link/robot-connection.ts';
import { connectRobot } from '../link/connect-robot.ts';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import type { SimulatorControl } from '../robot-link.ts';
import { simulatorControl } from './simulator-control.ts';
import { diedError, endChild, forkSimulator, keepLog, lossOf, readFirstLine } from './simulator-process.ts';

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
  const child = forkSimulator(options.bundle, argumentsOf(options));
  const log = keepLog(child, options.onLog);
  try {
    const url = urlOf(await readFirstLine(child, log, signal));
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
      await endChild(child);
    };
    return { url, process: child, link, dispose, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await endChild(child);
    throw error;
  }
}

function argumentsOf({ scene, seed, lockStep, options = [] }: SpawnOptions): string[] {
  const mode = lockStep ? ['--lock-step'] : [];
  return ['--scene', scene, '--seed', String(seed), '--port', '0', ...mode, ...options];
}

function urlOf(line: Readonly<Record<string, unknown>>): string {
  if (typeof line['url'] === 'string') return line['url'];
  throw new WaybookError('internal/bug', 'The simulator did not say where it listens.');
}
