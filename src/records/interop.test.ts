import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS } from './record-channels.ts';
import { RunRecord } from './run-record.ts';
import { sampleCapture, sampleProvenance, sampleRefined, sampleScene } from './testing/sample-run.ts';

const run = promisify(execFile);
/** rerun-sdk takes most of a gigabyte: asked for by name. */
const FULL = process.env['WAYBOOK_INTEROP'] === 'full';
const PACKAGES = ['mcap==1.6.0', 'lz4', 'zstandard', ...(FULL ? ['rerun-sdk'] : [])];
const venv = join(
  import.meta.dirname,
  '../../node_modules/.cache/waybook',
  FULL ? 'python-mcap-full' : 'python-mcap',
);
const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

let folder: string;
let unavailable: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybook-interop-'));
  const ready = join(venv, 'ready');
  if (existsSync(ready)) return;
  try {
    await run('python3', ['-m', 'venv', venv], { timeout: 60_000 });
    const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
    await run(python, ['-m', 'pip', 'install', ...options, ...PACKAGES], {
      timeout: FULL ? 300_000 : 100_000,
    });
    writeFileSync(ready, '');
  } catch (error) {
    unavailable = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}, 400_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the Python mcap package', () => {
  it('decodes every channel of a record by its schema', { timeout: 120_000 }, async (context) => {
    if (unavailable !== undefined) {
      console.log('skipped: Python or its package index is not reachable');
      context.skip();
    }
    const record = new RunRecord({ runsFolder: folder, notebook: 'a.waybook.md', version: '0.1.0' });
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

    const script = join(import.meta.dirname, 'testing/check_record.py');
    const { stdout } = await run(
      python,
      [script, join(record.folder, 'run.mcap'), ...(FULL ? ['--rerun'] : [])],
      { timeout: 100_000 },
    );
    const found = JSON.parse(stdout) as {
      counts: Record<string, number>;
      schemas: Record<string, string>;
      attachments: string[];
      total: number;
    };
    expect(Object.keys(found.counts).sort()).toEqual(
      Object.values(CHANNELS)
        .map((c) => c.topic)
        .sort(),
    );
    for (const { topic, name } of Object.values(CHANNELS)) expect(found.schemas[topic]).toBe(name);
    expect(found.counts['/joint_states']).toBe(200);
    expect(found.total).toBe(Object.values(found.counts).reduce((a, b) => a + b, 0));
    expect(found.attachments).toEqual(['notebook.waybook.md']);
  });
});
