import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/records/read-record.ts';
import { ROOT, runCli, startCli, temporaryFolder } from './run-cli.ts';

const SAMPLES = readdirSync(join(ROOT, 'samples')).filter((name) => name.endsWith('.waybook.md'));
const MINUTES = 60_000;

const textOf = (file: string): string => readFileSync(file, 'utf8');

/** Everything in a record that can be read as text; points and states hold numbers only. */
const recordText = (path: string): string =>
  JSON.stringify(readRecord(path), (_, value: unknown) => (ArrayBuffer.isView(value) ? null : value));

describe('waybook verify', () => {
  it.each(SAMPLES)('%s runs again identically', { timeout: 8 * MINUTES }, async (name) => {
    using folder = temporaryFolder();
    const file = join(folder.path, name);
    copyFileSync(join(ROOT, 'samples', name), file);
    const run = await runCli('run', file);
    expect(run.code, run.stderr).toBe(0);
    const { code, stdout, stderr } = await runCli('verify', file, '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ identical: true, differences: [] });
  });
});

describe('what a run leaves', () => {
  it('is replayed, verified, compared and exported', { timeout: 12 * MINUTES }, async () => {
    using folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    const file = at('stack.waybook.md');
    copyFileSync(join(ROOT, 'samples/stack.waybook.md'), file);
    const run = await runCli('run', file, '--write', '--junit', at('report.xml'));
    expect(run.code, run.stderr).toBe(0);
    const report = textOf(at('report.xml'));
    expect(XMLValidator.validate(report)).toBe(true);
    expect(report).toMatch(/failures="0" errors="0"/);

    // On the simulator: the recorded motion alone leads to the recorded end.
    const replay = await runCli(
      'replay',
      file,
      '--on-simulator',
      '--html',
      at('run.html'),
      '--csv',
      at('csv'),
    );
    expect(replay.code, replay.stderr).toBe(0);
    expect(replay.stdout).toContain('joints within 0.0e+0 rad');
    expect(replay.stdout).toContain('The same final state.');
    const page = textOf(at('run.html'));
    expect(page.length).toBeLessThan(3_000_000);
    expect(page).toContain('<!doctype html');
    const joints = textOf(at('csv/joints.csv')).trimEnd().split('\r\n');
    expect(joints.length).toBeGreaterThan(100);
    expect(joints[0]).toMatch(/^stamp_s,/);
    expect(new Set(joints.map((line) => line.split(',').length)).size).toBe(1);
    expect(textOf(at('csv/poses.csv'))).toMatch(/^cell,time_s,x_m/);

    // One waypoint, one millimetre.
    const text = textOf(file);
    const second = /("waypoints": \[[^\n]*\n[^\n]*\n[^\n]*"position": \[)([-\d.]+)/;
    const moved = text.replace(
      second,
      (_, before: string, x: string) => `${before}${(Number(x) + 0.001).toFixed(4)}`,
    );
    expect(moved).not.toBe(text);
    writeFileSync(at('moved.waybook.md'), moved);
    const verify = await runCli('verify', file, '--notebook', at('moved.waybook.md'), '--json');
    expect(verify.code, verify.stderr).toBe(1);
    const { identical, differences } = JSON.parse(verify.stdout) as {
      identical: boolean;
      differences: { kind: string; text: string; amount?: number }[];
    };
    expect(identical).toBe(false);
    const waypoints = differences.filter(({ kind }) => kind === 'waypoint');
    expect(waypoints).toHaveLength(1);
    expect(waypoints[0]?.text).toMatch(/^waypoint 2 \(.+\) moved 1 mm$/);
    expect(waypoints[0]?.amount).toBeCloseTo(0.001, 9);

    const git = (...args: string[]): void => {
      execFileSync(
        'git',
        ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args],
        { cwd: folder.path, stdio: 'ignore' },
      );
    };
    git('init', '-q');
    git('add', 'stack.waybook.md');
    git('commit', '-q', '-m', 'a plan');
    const diff = await startCli(['diff', 'HEAD:stack.waybook.md', 'moved.waybook.md'], folder.path).done;
    expect(diff).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/: waypoint 2 \(.+\) moved 1 mm\n$/),
    });

    const listed = await runCli('runs', file, '--json');
    expect((JSON.parse(listed.stdout) as { runs: unknown[] }).runs).toHaveLength(1);
    const story = await runCli('replay', file);
    expect(story.stdout).toMatch(/ s {2}#/);
    expect(story.stdout).toContain('succeeded');
  });

  it(
    'holds none of the secrets, names and paths that the notebook had',
    { timeout: 8 * MINUTES },
    async () => {
      using folder = temporaryFolder();
      const at = (name: string): string => join(folder.path, name);
      const planted = [
        'ws://10.0.0.9:9090/?token=hunter2secret',
        'https://user:hunter2secret@robot.example/x',
        'Authorization: Bearer hunter2secret',
        'sk-abcdefghijklmnopqrstuvwx',
        '/home/mallory7/captures/table.pcd',
        'C:\\Users\\trudy8\\a.pcd',
        join(homedir(), 'projects/x.pcd'),
        folder.path,
      ];
      const secrets = [
        'hunter2secret',
        // of no recognisable shape, under a key that means nothing
        'correct horse battery',
        'robot.example',
        '10.0.0.9',
        'sk-abc',
        'mallory7',
        'trudy8',
        folder.path,
        join(homedir(), 'projects'),
        ROOT.replace(/\/$/, ''),
      ];
      const file = at('lab.waybook.md');
      const sample = textOf(join(ROOT, 'samples/pick-and-place.waybook.md'));
      writeFileSync(
        file,
        sample
          .replace('---\n#', 'api_key: hunter2secret\nfavourite: correct horse battery\n---\n#')
          .replace('# Put', `See ${planted.join(' and ')}.\n\n# Put`)
          .replace(
            '"voxel": 0.004',
            `"voxel": 0.004, "note": ${JSON.stringify(planted.slice(0, 7).join(' '))}`,
          ),
      );
      const run = await runCli('run', file, '--json', '--junit', at('report.xml'), '--html', at('run.html'));
      expect(run.code, run.stderr).toBe(0);
      const outputs = new Map([['run --json', run.stdout]]);
      for (const [what, ...args] of [
        ['export', file, '--html', at('export.html'), '--csv', at('csv')],
        ['replay', file, '--html', at('replay.html'), '--json'],
        ['bundle', file, at('bundle.zip')],
        ['runs', file, '--json'],
        ['strip', file],
      ] as const) {
        const { code, stdout, stderr } = await runCli(what, ...args);
        expect(code, stderr).toBe(0);
        // Names of written files are for who called, not for others.
        if (what !== 'export' && what !== 'bundle') outputs.set(what, stdout.replaceAll(at(''), ''));
      }
      for (const name of [
        'report.xml',
        'run.html',
        'export.html',
        'replay.html',
        'csv/joints.csv',
        'csv/poses.csv',
      ])
        outputs.set(name, textOf(at(name)));
      const bundle = unzipSync(new Uint8Array(readFileSync(at('bundle.zip'))));
      for (const [path, bytes] of Object.entries(bundle)) {
        if (!path.endsWith('.mcap')) outputs.set(`bundle ${path}`, new TextDecoder('latin1').decode(bytes));
        else writeFileSync(at('bundled.mcap'), bytes);
      }
      outputs.set('bundled record', recordText(at('bundled.mcap')));
      expect([...outputs.keys()]).toContain('bundle lab.waybook.md');

      for (const [where, text] of outputs)
        for (const secret of secrets) {
          // In JSON a backslash is written twice, and in a page `<` and `&` have other spellings; none of these has either.
          expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
        }
      // What is looked for is really in the notebook, and the exports are not empty.
      for (const secret of ['hunter2secret', 'correct horse battery', 'mallory7', 'trudy8', folder.path])
        expect(textOf(file)).toContain(secret);
      expect(outputs.get('replay.html')).toContain('Put the red cube in the bowl');
      expect(outputs.get('bundled record')).toContain('table.pcd');
    },
  );
});
