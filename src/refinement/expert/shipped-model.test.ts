import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { distance } from '../../core/geometry.ts';
import { inputsOf, poseOfWaypoint, readSample } from '../demos/fixtures/read-sample.ts';
import { writeScene } from '../demos/generate.ts';
import { CLOUD_RECORD, lengthOf } from '../demos/sample-record.ts';
import { TRAINED_TASKS } from '../demos/task-split.ts';
import { readPose } from './guidance.ts';
import { INPUTS, OUTPUTS, type ExpertInputs, type ExpertOutputs } from './contract.ts';
import { loadModel } from './load-model.ts';
import type { Backend } from './onnx-runtime.ts';
import { shippedModel } from './shipped-expert.ts';

const shipped = shippedModel();

describe.skipIf(!shipped)('the shipped action expert', () => {
  async function network(backend?: Backend): Promise<(inputs: ExpertInputs) => Promise<ExpertOutputs>> {
    const { session, Tensor } = await loadModel(shipped!.model, shipped!.sha256, backend);
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

  it.each(['native', 'wasm'] as const)(
    '%s: is the file that its SHA-256 says, and answers as PyTorch did',
    async (backend) => {
      const run = await network(backend);
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
    },
  );

  it('brings waypoints nearer to things on development scenes, and needs the cloud for it', async () => {
    const run = await network();
    const seeing = await meanMiss(run, false);
    const blind = await meanMiss(run, true);
    expect(seeing.refined).toBeLessThan(0.6 * seeing.planned);
    expect(seeing.refined).toBeLessThan(0.6 * blind.refined);
  }, 120_000);
});

/** Mean distance of contact waypoints from the truth over development scenes [m]. */
async function meanMiss(
  run: (inputs: ExpertInputs) => Promise<ExpertOutputs>,
  erase: boolean,
): Promise<{ planned: number; refined: number }> {
  let [planned, refined, count] = [0, 0, 0];
  const data = new Int16Array(lengthOf(CLOUD_RECORD));
  for (let seed = 5000; seed < 5060; seed++) {
    writeScene({ draws: 1, clouds: true, tasks: TRAINED_TASKS }, seed, data);
    const sample = readSample(data, true);
    const inputs = inputsOf(sample, erase);
    const { actions } = await run(inputs);
    for (let k = 0; k < 8; k++) {
      if (sample.weight[k] !== 1 || sample.found[k] === 0) continue;
      const truth = readPose(sample.truth_waypoints, 9 * k).position;
      planned += distance(readPose(sample.waypoints, 12 * k).position, truth);
      refined += distance(readPose(actions, 10 * poseOfWaypoint(inputs.blend, k)).position, truth);
      count++;
    }
  }
  return { planned: planned / count, refined: refined / count };
}
