import { parseArgs } from 'node:util';
import { WaybookError } from '../core/errors.ts';

/** One option of a command, for parsing and for `--help`. */
export interface OptionSpec {
  readonly name: string;
  /** placeholder of its value; absent for a switch */
  readonly value?: string;
  readonly many?: boolean;
  readonly help: string;
}

/** Where a command writes: results to `out` (standard output), progress and logs to `err`. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** fires on Ctrl-C and SIGTERM */
  readonly signal: AbortSignal;
  readonly interactive: boolean;
}

export interface Command {
  readonly name: string;
  /** one line for the list of commands */
  readonly summary: string;
  /** what follows the name: `FILE [options]` */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** for Waybook's own processes; not listed in help */
  readonly hidden?: boolean;
  /** Returns the exit code; errors that are thrown decide theirs by their code. */
  run(args: Arguments, io: Io): Promise<number>;
}

/** Parsed arguments with typed access; a missing or malformed one is `input/usage`. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly #command: Command;

  constructor(command: Command, argv: readonly string[]) {
    this.#command = command;
    try {
      const parsed = parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: Object.fromEntries(
          [...command.options, HELP].map((option) => [
            option.name,
            {
              type: option.value === undefined ? ('boolean' as const) : ('string' as const),
              multiple: option.many ?? false,
            },
          ]),
        ),
      });
      this.positionals = parsed.positionals;
      this.#values = parsed.values;
    } catch (error) {
      throw usage(command, error instanceof Error ? error.message : String(error));
    }
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }

  string(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  strings(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
  }

  /** A finite number, within `range` where one is given. */
  number(name: string, range: { min?: number; max?: number; integer?: boolean } = {}): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    const { min = -Infinity, max = Infinity, integer = false } = range;
    if (
      text.trim() === '' ||
      !Number.isFinite(value) ||
      value < min ||
      value > max ||
      (integer && !Number.isInteger(value))
    ) {
      const kind = integer ? 'a whole number' : 'a number';
      throw usage(this.#command, `--${name} wants ${kind}${describeRange(min, max)}, not "${text}".`);
    }
    return value;
  }

  /** The `index`-th positional, named `name` in messages. */
  required(index: number, name: string): string {
    const value = this.positionals[index];
    if (value === undefined) throw usage(this.#command, `${name} is missing.`);
    return value;
  }
}

export const HELP: OptionSpec = { name: 'help', help: 'Show this help.' };

export function usage(command: Command, message: string): WaybookError {
  return new WaybookError('input/usage', message, {
    hint: `Usage: waybook ${command.name} ${command.usage}. See waybook ${command.name} --help.`,
  });
}

export function helpOf(command: Command): string {
  const rows = [...command.options, HELP].map((option) => {
    const flag = `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
    return [flag, option.many ? `${option.help} May be given more than once.` : option.help] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2;
  return [
    command.summary,
    '',
    `Usage: waybook ${command.name} ${command.usage}`,
    '',
    'Options:',
    ...rows.map(([flag, help]) => `  ${flag.padEnd(width)}${help}`),
    ...(command.examples.length > 0 ? ['', 'Examples:', ...command.examples.map((line) => `  ${line}`)] : []),
    '',
  ].join('\n');
}

function describeRange(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` of at least ${min}`;
  return max < Infinity ? ` of at most ${max}` : '';
}
