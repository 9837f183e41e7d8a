import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import { parseBenchReport, printBenchReport } from '../bench/bench-report.ts';
import type { Command, Io } from '../command.ts';

export const benchSimulatorCommand: Command = {
  name: 'bench simulator',
  summary: 'Measure the simulator on this machine: real-time factor, clouds, steps per second.',
  usage: '[options]',
  options: [
    {
      name: 'python',
      value: 'PATH',
      help: 'A Python with the mujoco package, to compare with in the same run.',
    },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: ['waybook bench simulator --python python3'],
  async run(args, io) {
    const python = args.string('python');
    const text = await outputOf(python === undefined ? ['--bench'] : ['--bench', '--python', python], io);
    if (args.has('json')) io.out(`${text.trim()}\n`);
    else io.out(printBenchReport(parseBenchReport(text)));
    return 0;
  },
};

function outputOf(args: readonly string[], io: Io): Promise<string> {
  const program = fileURLToPath(new URL('./simulator.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill('SIGTERM');
  io.signal.addEventListener('abort', stop, { once: true });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      io.signal.removeEventListener('abort', stop);
      if (code === 0) resolve(text);
      else
        reject(
          new WaybookError('link/fault', `The simulator’s measurement ended with ${code ?? 'a signal'}.`),
        );
    });
  });
}
