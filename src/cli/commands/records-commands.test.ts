import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunRecord } from '../../records/run-record.ts';
import {
  sampleCapture,
  sampleProvenance,
  sampleRefined,
  sampleScene,
} from '../../records/testing/sample-run.ts';
import { readCloud } from '../../perception/codecs/cloud-file.ts';
import { Arguments, type Command, type Io } from '../command.ts';
import { findRecord } from '../records/find-record.ts';
import { bundleCommand } from './bundle.ts';
import { exportCommand } from './export.ts';
import { replayCommand } from './replay.ts';
import { runsCommand } from './runs.ts';
import { stripCommand } from './strip.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybook-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]): string => join(folder, ...parts);

async function call(
  command: Command,
  ...argv: string[]
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    signal: new AbortController().signal,
    interactive: false,
  };
  return { code: await command.run(new Arguments(command, argv), io), out, err };
}

function notebook(text: string): string {
  const file = at('a.waybook.md');
  writeFileSync(file, text);
  return file;
}

/** Folder of a run that planned, moved nothing and ended. */
function makeRun(second: number, robot = 'sim:tabletop?seed=7'): string {
  const run = new RunRecord({
    runsFolder: at('a.waybook.runs'),
    notebook: 'a.waybook.md',
    version: '0.1.0',
    now: new Date(Date.UTC(2026, 10, 22, 10, 0, second)),
  });
  run.begin({ ...sampleProvenance(), robot }, '# A\n');
  run.capture('table', sampleCapture(1));
  run.refined('grasp', sampleRefined(1));
  run.state({ stamp: 2, joints: [0, 0, 0, 0, 0, 0, 0], velocities: [0, 0, 0, 0, 0, 0, 0], gripper: 1 });
  run.event(3, 'grasp', 'refine succeeded');
  run.output('grasp', 'k', sampleScene('grasp'), '2 waypoints');
  run.end({ outcome: 'succeeded', exitCode: 0 });
  return run.folder;
}

describe('finding a record', () => {
  it('takes a run, its file, its runs folder or its notebook', () => {
    const file = notebook('# A\n');
    makeRun(1);
    const newest = makeRun(2);
    for (const place of [newest, at('a.waybook.runs'), file])
      expect(findRecord(place)).toEqual({ path: newest, folder: newest, notebookFolder: folder });
    expect(findRecord(join(newest, 'run.mcap'))).toMatchObject({ folder: newest, notebookFolder: folder });
  });

  it('says what it looked for where there is none', () => {
    const file = notebook('# A\n');
    expect(() => findRecord(file)).toThrow('has no record of a run');
    expect(() => findRecord(at('none'))).toThrow('There is no record at');
    mkdirSync(at('empty'));
    expect(() => findRecord(at('empty'))).toThrow('has no record');
  });
});

describe('waybook runs', () => {
  it('lists the newest first and removes all but those to keep', async () => {
    const file = notebook('# A\n');
    const folders = [makeRun(1), makeRun(2), makeRun(3)];
    const { out } = await call(runsCommand, file);
    expect(out.split('\n').filter(Boolean)).toHaveLength(3);
    expect(out.indexOf('100003Z')).toBeLessThan(out.indexOf('100001Z'));
    const { removed } = JSON.parse((await call(runsCommand, file, '--keep', '1', '--json')).out) as {
      removed: string[];
    };
    expect(removed).toHaveLength(2);
    expect(folders.map((f) => existsSync(f))).toEqual([false, false, true]);
  });

  it('gives advice for git, and wants a notebook otherwise', async () => {
    expect((await call(runsCommand, '--git-advice')).out).toMatch(
      /\.gitignore[^]*run\.mcap[^]*\.gitattributes/,
    );
    await expect(call(runsCommand)).rejects.toThrow('FILE is missing');
    await expect(call(runsCommand, at('none.waybook.md'))).rejects.toThrow('There is no file');
  });
});

