import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunRecord } from '../../records/run-record.ts';
import { sampleCapture, sampleProvenance, sampleRefined } from '../../records/testing/sample-run.ts';
import { Arguments, type Io } from '../command.ts';
import { diffCommand } from '../commands/diff.ts';
import { parseRevision, showRevision } from './git-show.ts';

const notebook = (x: number): string =>
  `---\nwaybook: 1\n---\n\`\`\`json waypoints {#grasp}\n{ "frame": "base", "waypoints": [\n  { "label": "grasp", "position": [${x}, 0.1, 0.2], "orientation": [1, 0, 0, 0], "gripper": 0, "radius": 0.01 }\n] }\n\`\`\`\n`;
const { signal } = new AbortController();

let folder: string;
const git = (...args: string[]): void => {
  execFileSync(
    'git',
    ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args],
    {
      cwd: folder,
      stdio: 'ignore',
    },
  );
};
function record(clearance: number): string {
  const run = new RunRecord({
    runsFolder: join(folder, 'a.waybook.runs'),
    notebook: 'a.waybook.md',
    version: '0.1.0',
  });
  run.begin(sampleProvenance());
  run.capture('table', sampleCapture(1));
  run.refined('grasp', sampleRefined(clearance, { clearance }));
  run.end({ outcome: 'succeeded', exitCode: 0 });
  return run.folder;
}
async function diff(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const io: Io = { out: (text) => (out += text), err: () => undefined, signal, interactive: false };
  const code = await diffCommand.run(new Arguments(diffCommand, argv), io);
  return { code, out };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybook-diff-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 'a.waybook.md'), notebook(0.5));
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  writeFileSync(join(folder, 'sub', 'a.waybook.md'), notebook(0.512));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('git revisions', () => {
  it('are told from paths', () => {
    expect(parseRevision('HEAD~2:a/b.md')).toEqual({ revision: 'HEAD~2', path: 'a/b.md' });
    expect(parseRevision(':a.md')).toEqual({ revision: '', path: 'a.md' });
    for (const text of ['a.md', 'HEAD:', 'C:\\a.md', 'c:/a.md', '--output=x:a.md', 'a b:c.md', 'a\n:c.md'])
      expect(parseRevision(text), text).toBeUndefined();
  });

  it('give the bytes of a file', async () => {
    const bytes = await showRevision({ revision: 'HEAD', path: 'sub/a.waybook.md' }, signal, folder);
    expect(new TextDecoder().decode(bytes)).toBe(notebook(0.5));
  });

  it('say what git said where there is none, and run no shell', async () => {
    const ask = (revision: string, path: string): Promise<Uint8Array> =>
      showRevision({ revision, path }, signal, folder);
    await expect(ask('HEAD', 'sub/none.md')).rejects.toThrow(/git has no HEAD:sub\/none\.md: fatal/);
    await expect(ask('HEAD', '$(touch pwned);`touch pwned`')).rejects.toThrow(/git has no/);
    await expect(
      showRevision({ revision: 'HEAD', path: 'pwned' }, AbortSignal.abort(), folder),
    ).rejects.toThrow();
  });
});

describe('waybook diff', () => {
  it('says which waypoint moved and how far', async () => {
    const before = join(folder, 'before.waybook.md');
    writeFileSync(before, notebook(0.5));
    const after = join(folder, 'sub', 'a.waybook.md');
    expect(await diff(before, after)).toEqual({
      code: 1,
      out: '  #grasp: waypoint 1 (grasp) moved 12 mm\n',
    });
    expect(await diff(before, before)).toEqual({ code: 0, out: 'No difference.\n' });
    const { out } = await diff(before, after, '--json');
    expect(JSON.parse(out)).toMatchObject({
      same: false,
      differences: [{ kind: 'waypoint', cell: 'grasp', unit: 'm' }],
    });
  });

  it('compares runs, with a tolerance', async () => {
    const [a, b] = [record(0.061), record(0.0605)];
    expect((await diff(a, b)).out).toContain('minimum clearance');
    expect(await diff(a, join(a, 'run.mcap'))).toEqual({ code: 0, out: 'No difference.\n' });
    expect((await diff(a, b, '--tolerance', '1')).out).not.toContain('minimum clearance');
  });

  it('says what is wrong with its sides', async () => {
    const file = join(folder, 'sub', 'a.waybook.md');
    await expect(diff(file, record(0.06))).rejects.toThrow('A is a notebook and B is a record');
    await expect(diff(file, join(folder, 'none.md'))).rejects.toThrow('There is no file or run');
    await expect(diff(file)).rejects.toThrow('B is missing');
    await expect(diff(file, join(folder, 'sub'))).rejects.toThrow('has no record');
  });
});
