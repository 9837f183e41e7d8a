import { parseArgs } from 'node:util';
import { WaybookError, exitCodeOf, messageOf } from '../core/errors.ts';
import { startSimulatorServer } from './server/simulator-server.ts';
import type { SimulatorServerOptions } from './server/simulator-server.ts';

const HELP = `The Waybook simulator: a robot arm with its cameras, served over rosbridge v2.0.

  --scene S           scene or task, "tabletop" by default; switches as in "stack?distractors=2"
  --seed N            decides the scene and all noise, 0 by default
  --port N            0, the default, takes any free port
  --host ADDRESS      listen on another address than 127.0.0.1; other machines can then reach the arm
  --token T           secret that clients must send; a random one by default
  --lock-step         time passes only when a client asks for it
  --real-time         time follows the wall clock (the default)
  --noise off|normal  sensor noise
  --distractors N     things that no task needs
  --obstacles N       things that stand in the way
  --bench             measure this machine instead, print one JSON document, end
  --bench-link N      serve a cloud of N points as fast as it is taken, and print where
  --python PATH       a Python with mujoco, for --bench to compare with

Prints one line of JSON with its URL when it listens; logs go to stderr. Ends on SIGTERM, SIGINT, or when the process
that forked it is gone.
`;

type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'bench'; readonly python: string | undefined }
  | { readonly kind: 'bench-link'; readonly points: number }
  | { readonly kind: 'serve'; readonly options: SimulatorServerOptions };

/** Parses the arguments. Throws `input/usage`. */
function commandOf(args: readonly string[]): Command {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        scene: { type: 'string', default: 'tabletop' },
        seed: { type: 'string', default: '0' },
        port: { type: 'string', default: '0' },
        host: { type: 'string' },
        token: { type: 'string' },
        'lock-step': { type: 'boolean', default: false },
        'real-time': { type: 'boolean', default: false },
        noise: { type: 'string' },
        distractors: { type: 'string' },
        obstacles: { type: 'string' },
        arm: { type: 'string' },
        bench: { type: 'boolean', default: false },
        'bench-link': { type: 'string' },
        python: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new WaybookError('input/usage', messageOf(error), { cause: error });
  }
  if (values.help) return { kind: 'help' };
  if (values.bench) return { kind: 'bench', python: values.python };
  if (values['lock-step'] && values['real-time']) {
    throw new WaybookError('input/usage', '--lock-step and --real-time exclude each other.');
  }
  if (values.noise !== undefined && values.noise !== 'off' && values.noise !== 'normal') {
    throw new WaybookError('input/usage', `--noise is off or normal, not "${values.noise}".`);
  }
  if (values['bench-link'] !== undefined) {
    return { kind: 'bench-link', points: integer('--bench-link', values['bench-link'], 10_000_000) };
  }
  const options: SimulatorServerOptions = {
    scene: values.scene,
    seed: integer('--seed', values.seed, 2 ** 31 - 1),
    port: integer('--port', values.port, 65535),
    host: values.host,
    token: values.token,
    lockStep: values['lock-step'],
    noise: values.noise,
    distractors:
      values.distractors === undefined ? undefined : integer('--distractors', values.distractors, 100),
    obstacles: values.obstacles === undefined ? undefined : integer('--obstacles', values.obstacles, 100),
    arm: values.arm,
    log,
  };
  return { kind: 'serve', options };
}

const log = (line: string): void => void process.stderr.write(`simulator: ${line}\n`);

function integer(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > most) {
    throw new WaybookError('input/usage', `${name} is an integer from 0 to ${most}, not "${text}".`);
  }
  return value;
}

async function main(): Promise<void> {
  const command = commandOf(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'bench': {
      const { benchSimulator } = await import('./bench/bench-simulator.ts');
      process.stdout.write(`${JSON.stringify(await benchSimulator({ log, python: command.python }))}\n`);
      return;
    }
    case 'bench-link': {
      const { startBenchLinkServer } = await import('./bench/bench-link-server.ts');
      const starting = startBenchLinkServer(command.points);
      endWithParent(async () => (await starting)[Symbol.asyncDispose]());
      const { url, bareUrl } = await starting;
      process.stdout.write(`${JSON.stringify({ url, bareUrl, pid: process.pid })}\n`);
      return;
    }
    case 'serve': {
      const starting = startSimulatorServer(command.options);
      endWithParent(async () => (await starting).close());
      const { url, port, token } = await starting;
      process.stdout.write(`${JSON.stringify({ url, port, token, pid: process.pid })}\n`);
      return;
    }
  }
}

/** How long a parent has to bring the arm to rest after an interrupt that reached both. */
const INTERRUPT_GRACE_MS = 5000;

/**
 * Ends on a signal, or when the process that forked this one is gone. Called before the slow start has ended, so that a
 * parent that is gone by then leaves nothing behind.
 */
function endWithParent(close: () => Promise<void>): void {
  const stop = () => {
    setTimeout(() => process.exit(0), 2000).unref();
    void close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  // A terminal's Ctrl-C reaches a parent and its children alike. The parent first brings the arm to rest, for which this
  // process is needed, and then ends it; only where it does not, the signal counts.
  process.once('SIGINT', process.connected ? () => void setTimeout(stop, INTERRUPT_GRACE_MS) : stop);
  if (process.connected) process.once('disconnect', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${messageOf(error)}\n`);
  process.exit(exitCodeOf(error));
});
