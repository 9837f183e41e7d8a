import { basename } from 'node:path';
import { stripNotebook } from '../../notebook/file/strip.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { writeNotebook } from '../../notebook/file/write-notebook.ts';
import type { Command } from '../command.ts';
import { readText, writeOut } from '../run/run-notebook.ts';

export const stripCommand: Command = {
  name: 'strip',
  summary: 'Print a notebook without endpoint names, URLs, secrets and absolute paths, for sharing.',
  usage: 'FILE [--write]',
  options: [
    { name: 'write', help: 'Change the file instead of printing.' },
    { name: 'json', help: 'Print one JSON document: what was removed, and the text.' },
  ],
  examples: ['waybook strip lab.waybook.md > shared.waybook.md', 'waybook strip lab.waybook.md --write'],
  async run(args, io) {
    const file = args.required(0, 'FILE');
    const { document, removed } = stripNotebook(readNotebook(await readText(file), basename(file)));
    const text = writeNotebook(document);
    const write = args.has('write');
    if (write && removed.length > 0) await writeOut(file, text);
    if (args.has('json'))
      io.out(`${JSON.stringify({ notebook: basename(file), removed, ...(write ? {} : { text }) })}\n`);
    else if (!write) io.out(text);
    for (const what of removed) io.err(`removed: ${what}\n`);
    if (removed.length === 0) io.err('There was nothing to remove.\n');
    return 0;
  },
};
