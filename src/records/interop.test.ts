import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { CHANNELS } from './record-channels.ts';
import { RunRecord } from './run-record.ts';
import { sampleCapture, sampleProvenance, sampleRefined, sampleScene } from './testing/sample-run.ts';

const run = promisify(execFile);
const READERS = ['mcap==1.6.0', 'lz4', 'zstandard', 'foxglove-sdk==0.30.3'];
/** most of a gigabyte; installed apart, so that the others are tested where it cannot be had */
const RERUN = ['rerun-sdk==0.41.0'];
const INSTALL_MS = 300_000;
const venv = join(import.meta.dirname, '../../node_modules/.cache/waybook/python-interop');
const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const script = (name: string): string => join(import.meta.dirname, 'testing', name);
const TOPICS = Object.values(CHANNELS)
  .map((channel) => channel.topic)
  .sort();

let folder: string;
let record: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybook-interop-'));
  record = join(makeRecord(folder), 'run.mcap');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Installs packages once, where Python and its index are reachable; else skips the test with one line. */
async function needs(packages: readonly string[], context: TestContext): Promise<void> {
  const ready = join(venv, `ready ${packages.join(' ').replace(/[^\w .-]/g, '')}`);
  if (existsSync(ready)) return;
  try {
    if (!existsSync(python)) await run('python3', ['-m', 'venv', venv], { timeout: 60_000 });
    const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
    await run(python, ['-m', 'pip', 'install', ...options, ...packages], { timeout: INSTALL_MS });
    writeFileSync(ready, '');
  } catch {
    console.log(`skipped: Python or ${packages.at(-1) ?? ''} is not reachable`);
    context.skip();
  }
}

async function python3(name: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await run(python, [script(name), ...args], { timeout: 120_000, maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

const TIMEOUT = { timeout: INSTALL_MS + 240_000 };

describe('a record in other people’s software', () => {
  it('is decoded by the Python mcap package, every channel by its schema', TIMEOUT, async (context) => {
    await needs(READERS, context);
    const found = (await python3('check_record.py', record)) as {
      counts: Record<string, number>;
      schemas: Record<string, string>;
      attachments: string[];
      total: number;
    };
    expect(Object.keys(found.counts).sort()).toEqual(TOPICS);
    for (const { topic, name } of Object.values(CHANNELS)) expect(found.schemas[topic]).toBe(name);
    expect(found.counts['/joint_states']).toBe(200);
    expect(found.total).toBe(Object.values(found.counts).reduce((a, b) => a + b, 0));
    expect(found.attachments).toEqual(['notebook.waybook.md']);
  });

  it('is published again by foxglove-sdk, through its own types', TIMEOUT, async (context) => {
    await needs(READERS, context);
    const { counts } = (await python3('check_record.py', record)) as { counts: Record<string, number> };
    expect(await python3('check_foxglove.py', record, join(folder, 'foxglove.mcap'))).toEqual(counts);
  });

  it('is loaded by rerun-sdk, every topic', TIMEOUT, async (context) => {
    await needs(READERS, context);
    await needs(RERUN, context);
    const paths = (await python3('check_rerun.py', record, join(folder, 'a.rrd'))) as string[];
    expect(paths.filter((path) => !path.startsWith('/__')).sort()).toEqual(TOPICS);
  });
});

/** Folder of a run with a message on every channel. */
function makeRecord(runsFolder: string): string {
  const record = new RunRecord({ runsFolder, notebook: 'a.waybook.md', version: '0.1.0' });
  record.begin(sampleProvenance(), '# x\n');
  record.capture('table', sampleCapture(1));
  record.image(1.5, 'front', Uint8Array.of(0x89, 0x50, 0x4e, 0x47));
  record.plan('put', {
    provider: 'language',
    steps: [],
    waypoints: [],
    summary: 's',
    attempts: [{ raw: 'x', problems: [] }],
  });
  record.refined('grasp', sampleRefined(1));
  record.motion('go', {
    phase: 'requested',
    trajectoryHash: 'ab',
    jointNames: ['a'],
    times: [0, 1],
    joints: [0, 1],
  });
  for (let i = 0; i < 200; i++) {
    record.state({
      stamp: 2 + i / 100,
      joints: [i, 0, 0, 0, 0, 0, 0],
      velocities: [0, 0, 0, 0, 0, 0, 0],
      gripper: 0,
    });
    if (i % 50 === 0) record.flush();
  }
  record.output('grasp', 'k', sampleScene('grasp'), 's');
  record.event(4, 'go', 'done');
  record.end({ outcome: 'succeeded', exitCode: 0 });

  return record.folder;
}
