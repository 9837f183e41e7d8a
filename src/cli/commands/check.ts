import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf, WaybookError } from '../../core/errors.ts';
import { checkNotebook } from '../../notebook/file/check-notebook.ts';
import type { Finding } from '../../notebook/file/document.ts';
import type { Command } from '../command.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'Check notebooks: format, schema and references, with line numbers.',
  usage: 'FILE... [options]',
  options: [{ name: 'json', help: 'Print one JSON document.' }],
  examples: ['waybook check samples/*.waybook.md'],
  async run(args, io) {
    args.required(0, 'FILE');
    const found: { file: string; findings: readonly Finding[] }[] = [];
    for (const file of args.positionals) found.push({ file, findings: await findingsOf(file) });
    const all = found.flatMap(({ findings }) => findings);
    const errors = all.filter((finding) => finding.severity === 'error').length;
    if (args.has('json')) {
      io.out(`${JSON.stringify({ files: found })}\n`);
    } else {
      for (const { file, findings } of found) {
        for (const f of findings) {
          const cell = f.cell === undefined ? '' : ` (#${f.cell})`;
          io.out(
            `${file}:${f.line}${f.column === undefined ? '' : `:${f.column}`}: ${f.severity}: ${f.message}${cell}\n`,
          );
        }
      }
      const warnings = all.length - errors;
      io.out(`${found.length} checked: ${errors} errors, ${warnings} warnings.\n`);
    }
    return errors > 0 ? 2 : 0;
  },
};

/** A file that cannot be read at all is one finding, so that the others are still checked. */
async function findingsOf(file: string): Promise<readonly Finding[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return [
      { severity: 'error', code: 'input/file', message: `cannot be read: ${messageOf(error)}`, line: 1 },
    ];
  }
  try {
    return checkNotebook(bytes, basename(file));
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
    const { place, hint } = error.details;
    const message = hint === undefined ? error.message : `${error.message} ${hint}`;
    return [{ severity: 'error', code: error.code, message, line: place?.line ?? 1 }];
  }
}
