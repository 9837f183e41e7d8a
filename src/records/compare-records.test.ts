import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { hashBytes } from '../core/hash.ts';
import { trajectoryHash } from '../core/trajectory.ts';
import { makeBundle } from './bundle.ts';
import { compareRecords, compareWaypoints } from './compare-records.ts';
import { jointsCsv, posesCsv } from './export-csv.ts';
import { readRecord, type RecordContents } from './read-record.ts';
import type { RefinedRecord, RunEnd } from './record-types.ts';
import { RunRecord } from './run-record.ts';
import {
  sampleCapture,
  sampleProvenance,
  sampleRefined,
  sampleScene,
  sampleTrajectory,
  sampleWaypoints,
} from './testing/sample-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybook-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function record(
  refined: Partial<RefinedRecord> = {},
  end: Partial<RunEnd> = {},
  capture = 1,
): RecordContents & { folder: string } {
  const run = new RunRecord({ runsFolder: folder, notebook: 'a.waybook.md', version: '0.1.0' });
  run.begin(sampleProvenance());
  run.capture('table', sampleCapture(capture));
  run.refined('grasp', sampleRefined(1, refined));
  for (let i = 0; i < 20; i++)
    run.state({
      stamp: 2 + i,
      joints: [i, 0, 0, 0, 0, 0, 0],
      velocities: [0, 0, 0, 0, 0, 0, 0],
      gripper: 0.5,
    });
  run.output('grasp', 'k', sampleScene('grasp'), 's');
  run.end({ outcome: 'succeeded', exitCode: 0, finalStateHash: 'aa', ...end });
  return { ...readRecord(run.folder), folder: run.folder };
}
const texts = (a: RecordContents, b: RecordContents): string[] => compareRecords(a, b).map((d) => d.text);

describe('comparing records', () => {
  it('finds nothing between a run and its repetition', () => {
    expect(compareRecords(record(), record())).toEqual([]);
  });

  it('says what moved, how much longer it takes, how close it comes and how it ended', () => {
    const moved = sampleWaypoints().map((w, i) =>
      i === 1 ? { ...w, position: [0.45, 0.112, 0.02] as const } : w,
    );
    const longer = sampleTrajectory(1, 70);
    const b = record(
      {
        waypoints: moved,
        refinedWaypoints: moved,
        trajectory: longer,
        trajectoryHash: trajectoryHash(longer),
        clearance: 0.008,
      },
      {
        outcome: 'failed',
        exitCode: 1,
        verdict: { task: 'put', success: false, reason: 'the cube is beside the bowl', metrics: {} },
      },
      2,
    );
    const found = compareRecords(record(), b);
    expect(found.map((d) => d.text)).toEqual([
      expect.stringContaining('capture differs'),
      'waypoint 2 (grasp) moved 12 mm',
      'trajectory 0.4 s longer',
      expect.stringMatching(/^path up to [\d.]+ mm apart$/),
      'minimum clearance down to 8 mm (from 61 mm)',
      'success -> failure (the cube is beside the bowl)',
    ]);
    expect(found[1]?.amount).toBeCloseTo(0.012, 9);
    expect(found[2]?.amount).toBeCloseTo(0.4, 9);
  });

  it('sees one millimetre, one bit of a joint, and a missing cell', () => {
    const moved = sampleWaypoints().map((w, i) =>
      i === 0 ? { ...w, position: [0.451, 0.1, 0.25] as const } : w,
    );
    expect(texts(record(), record({ waypoints: moved }))).toEqual(['waypoint 1 (above the cube) moved 1 mm']);
    const base = record();
    const states = base.states.map((s, i) =>
      i === 7 ? { ...s, joints: s.joints.map((q, k) => (k === 2 ? q + 1e-15 : q)) } : s,
    );
    expect(texts(base, { ...base, states })).toEqual([expect.stringContaining('joints differ from 9')]);
    expect(texts(base, { ...base, trajectories: [] })).toEqual(['trajectory is missing']);
    const rest = { ...base };
    delete (rest as { end?: unknown }).end;
    expect(texts(base, rest)).toContain('success -> killed');
  });

  it('follows waypoints by label when one is put before them', () => {
    const before = sampleWaypoints();
    const fresh = { ...(before[0] as (typeof before)[number]), label: 'detour' };
    expect(compareWaypoints('c', before, [fresh, ...before]).map((d) => d.text)).toEqual([
      'waypoint 1 (detour) is new',
    ]);
    expect(compareWaypoints('c', [fresh, ...before], before).map((d) => d.text)).toEqual([
      'waypoint 1 (detour) is gone',
    ]);
  });
});

describe('exports', () => {
  it('write numbers that read back the same', () => {
    const contents = record();
    const rows = jointsCsv(contents).trimEnd().split('\r\n');
    expect(rows).toHaveLength(21);
    expect(rows[0]).toContain('joint7_rad_per_s');
    expect(rows[20]?.split(',').map(Number).slice(0, 2)).toEqual([21, 19]);
    const poses = posesCsv(contents).trimEnd().split('\r\n');
    const t = sampleTrajectory(1);
    expect(poses).toHaveLength(t.times.length + 1);
    expect(poses[31]?.split(',').slice(1).map(Number)).toEqual([
      t.times[30],
      ...t.tool.subarray(210, 217),
      1,
    ]);
    expect(
      posesCsv({ ...contents, trajectories: contents.trajectories.map((x) => ({ ...x, cell: 'a,"b"' })) }),
    ).toContain('"a,""b""",0,');
  });

  it('bundle the same bytes from the same files, with hashes that hold', () => {
    const { folder: run } = record();
    const input = {
      notebook: { name: 'a.waybook.md', text: '# a\n' },
      captures: [{ path: 'captures/table.pcd', bytes: new Uint8Array([1, 2, 3]) }],
      runFolders: [run],
      version: '0.1.0',
    };
    const zip = makeBundle(input);
    expect(makeBundle(input)).toEqual(zip);
    const files = unzipSync(zip);
    const manifest = JSON.parse(new TextDecoder().decode(files['bundle.json'])) as {
      files: Record<string, string>;
    };
    expect(Object.keys(manifest.files)).toEqual(
      expect.arrayContaining([
        'a.waybook.md',
        'captures/table.pcd',
        expect.stringMatching(/^a\.waybook\.runs\/.*\/run\.mcap$/),
      ]),
    );
    for (const [path, hash] of Object.entries(manifest.files))
      expect(hashBytes(files[path] as Uint8Array)).toBe(hash);
    expect(() => makeBundle({ ...input, captures: [{ path: '../x', bytes: new Uint8Array() }] })).toThrow(
      'bundle',
    );
  });
});
