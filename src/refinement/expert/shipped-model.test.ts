import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { measureNetwork } from '../demos/measure.ts';
import { INPUTS, OUTPUTS, type ExpertInputs, type ExpertOutputs } from './contract.ts';
import { loadModel } from './load-model.ts';
import { shippedModel } from './shipped-expert.ts';

const shipped = shippedModel();

describe.skipIf(!shipped)('the shipped action expert', () => {
  async function network(): Promise<(inputs: ExpertInputs) => Promise<ExpertOutputs>> {
    const { session } = await loadModel(shipped!.model, shipped!.sha256);
    const { Tensor } = await import('onnxruntime-node');
    return async (inputs) => {
      const feeds = Object.fromEntries(
        Object.entries(INPUTS).map(([name, shape]) => [
          name,
          new Tensor('float32', inputs[name as keyof typeof INPUTS], [1, ...shape]),
        ]),
      );
      const results = await session.run(feeds);
      return Object.fromEntries(
        Object.keys(OUTPUTS).map((name) => [name, Float32Array.from(results[name]!.data as Float32Array)]),
      ) as unknown as ExpertOutputs;
    };
  }

  it('is the file that its SHA-256 says, and answers as PyTorch did', async () => {
    const run = await network();
    const path = fileURLToPath(new URL('../../../models/training/parity.json', import.meta.url));
    const cases = JSON.parse(readFileSync(path, 'utf8')) as {
      inputs: Record<string, number[]>;
      outputs: Record<keyof typeof OUTPUTS, number[]>;
    }[];
    expect(cases.length).toBeGreaterThan(0);
    for (const { inputs, outputs } of cases) {
      const found = await run(
        Object.fromEntries(
          Object.entries(inputs).map(([name, values]) => [name, Float32Array.from(values)]),
        ) as unknown as ExpertInputs,
      );
      for (const name of Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[]) {
        const worst = Math.max(...outputs[name].map((v, i) => Math.abs(v - found[name][i]!)));
        expect(worst).toBeLessThan(1e-5);
      }
    }
  });

  it('brings waypoints nearer to things on development scenes, and needs the cloud for it', async () => {
    const run = await network();
    const scenes = { firstSeed: 600, scenes: 60 };
    const seeing = await measureNetwork(run, scenes);
    const blind = await measureNetwork(run, { ...scenes, erase: true });
    expect(seeing.refinedMm).toBeLessThan(0.8 * seeing.plannedMm);
    expect(seeing.refinedMm).toBeLessThan(0.9 * blind.refinedMm);
    expect(seeing.confidence).toBeGreaterThan(seeing.confidenceAbsent);
  });
});
