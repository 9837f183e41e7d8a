import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { GIT_ATTRIBUTES, GIT_IGNORE } from '../../records/git-advice.ts';
import { listRuns } from '../../records/last-outputs.ts';
import { pruneRuns, runsFolderName } from '../../records/run-folder.ts';
import { type Command, usage } from '../command.ts';

export const runsCommand: Command = {
  name: 'runs',
  summary: 'List a notebook’s runs, remove old ones, or print advice for .gitignore and .gitattributes.',
  usage: 'FILE [options] | --git-advice',
  options: [
    { name: 'keep', value: 'N', help: 'Remove all but the newest N runs.' },
    {
      name: 'runs',
      value: 'FOLDER',
      help: 'Where the records are; default NAME.waybook.runs beside the notebook.',
    },
    { name: 'git-advice', help: 'Print what to put into .gitignore and .gitattributes.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: [
    'waybook runs samples/stack.waybook.md',
    'waybook runs samples/stack.waybook.md --keep 3',
    'waybook runs --git-advice',
  ],
  async run(args, io) {
    const json = args.has('json');
    if (args.has('git-advice')) {
      if (json) io.out(`${JSON.stringify({ gitignore: GIT_IGNORE, gitattributes: GIT_ATTRIBUTES })}\n`);
      else
        io.out(`# .gitignore\n${GIT_IGNORE.join('\n')}\n\n# .gitattributes\n${GIT_ATTRIBUTES.join('\n')}\n`);
      return 0;
    }
    const file = args.positionals[0];
    if (file === undefined) throw usage(runsCommand, 'FILE is missing.');
    const folder = args.string('runs') ?? runsFolderOf(file);
    const keep = args.number('keep', { min: 0, integer: true });
    const removed = keep === undefined ? [] : pruneRuns(folder, keep);
    const runs = listRuns(folder).map(({ name, index }) => ({
      run: name,
      started: index.started,
      state: index.state,
      robot: index.provenance?.robot ?? null,
      verdict: index.end?.verdict?.reason ?? index.end?.failure ?? null,
    }));
    if (json) io.out(`${JSON.stringify({ runs, removed })}\n`);
    else {
      for (const { run, state, robot, verdict } of runs)
        io.out(`${run}  ${state.padEnd(9)}  ${robot ?? ''}${verdict === null ? '' : `  ${verdict}`}\n`);
      if (runs.length === 0) io.err('No runs.\n');
    }
    for (const name of removed) io.err(`removed ${name}\n`);
    return 0;
  },
};

function runsFolderOf(file: string): string {
  if (!existsSync(file)) throw new WaybookError('input/file', `There is no file ${file}.`);
  return statSync(file).isDirectory() ? file : join(dirname(file), runsFolderName(basename(file)));
}
