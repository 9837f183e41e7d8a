import { INPUTS, OUTPUTS, sizeOf } from '../refinement/expert/contract.ts';
import type { ExpertNetwork } from '../refinement/expert/expert-refiner.ts';
import { loadModel } from '../refinement/expert/load-model.ts';

export interface LocalNetwork extends ExpertNetwork, AsyncDisposable {
  readonly sha256: string;
}

/**
 * An action expert in this very process, for evaluation workers: they are child processes already, and a hop for every
 * episode would only cost. Throws what {@link loadModel} throws.
 */
export async function openNetwork(path: string, sha256?: string): Promise<LocalNetwork> {
  const model = await loadModel(path, sha256);
  const { Tensor } = await import('onnxruntime-node');
  return {
    sha256: model.sha256,
    run: async (inputs, signal) => {
      signal.throwIfAborted();
      const feeds = Object.fromEntries(
        (Object.keys(INPUTS) as (keyof typeof INPUTS)[]).map((name) => [
          name,
          new Tensor('float32', inputs[name], [1, ...INPUTS[name]]),
        ]),
      );
      const results = await model.session.run(feeds);
      const read = (name: keyof typeof OUTPUTS): Float32Array => {
        const data = results[name]?.data;
        if (!(data instanceof Float32Array) || data.length !== sizeOf(OUTPUTS[name])) {
          throw new Error(`output "${name}" does not have ${sizeOf(OUTPUTS[name])} float32 values`);
        }
        return data.slice();
      };
      return { outputs: { actions: read('actions'), confidence: read('confidence') } };
    },
    [Symbol.asyncDispose]: () => model.session.release(),
  };
}
