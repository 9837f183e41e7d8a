import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from '../command.ts';

export const simCommand: Command = {
  name: 'sim',
  summary: 'Serve the simulator over rosbridge v2.0; prints one line of JSON with its URL.',
  usage: '[options]',
  options: [
    { name: 'port', value: 'N', help: 'Port on the loopback interface; default: a free one.' },
    {
      name: 'scene',
      value: 'NAME',
      help: 'Scene, with switches such as "stack?distractors=3"; default tabletop.',
    },
    { name: 'seed', value: 'N', help: 'Decides the scene and all noise; default 0.' },
    { name: 'real-time', help: 'Let time follow the wall clock (the default).' },
    { name: 'lock-step', help: 'Let time pass only when /simulator/step says so.' },
    {
      name: 'host',
      value: 'ADDRESS',
      help: 'Listen elsewhere than on the loopback interface. Others can then reach it.',
    },
    { name: 'noise', value: 'off|normal', help: 'Sensor noise; default normal.' },
  ],
  examples: ['waybook sim --scene stack --seed 7', 'waybook sim --port 9090'],
  run(args, io) {
    const argv: string[] = [];
    for (const name of ['port', 'scene', 'seed', 'host', 'noise']) {
      const value = args.string(name);
      if (value !== undefined) argv.push(`--${name}`, value);
    }
    if (args.has('lock-step')) argv.push('--lock-step');
    const program = fileURLToPath(new URL('./simulator.mjs', import.meta.url));
    const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'inherit', 'inherit'] });
    const stop = (): void => void child.kill('SIGTERM');
    io.signal.addEventListener('abort', stop, { once: true });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => {
        io.signal.removeEventListener('abort', stop);
        resolve(io.signal.aborted ? 0 : (code ?? 3));
      });
    });
  },
};
