import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import { parseViewerReport, printViewerReport } from '../bench/viewer-report.ts';
import type { Command, Io } from '../command.ts';

export const benchViewerCommand: Command = {
  name: 'bench viewer',
  summary: 'Measure the 3D view beside bare three.js in headless Chromium, in the same run.',
  usage: '[options]',
  options: [
    { name: 'quick', help: 'Smaller clouds and fewer rounds: to see that it works, not to quote.' },
    { name: 'only', value: 'PART', help: 'frame, memory, paint, outputs or chunk.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: [
    'waybook bench viewer',
    'WAYBOOK_CHROMIUM=/opt/chromium/chrome waybook bench viewer --only frame',
  ],
  async run(args, io) {
    const only = args.string('only');
    const flags = [
      ...(args.has('quick') ? ['--quick'] : []),
      ...(only === undefined ? [] : [`--only=${only}`]),
    ];
    const text = await outputOf(['--json', ...flags], io);
    const report = parseViewerReport(text);
    io.out(args.has('json') ? `${text.trim()}\n` : printViewerReport(report));
    return report.figures.every(({ holds }) => holds) ? 0 : 1;
  },
};

/** The measurement is a program of the source tree: it bundles the viewer and drives a browser, which no package holds. */
function outputOf(args: readonly string[], io: Io): Promise<string> {
  const program = fileURLToPath(new URL('../test/browser/bench.mjs', import.meta.url));
  if (!existsSync(program)) {
    throw new WaybookError('input/usage', 'The viewer is measured from a checkout of the source.', {
      hint: 'Clone the repository, run npm ci there, then: bin/waybook.mjs bench viewer. It wants Chromium, or WAYBOOK_CHROMIUM.',
    });
  }
  const child = spawn(process.execPath, [program, ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = (): void => void child.kill('SIGTERM');
  io.signal.addEventListener('abort', stop, { once: true });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      io.signal.removeEventListener('abort', stop);
      // 1 is a figure that does not hold: a report all the same.
      if (code === 0 || (code === 1 && text.trim() !== '')) resolve(text);
      else
        reject(
          new WaybookError('internal/bug', `The viewer’s measurement ended with ${code ?? 'a signal'}.`, {
            hint: 'It wants Chromium: set WAYBOOK_CHROMIUM to where yours is.',
          }),
        );
    });
  });
}
