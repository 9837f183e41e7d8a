import { describe, expect, it } from 'vitest';
import { quatFromAxisAngle } from '../../src/core/geometry.ts';
import { framesOf, inFrame } from './frames.ts';
import type { LayerData } from './scene-data.ts';

const head = { label: 'Frames', cell: undefined, hidden: false, signature: '' };
const pose = {
  position: [1, 0, 0.5] as const,
  orientation: quatFromAxisAngle([0, 0, 1], Math.PI / 2),
};
const layers: LayerData[] = [
  {
    ...head,
    kind: 'frames',
    id: 'frames',
    frames: [
      { name: 'base', pose },
      { name: 'tool', pose },
    ],
  },
  {
    ...head,
    kind: 'boxes',
    id: 'boxes',
    boxes: [
      { label: 'red cube', pose, size: [1, 1, 1], role: 'target' },
      { label: 'workspace', pose, size: [1, 1, 1], role: 'workspace' },
    ],
  },
];

describe('frames', () => {
  it('are base, then what the scene names, each once and no limits', () => {
    expect(framesOf(layers).map(({ name }) => name)).toEqual(['base', 'tool', 'red cube']);
    expect(framesOf(layers)[0]?.pose.position).toEqual([0, 0, 0]);
  });

  it('say where a point is, seen from them', () => {
    const [x, y, z] = inFrame({ name: 'tool', pose }, [1, 2, 1]);
    expect(x).toBeCloseTo(2, 9);
    expect(y).toBeCloseTo(0, 9);
    expect(z).toBeCloseTo(0.5, 9);
  });
});
