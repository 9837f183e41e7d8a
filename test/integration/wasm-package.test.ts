import { existsSync, mkdtempSync, readFileSync, rmSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stageRuntime } from '../../scripts/vscode/stage-runtime.mjs';
import { OUTPUTS, type ExpertInputs } from '../../src/refinement/expert/contract.ts';
import { ExpertClient } from '../../src/refinement/expert/expert-client.ts';
import { ROOT } from './run-cli.ts';

const signal = new AbortController().signal;

describe('the extension for Intel Macs', () => {
  it('holds a runtime that loads without a native one, and answers as PyTorch did', async () => {
    const staging = mkdtempSync(join(tmpdir(), 'waybook-wasm-'));
    try {
      const dependencies = stageRuntime('darwin-x64', staging);
      expect(Object.keys(dependencies)).toEqual(['onnxruntime-web']);
      expect(existsSync(join(staging, 'node_modules', 'onnxruntime-node'))).toBe(false);
      const bundle = join(staging, 'dist', 'expert.mjs');
      cpSync(join(ROOT, 'dist', 'expert.mjs'), bundle);
      const model = join(ROOT, 'models', 'action-expert.onnx');
      // No runtime is insisted on: it has to come to WebAssembly by itself.
      await using client = await ExpertClient.start({ model, bundle }, signal);
      expect(client.backend).toBe('wasm');
      await using native = await ExpertClient.start({ model }, signal);
      expect(native.backend).toBe('native');
      const cases = JSON.parse(readFileSync(join(ROOT, 'models', 'training', 'parity.json'), 'utf8')) as {
        inputs: Record<string, number[]>;
        outputs: Record<keyof typeof OUTPUTS, number[]>;
      }[];
      expect(cases.length).toBeGreaterThan(0);
      for (const { inputs, outputs } of cases) {
        const tensors = Object.fromEntries(
          Object.entries(inputs).map(([name, values]) => [name, Float32Array.from(values)]),
        ) as unknown as ExpertInputs;
        const found = (await client.run(tensors, signal)).outputs;
        const here = (await native.run(tensors, signal)).outputs;
        for (const name of Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[]) {
          const off = (other: ArrayLike<number>): number =>
            Math.max(...found[name].map((value, i) => Math.abs(value - other[i]!)));
          expect(off(outputs[name])).toBeLessThan(1e-5);
          expect(off(here[name])).toBeLessThan(1e-5);
        }
      }
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
});
