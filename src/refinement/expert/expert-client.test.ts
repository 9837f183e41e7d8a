import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import { TOOL_DOWN } from '../../core/geometry.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { checkModel } from './check-model.ts';
import { INPUTS, sizeOf, type ExpertInputs } from './contract.ts';
import { ExpertClient } from './expert-client.ts';
import { startExpert } from './expert-refiner.ts';
import { tinyOnnx } from './fixtures/tiny-onnx.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// onnxruntime-node is found from the bundle's own place, so it lies inside the checkout.
const bundleFolder = join(root, 'node_modules/.cache/waybook-tests');
const bundle = join(bundleFolder, `expert-${process.pid}.mjs`);
const never = new AbortController().signal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybook-expert-'));
  await mkdir(bundleFolder, { recursive: true });
  await build({
    entryPoints: [join(root, 'src/refinement/expert-process.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['onnxruntime-node', 'onnxruntime-web'],
    outfile: bundle,
    logLevel: 'error',
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(bundle, { force: true });
});

async function file(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const zeros = (): ExpertInputs =>
  Object.fromEntries(
    Object.entries(INPUTS).map(([name, shape]) => [name, new Float32Array(sizeOf(shape))]),
  ) as unknown as ExpertInputs;

async function refusal(model: string, sha256?: string): Promise<WaybookError> {
  const error: unknown = await ExpertClient.start(
    { model, bundle, ...(sha256 ? { sha256 } : {}) },
    never,
  ).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(WaybookError);
  return error as WaybookError;
}

describe('ExpertClient', () => {
  it('runs a network that keeps the contract', async () => {
    const content = tinyOnnx({ shift: [1, 2, 3, 0, 0, 0, 0, 0, 0, 0], confidence: 0.5 });
    const model = await file('good.onnx', content);
    await using client = await ExpertClient.start({ model, bundle }, never);
    expect(client.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    const inputs = zeros();
    inputs.waypoint_mask[2] = 1;
    const { outputs } = await client.run(inputs, never);
    expect(Array.from(outputs.actions.subarray(0, 4))).toEqual([1, 2, 3, 0]);
    expect(Array.from(outputs.confidence)).toEqual([0, 0, 0.5, 0, 0, 0, 0, 0]);
  });

  it('runs in WebAssembly where it must, with the same answer', async () => {
    const model = await file(
      'wasm.onnx',
      tinyOnnx({ shift: [1, 2, 3, 0, 0, 0, 0, 0, 0, 0], confidence: 0.5 }),
    );
    await using client = await ExpertClient.start({ model, bundle, backend: 'wasm' }, never);
    expect(client.backend).toBe('wasm');
    const { outputs } = await client.run(zeros(), never);
    expect([...outputs.actions.subarray(0, 4)]).toEqual([1, 2, 3, 0]);
  });

  it('refuses what is not the expected file, with the reason', async () => {
    const good = await file('pinned.onnx', tinyOnnx({}));
    expect((await refusal(good, '0'.repeat(64))).message).toMatch(
      /SHA-256 is [0-9a-f]{64}, but 0{64} was expected/,
    );
    expect((await refusal(join(folder, 'none.onnx'))).code).toBe('input/file');
    expect((await refusal(await file('empty.onnx', new Uint8Array()))).message).toMatch(/size is 0 bytes/);
    expect((await refusal(await file('junk.onnx', Uint8Array.from([1, 2, 3])))).code).toBe('input/refiner');
    const partial = await file('partial.onnx', tinyOnnx({ without: 'points' }));
    expect((await refusal(partial)).message).toMatch(/it has no input "points"/);
  });

  it('ends what waits when it is aborted, and everything when its process dies', async () => {
    const model = await file('dies.onnx', tinyOnnx({}));
    const client = await ExpertClient.start({ model, bundle }, never);
    const aborted = new AbortController();
    const waiting = client.run(zeros(), aborted.signal);
    aborted.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await client[Symbol.asyncDispose]();
    await expect(client.run(zeros(), never)).rejects.toThrow(/stopped/);
  });
});

describe('checkModel', () => {
  it('reports on a good one and warns of an odd one', async () => {
    const report = await checkModel({ model: await file('check.onnx', tinyOnnx({})), bundle }, never);
    expect(report).toMatchObject({ file: 'check.onnx', deterministic: true, warnings: [] });
    expect(report.meanShift).toBeCloseTo(0, 6);
    const odd = await checkModel(
      { model: await file('odd.onnx', tinyOnnx({ confidence: 3 })), bundle },
      never,
    );
    expect(odd.warnings).toEqual(['Confidence is outside 0…1.']);
  });
});

describe('startExpert', () => {
  const waypoint = (z: number, gripper: number): Waypoint => ({
    label: `at ${z}`,
    position: [0.5, 0.1, z],
    orientation: TOOL_DOWN,
    gripper,
    radius: 0.03,
  });
  const plan = [waypoint(0.2, 1), waypoint(0.03, 0), waypoint(0.2, 0)];
  const start = { pose: { position: [0.4, 0, 0.4] as const, orientation: TOOL_DOWN }, gripper: 1 };
  const captureOf = (positions: number[]) => ({
    cloud: { frame: 'base', stamp: 0, count: positions.length / 3, positions: Float32Array.from(positions) },
    source: 'test',
    objects: [],
    rawCount: 0,
    hash: '',
  });
  const thing = captureOf([0, 1, 2, 3, 4, 5].flatMap((i) => [0.5 + 0.002 * i, 0.1, 0.02]));

  it('moves waypoints with the network, no further than their radius', async () => {
    const model = await file('shift.onnx', tinyOnnx({ shift: [0, 0, 0.01, 0, 0, 0, 0, 0, 0, 0] }));
    await using expert = await startExpert({ model, bundle }, never);
    const result = await expert.refine({ waypoints: plan, start, capture: thing }, never);
    if (result.kind !== 'refined') throw new Error(result.reason);
    result.path.waypoints.forEach((w, k) =>
      expect(w.position[2]).toBeCloseTo(plan[k]!.position[2] + 0.01, 5),
    );
    expect(result.path.poses[0]).toEqual(start.pose);
    result.path.waypointIndices.forEach((i, k) => {
      expect(result.path.poses[i]!.position).toEqual(result.path.waypoints[k]!.position);
    });

    const far = await file('far.onnx', tinyOnnx({ shift: [0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0] }));
    await using wild = await startExpert({ model: far, bundle }, never);
    const held = await wild.refine({ waypoints: plan, start, capture: thing }, never);
    if (held.kind !== 'refined') throw new Error(held.reason);
    held.path.waypoints.forEach((w, k) => expect(w.position[2]).toBeCloseTo(plan[k]!.position[2] + 0.03, 5));
  });

  it('abstains where there is nothing to grasp, and where the network doubts', async () => {
    const sure = await file('sure.onnx', tinyOnnx({}));
    await using expert = await startExpert({ model: sure, bundle }, never);
    expect(
      await expert.refine({ waypoints: plan, start, capture: captureOf([0.5, 0.3, 0.02]) }, never),
    ).toMatchObject({
      kind: 'abstained',
      waypoint: 1,
      reason: 'The capture shows nothing within 10 cm of "at 0.03".',
    });
    const unsure = await file('unsure.onnx', tinyOnnx({ confidence: 0.01 }));
    await using doubter = await startExpert({ model: unsure, bundle }, never);
    expect(await doubter.refine({ waypoints: plan, start, capture: thing }, never)).toMatchObject({
      kind: 'abstained',
      waypoint: 1,
    });
  });
});
