import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir, homedir } from 'node:os';
import { join } from 'node:path';
import { McapIndexedReader } from '@mcap/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PREVIEW_LIMIT_BYTES, type Scene } from '../core/scene.ts';
import { decodeBuffer, encodeBuffer, fromBase64 } from '../core/scene-buffer.ts';
import { cloudHash } from '../core/capture.ts';
import { trajectoryHash } from '../core/trajectory.ts';
import { listRuns, loadLastOutputs } from './last-outputs.ts';
import { decompressLz4 } from './mcap/lz4.ts';
import { readRecord } from './read-record.ts';
import { pruneRuns, runFolderNames } from './run-folder.ts';
import { RunRecord, type RunRecordOptions } from './run-record.ts';
import { previewJson } from './scene-preview.ts';
import {
  sampleCapture,
  sampleCloud,
  sampleProvenance,
  sampleRefined,
  sampleScene,
} from './testing/sample-run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybook-records-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (more: Partial<RunRecordOptions> = {}): RunRecord =>
  new RunRecord({ runsFolder: folder, notebook: 'a.waybook.md', version: '0.1.0', ...more });

function writeRun(record: RunRecord, states = 300): void {
  record.begin(sampleProvenance(), '# A notebook\n');
  record.capture('table', sampleCapture(1));
  record.plan('put', {
    provider: 'language',
    steps: [{ verb: 'pick' }],
    waypoints: [],
    summary: 'Pick red cube',
    attempts: [{ raw: 'pick it', problems: [] }],
  });
  record.refined('grasp', sampleRefined(1));
  for (let i = 0; i < states; i++) {
    const t = 2 + i * 0.01;
    record.state({
      stamp: t,
      joints: [0.1 * i, 1, 2, 3, 4, 5, 6],
      velocities: [1, 0, 0, 0, 0, 0, 0],
      gripper: i / states,
    });
  }
  record.event(5, 'go', 'execute succeeded', { samples: 3 });
  record.output('grasp', 'k1', sampleScene('grasp'), '2 waypoints');
}