describe('waybook strip', () => {
  const text = '---\nwaybook: 1\nrobot: arm-42\n---\nSee ws://10.0.0.7/?token=abc\n';

  it('prints and leaves the file alone, or writes it', async () => {
    const file = notebook(text);
    const { out, err } = await call(stripCommand, file);
    expect(out).not.toMatch(/arm-42|10\.0\.0\.7/);
    expect(err).toContain('robot in the front matter');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect((await call(stripCommand, file, '--write')).out).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(out);
    expect((await call(stripCommand, file)).err).toContain('nothing to remove');
  });
});

describe('waybook bundle', () => {
  it('packs the notebook without secrets, the captures that it names and the newest run', async () => {
    mkdirSync(at('captures'));
    const pcd = Uint8Array.of(1, 2, 3);
    writeFileSync(at('captures', 'table.pcd'), pcd);
    const file = notebook(
      '---\nwaybook: 1\n---\nSee ws://10.0.0.7/?token=abc\n\n```json capture {#table}\n{ "file": "captures/table.pcd" }\n```\n',
    );
    makeRun(1);
    const newest = makeRun(2);
    await call(bundleCommand, file, at('out', 'a.zip'));
    const files = unzipSync(new Uint8Array(readFileSync(at('out', 'a.zip'))));
    expect(files['captures/table.pcd']).toEqual(pcd);
    expect(new TextDecoder().decode(files['a.waybook.md'])).not.toContain('10.0.0.7');
    const records = Object.keys(files).filter((path) => path.endsWith('run.mcap'));
    expect(records).toHaveLength(1);
    expect(newest.endsWith(records[0]?.split('/')[1] ?? 'none')).toBe(true);
  });

  it('names a capture that is missing', async () => {
    const file = notebook('```json capture {#table}\n{ "file": "captures/none.pcd" }\n```\n');
    await expect(call(bundleCommand, file, at('a.zip'))).rejects.toThrow('none.pcd');
    expect(existsSync(at('a.zip'))).toBe(false);
  });
});

describe('waybook replay and export', () => {
  it('tell what happened and write tables', async () => {
    const file = notebook('# A\n');
    makeRun(1);
    const { code, out } = await call(replayCommand, file);
    expect(code).toBe(0);
    expect(out).toContain('3.00 s  #grasp: refine succeeded');
    await call(replayCommand, file, '--csv', at('one'));
    await call(exportCommand, file, '--csv', at('two'));
    for (const name of ['joints.csv', 'poses.csv'])
      expect(readFileSync(at('one', name), 'utf8')).toBe(readFileSync(at('two', name), 'utf8'));
    expect(readFileSync(at('one', 'joints.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(2);
    await expect(call(exportCommand, file)).rejects.toThrow('--html OUT is missing');
  });

  it('write the clouds that were captured, point for point', async () => {
    const file = notebook('# A\n');
    makeRun(1);
    const { cloud } = sampleCapture(1);
    for (const [format, extension] of [
      ['pcd-compressed', 'pcd'],
      ['ply', 'ply'],
    ] as const) {
      const { out } = await call(exportCommand, file, '--clouds', at('clouds'), '--as', format);
      expect(out).toBe(`${at('clouds', `table.${extension}`)}\n`);
      const read = readCloud(readFileSync(at('clouds', `table.${extension}`)), `table.${extension}`);
      expect(read).toEqual({ ...cloud, stamp: 0 });
    }
    await expect(call(exportCommand, file, '--clouds', at('x'), '--as', 'toString')).rejects.toThrow(
      'cannot be',
    );
  });

  it('refuse to replay on the simulator what was no simulator’s, or did not move', async () => {
    const real = makeRun(1, 'arm-42');
    await expect(call(replayCommand, real, '--on-simulator')).rejects.toThrow('only simulator runs');
    await expect(call(replayCommand, makeRun(2), '--on-simulator')).rejects.toThrow('Nothing moved');
  });
});
