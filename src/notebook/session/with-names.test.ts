import { describe, expect, it } from 'vitest';
import { IDENTITY_POSE } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { withNames } from './cells/run-capture.ts';

const object = (id: string, label: string): SceneObject => ({
  id,
  label,
  pose: IDENTITY_POSE,
  size: [0.04, 0.04, 0.04],
  score: 1,
  source: 'detections',
});

describe('withNames', () => {
  it('adds the names of the front matter to the things that they mean, by label or id', () => {
    const objects = [object('red-cube', 'red cube'), object('bowl-2', 'blue bowl')];
    const named = withNames(objects, { workpiece: 'red cube', bin: 'bowl-2', nothing: 'mug' });
    expect(named.map((o) => o.names)).toEqual([['workpiece'], ['bin']]);
    expect(withNames(objects, undefined)).toBe(objects);
  });
});
