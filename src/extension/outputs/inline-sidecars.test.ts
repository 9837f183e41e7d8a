import { describe, expect, it } from 'vitest';
import type { Scene } from '../../core/scene.ts';
import { withSidecars } from './inline-sidecars.ts';

const sampleScene: Scene = {
  version: 1,
  kind: 'capture',
  cell: 'c',
  title: 'cloud',
  verdict: { ok: true, text: '' },
  facts: [],
  layers: [
    {
      kind: 'cloud',
      id: 'cloud',
      label: 'cloud',
      positions: { dtype: 'f32', shape: [1, 3], sha256: 'a', path: 'a.bin' },
      colors: { dtype: 'u8', shape: [1, 3], sha256: 'b', path: 'b.bin' },
    },
  ],
};

describe('withSidecars', () => {
  it('puts bytes in the place of paths, and leaves what cannot be read', async () => {
    const found = await withSidecars(sampleScene, (path) =>
      path === 'a.bin' ? Promise.resolve(Uint8Array.of(1, 2, 3)) : Promise.reject(new Error('none')),
    );
    const cloud = found.layers[0];
    if (cloud?.kind !== 'cloud') throw new Error('the layer is gone');
    expect(cloud.positions).toEqual({ dtype: 'f32', shape: [1, 3], sha256: 'a', base64: 'AQID' });
    expect(cloud.colors?.path).toBe('b.bin');
    expect(found.title).toBe('cloud');
  });

  it('reads nothing outside the record', async () => {
    const [cloud] = sampleScene.layers;
    if (cloud?.kind !== 'cloud') throw new Error('the layer is gone');
    const outside = { ...cloud, positions: { ...cloud.positions, path: '../secret.bin' } };
    const asked: string[] = [];
    await withSidecars({ ...sampleScene, layers: [outside] }, (path) => {
      asked.push(path);
      return Promise.resolve(Uint8Array.of(1));
    });
    expect(asked).toEqual(['b.bin']);
  });
});
