import { describe, expect, it, vi } from 'vitest';
import { INPUTS } from './contract.ts';
import { tinyOnnx } from './fixtures/tiny-onnx.ts';
import { openNetwork } from './onnx-runtime.ts';

vi.mock('onnxruntime-node', () => {
  throw new Error('no binary for this machine');
});

describe('where there is no native runtime', () => {
  it('a network runs in WebAssembly', async () => {
    const { session, backend } = await openNetwork(tinyOnnx({}));
    expect(backend).toBe('wasm');
    expect(session.inputMetadata.map((m) => m.name).sort()).toEqual(Object.keys(INPUTS).sort());
    await session.release();
  });

  it('insisting on the native one says why it does not load', async () => {
    await expect(openNetwork(tinyOnnx({}), 'native')).rejects.toThrow();
  });

  it('what is no network is refused by WebAssembly too', async () => {
    await expect(openNetwork(new Uint8Array(64))).rejects.toThrow();
  });
});