describe('a run record', () => {
  it('gives back what was written, bit for bit', () => {
    const record = open();
    writeRun(record);
    record.end({ outcome: 'succeeded', exitCode: 0, finalStateHash: 'ff' });
    const read = readRecord(record.folder);
    expect(read.complete).toBe(true);
    expect(read.notebookText).toBe('# A notebook\n');
    expect(read.provenance).toEqual(sampleProvenance());
    const capture = sampleCapture(1);
    expect(read.captures[0]?.cloud).toEqual(capture.cloud);
    expect(read.captures[0]?.cloud && cloudHash(read.captures[0].cloud)).toBe(capture.hash);
    expect(read.captures[0]?.objects).toEqual(capture.objects);
    const refined = sampleRefined(1);
    expect(read.trajectories[0]?.trajectory).toEqual(refined.trajectory);
    expect(read.trajectories[0] && trajectoryHash(read.trajectories[0].trajectory)).toBe(
      refined.trajectoryHash,
    );
    expect(read.states).toHaveLength(300);
    expect(read.states[299]).toEqual({
      stamp: 2 + 299 * 0.01,
      joints: [0.1 * 299, 1, 2, 3, 4, 5, 6],
      velocities: [1, 0, 0, 0, 0, 0, 0],
      gripper: 299 / 300,
    });
    expect(read.jointNames[6]).toBe('joint7');
    expect(read.attempts).toMatchObject([{ cell: 'put', provider: read.plans[0]?.provider, raw: 'pick it' }]);
    expect(read.events[0]).toEqual({ stamp: 5, cell: 'go', text: 'execute succeeded', data: { samples: 3 } });
    expect(read.end).toEqual({ outcome: 'succeeded', exitCode: 0, finalStateHash: 'ff' });
  });

  it('is an indexed MCAP for an independent reader, with all of its CRCs right', async () => {
    const record = open();
    writeRun(record);
    record.end({ outcome: 'succeeded', exitCode: 0 });
    const bytes = readFileSync(join(record.folder, 'run.mcap'));
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: async () => BigInt(bytes.length),
        read: async (offset, size) => new Uint8Array(bytes.subarray(Number(offset), Number(offset + size))),
      },
      decompressHandlers: { lz4: (data, size) => decompressLz4(data, Number(size)) },
    });
    expect(reader.chunkIndexes.length).toBeGreaterThan(1);
    expect(reader.statistics?.channelMessageCounts.size).toBe(reader.channelsById.size);
    const topics = new Map<string, number>();
    let last = 0n;
    for await (const message of reader.readMessages()) {
      const topic = reader.channelsById.get(message.channelId)?.topic ?? '';
      topics.set(topic, (topics.get(topic) ?? 0) + 1);
      expect(message.logTime >= last).toBe(true);
      last = message.logTime;
      JSON.parse(new TextDecoder().decode(message.data));
    }
    expect(topics.get('/joint_states')).toBe(300);
    for (const topic of [
      '/capture/points',
      '/trajectory',
      '/waypoints/poses',
      '/tf',
      '/log',
      '/provenance',
      '/end',
    ]) {
      expect(topics.get(topic)).toBe(1);
    }
    for await (const attachment of reader.readAttachments())
      expect(attachment.name).toBe('notebook.waybook.md');
  });

  it('reads up to the last whole chunk, wherever the file was cut', () => {
    const record = open();
    writeRun(record, 100);
    record.flush();
    record.close();
    const file = join(record.folder, 'run.mcap');
    const whole = readFileSync(file);
    let fewer = Infinity;
    for (let size = whole.length; size > 9; size -= 997) {
      truncateSync(file, size);
      const read = readRecord(record.folder);
      const count = read.states.length + read.captures.length + read.trajectories.length + read.events.length;
      expect(count).toBeLessThanOrEqual(fewer);
      fewer = count;
      expect(read.complete).toBe(size === whole.length);
    }
    expect(fewer).toBe(0);
  });

  it('stays within its size limit and says so, and still ends', () => {
    const record = open({ limitBytes: 100_000 });
    record.begin(sampleProvenance());
    for (let i = 0; i < 20; i++) record.capture('table', sampleCapture(i, 2000));
    record.event(9, 'go', 'still here');
    record.end({ outcome: 'failed', exitCode: 1 });
    const read = readRecord(record.folder);
    expect(read.captures.length).toBe(20);
    expect(read.captures.filter((c) => c.cloud).length).toBeLessThan(10);
    expect(read.events.map((e) => e.text)).toEqual([expect.stringContaining('limit'), 'still here']);
    expect(read.end?.outcome).toBe('failed');
  });

  it('holds no token, URL, absolute path or user name that was planted', () => {
    const planted = [
      'ws://127.0.0.1:9090/?token=hunter2secret',
      join(homedir(), 'projects/mine/cloud.pcd'),
      '/home/alice/captures/table.pcd',
      '/Users/bob/x',
      'C:\\Users\\carol\\a.pcd',
      'token=hunter2secret',
      'Authorization: Bearer hunter2secret',
      'sk-abcdefghijklmnopqrstuvwx',
      'https://user:hunter2secret@robot.example/path',
      process.cwd(),
    ];
    const record = open({ notebook: '/home/alice/a.waybook.md' });
    record.begin({ ...sampleProvenance(), robot: planted[0] as string });
    for (const text of planted) {
      record.event(1, 'go', `failed: ${text} (see ${text})`, {
        apiKey: 'hunter2secret',
        nested: [{ text, token: 'hunter2secret' }],
      });
      record.plan('put', {
        provider: 'openai',
        model: text,
        steps: [{ text }],
        waypoints: [],
        summary: text,
        attempts: [{ raw: text, problems: [text] }],
      });
      record.output(
        'go',
        'k',
        { ...sampleScene('go'), title: text, notes: [text], verdict: { ok: false, text } },
        text,
      );
    }
    record.end({ outcome: 'failed', exitCode: 3, failure: planted.join(' ') });
    const read = JSON.stringify(readRecord(record.folder), (_, v: unknown) =>
      ArrayBuffer.isView(v) ? null : v,
    );
    const files = readdirSync(record.folder).filter((name) => name.endsWith('.json'));
    const everything = [read, ...files.map((name) => readFileSync(join(record.folder, name), 'utf8'))].join(
      '\n',
    );
    for (const secret of [
      'hunter2secret',
      'alice',
      '/Users/bob',
      'carol',
      'sk-abc',
      'robot.example',
      '127.0.0.1',
      homedir(),
      process.cwd(),
    ]) {
      expect(everything).not.toContain(secret);
    }
    expect(everything).toContain('table.pcd');
  });
});

