import { exitCodeOf, messageOf, WaybookError } from '../core/errors.ts';
import { Arguments, helpOf, type Command, type Io } from './command.ts';
import { commands } from './commands/index.ts';
import { version } from '../core/version.ts';

/** Runs one command line and returns its exit code. Standard output carries results only. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === 'help') {
    const asked = commands.find((command) => command.name === rest[0]);
    io.out(asked ? helpOf(asked) : overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    io.out(`${version}\n`);
    return 0;
  }
  // Two-word commands ("model check") win over one-word ones.
  const command =
    commands.find((c) => c.name === `${name} ${rest[0] ?? ''}`) ?? commands.find((c) => c.name === name);
  if (!command) {
    const error = new WaybookError('input/usage', `There is no command "${name}".`, {
      hint: 'See waybook --help.',
    });
    io.err(`${error.explain()}\n`);
    return 2;
  }
  const argumentsOfCommand = command.name.includes(' ') ? rest.slice(1) : rest;
  if (argumentsOfCommand.includes('--help')) {
    io.out(helpOf(command));
    return 0;
  }
  try {
    return await command.run(new Arguments(command, argumentsOfCommand), io);
  } catch (error) {
    io.err(`${messageOf(error)}\n`);
    if (!(error instanceof WaybookError) && error instanceof Error && error.stack) io.err(`${error.stack}\n`);
    return exitCodeOf(error);
  }
}

function overview(): string {
  const listed = commands.filter((command) => command.hidden !== true);
  const width = Math.max(...listed.map((command) => command.name.length)) + 2;
  const row = (command: Command): string => `  ${command.name.padEnd(width)}${command.summary}`;
  return [
    'Waybook: robot task notebooks. An instruction becomes waypoints, waypoints a trajectory, a trajectory motion.',
    '',
    'Usage: waybook COMMAND [options]',
    '',
    'Commands:',
    ...listed.map(row),
    '',
    'Start with:  waybook run samples/pick-and-place.waybook.md',
    'Exit codes:  0 success, 1 the task failed, 2 bad input, 3 robot or link fault.',
    'Help:        waybook COMMAND --help',
    '',
  ].join('\n');
}

const interrupt = new AbortController();
let interrupts = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    interrupts += 1;
    // The first asks for a clean end, in which a robot is brought to rest; a second one does not wait for it.
    if (interrupts > 1) process.exit(130);
    interrupt.abort(new WaybookError('task/cancelled', `Stopped by ${name}.`));
  });
}
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  signal: interrupt.signal,
  interactive: process.stderr.isTTY,
});
