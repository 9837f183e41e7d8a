import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** `wasm` runs everywhere and takes four to six times as long. */
export type Backend = 'native' | 'wasm';

export interface OpenedNetwork {
  readonly session: InferenceSession;
  /** of the same package as the session: another's tensors are not recognised */
  readonly Tensor: typeof Tensor;
  readonly backend: Backend;
}

/**
 * Opens an ONNX network on one thread: with the native runtime, or with WebAssembly where there is none for this machine
 * (Intel Macs). `backend` insists on one. Throws the runtime's own error for a file that is no network, and an Error that
 * names both reasons where neither runtime loads.
 */
export async function openNetwork(content: Uint8Array, backend?: Backend): Promise<OpenedNetwork> {
  if (backend !== 'wasm') {
    const native = await import('onnxruntime-node').catch((error: unknown) => {
      if (backend === 'native') throw error;
      return error instanceof Error ? error.message : String(error);
    });
    if (typeof native !== 'string') {
      const session = await native.InferenceSession.create(content, {
        executionProviders: ['cpu'],
        // One thread: a second saves little at this size and costs a spinning core.
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
      return { session, Tensor: native.Tensor, backend: 'native' };
    }
    return openWithWasm(content, `the native onnxruntime does not load (${native})`);
  }
  return openWithWasm(content);
}

async function openWithWasm(content: Uint8Array, already?: string): Promise<OpenedNetwork> {
  const wasm = await import('onnxruntime-web').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${already ? `${already}, and ` : ''}onnxruntime’s WebAssembly does not load (${reason})`,
    );
  });
  wasm.env.wasm.numThreads = 1;
  const session = await wasm.InferenceSession.create(content, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  return { session, Tensor: wasm.Tensor, backend: 'wasm' };
}