describe('previews', () => {
  it('fit, whatever the scene holds, and keep their shape', () => {
    const n = 60_000;
    const cloud = sampleCloud(3, n);
    const big: Scene = {
      ...sampleScene('c'),
      layers: [
        {
          kind: 'cloud',
          id: 'a',
          label: 'a',
          positions: encodeBuffer(cloud.positions, [n, 3]),
          fields: { intensity: encodeBuffer(cloud.fields?.['intensity'] as Float32Array, [n]) },
        },
        { kind: 'waypoints', id: 'w', label: 'w', waypoints: [] },
      ],
    };
    const json = previewJson(big);
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(PREVIEW_LIMIT_BYTES);
    const scene = JSON.parse(json) as Scene;
    const layer = scene.layers[0];
    if (layer?.kind !== 'cloud') throw new Error('the cloud is gone');
    expect(layer.total).toBe(n);
    const positions = decodeBuffer(layer.positions, fromBase64(layer.positions.base64 ?? ''));
    expect(positions.length).toBe(3 * (layer.positions.shape[0] ?? 0));
    expect(positions.length).toBeGreaterThan(3 * 4000);
    expect(layer.fields?.['intensity']?.shape).toEqual([layer.positions.shape[0]]);
    const notes: Scene = {
      ...big,
      layers: [
        {
          kind: 'frames',
          id: 'f',
          label: 'f',
          frames: Array.from({ length: 9000 }, (_, i) => ({
            name: `f${i}`,
            pose: { position: [0, 0, 0], orientation: [0, 0, 0, 1] },
          })),
        },
      ],
    };
    expect(Buffer.byteLength(previewJson(notes))).toBeLessThanOrEqual(PREVIEW_LIMIT_BYTES);
  });
});

describe('runs of a notebook', () => {
  const at = (i: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, i));

  it('give the newest output of every cell, and pass over damaged ones', () => {
    const first = open({ now: at(1) });
    first.output('a', 'a1', sampleScene('a'), 'old');
    first.output('b', 'b1', sampleScene('b'), 'only here');
    first.end({ outcome: 'succeeded', exitCode: 0 });
    const second = open({ now: at(2) });
    second.output('a', 'a2', sampleScene('a'), 'new');
    second.close();
    const third = open({ now: at(3) });
    third.output('a', 'a3', sampleScene('a'), 'damaged');
    third.close();
    writeFileSync(join(third.folder, 'a.scene.json'), '{"version": 1');
    mkdirSync(join(folder, 'somebody-elses'));
    writeFileSync(join(open({ now: at(4) }).folder, 'index.json'), '[]');
    const last = loadLastOutputs(folder);
    expect([...last].map(([cell, o]) => [cell, o.output.key])).toEqual([
      ['a', 'a2'],
      ['b', 'b1'],
    ]);
    expect(last.get('a')?.run).toBe(second.name);
    expect(listRuns(folder).map((run) => run.index.state)).toEqual(['running', 'running', 'succeeded']);
  });

  it('refuse names that lead out of the folder', () => {
    const record = open();
    record.output('a', 'a1', sampleScene('a'), 'x');
    record.close();
    const file = join(record.folder, 'index.json');
    for (const bad of ['../../x.scene.json', '/etc/x.scene.json', '..\\x.scene.json']) {
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(/"preview": "[^"]*"/, `"preview": ${JSON.stringify(bad)}`),
      );
      expect(listRuns(folder)).toEqual([]);
    }
  });

  it('are pruned to the newest, never the one that ends nor a folder that holds something else', () => {
    const names = [1, 2, 3, 4].map((i) => {
      const record = open({ now: at(i), keep: 100 });
      record.end({ outcome: 'succeeded', exitCode: 0 });
      return record.name;
    });
    writeFileSync(join(folder, names[0] as string, 'thesis.txt'), 'mine');
    mkdirSync(join(folder, 'unrelated'));
    const current = open({ now: at(0), keep: 1 });
    current.end({ outcome: 'succeeded', exitCode: 0 });
    expect(runFolderNames(folder)).toEqual([current.name, names[0], names[3]].sort());
    expect(existsSync(join(folder, 'unrelated'))).toBe(true);
    expect(pruneRuns(join(folder, 'nowhere'), 3)).toEqual([]);
  });
});
