import { describe, expect, it } from 'vitest';
import { encodeBuffer, fromBase64 } from '../../core/scene-buffer.ts';
import type { Scene, SceneLayer } from '../../core/scene.ts';
import { sampleScene } from '../../records/testing/sample-run.ts';
import { sceneStill } from './scene-still.ts';

const still = (scene: Scene): string => sceneStill(scene, ({ base64 }) => fromBase64(base64 ?? ''));
const withLayers = (layers: readonly SceneLayer[]): Scene => ({ ...sampleScene('a'), layers });

describe('a still of a scene', () => {
  it('holds every kind of thing that has a place, inside the picture', () => {
    const pose = { position: [0.4, 0.1, 0.02] as const, orientation: [0, 0, 0, 1] as const };
    const tool = new Float32Array([0.3, 0, 0.4, 1, 0, 0, 0, 0.4, 0.1, 0.1, 1, 0, 0, 0]);
    const times = encodeBuffer(new Float32Array([0, 1]), [2]);
    const svg = still({
      ...sampleScene('a'),
      layers: [
        ...sampleScene('a').layers,
        {
          kind: 'boxes',
          id: 'b',
          label: 'b',
          boxes: [{ label: 'cube', pose, size: [0.04, 0.04, 0.04], role: 'target' }],
        },
        {
          kind: 'waypoints',
          id: 'w',
          label: 'w',
          waypoints: [{ label: 'grasp', ...pose, gripper: 0, radius: 0.01 }],
        },
        {
          kind: 'trajectory',
          role: 'refined',
          id: 't',
          label: 't',
          times,
          gripper: times,
          tool: encodeBuffer(tool, [2, 7]),
          events: [],
        },
      ],
    });
    expect(svg).toMatch(/^<svg .*<\/svg>$/);
    expect(svg.match(/h0/g)).toHaveLength(200);
    expect(svg).toContain('class="target"');
    expect(svg).toContain('class="refined"');
    expect(svg).toContain('class="coarse ring"');
    expect(svg).toContain('>1</text>');
    for (const [, x, y] of svg.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThanOrEqual(640);
      expect(Number(y)).toBeGreaterThanOrEqual(0);
      expect(Number(y)).toBeLessThanOrEqual(360);
    }
  });

  it('is small, whatever the cloud', () => {
    const count = 60_000;
    const positions = encodeBuffer(
      Float32Array.from({ length: 3 * count }, (_, i) => Math.sin(i)),
      [count, 3],
    );
    expect(still(withLayers([{ kind: 'cloud', id: 'c', label: 'c', positions }])).length).toBeLessThan(
      60_000,
    );
  });

  it('is nothing where there is nothing to see', () => {
    expect(still(withLayers([]))).toBe('');
    const positions = encodeBuffer(new Float32Array([NaN, 0, 0]), [1, 3]);
    expect(still(withLayers([{ kind: 'cloud', id: 'c', label: 'c', positions }]))).toBe('');
  });
});
