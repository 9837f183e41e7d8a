import { describe, expect, it } from 'vitest';
import { IDENTITY_POSE } from '../../core/geometry.ts';
import { sceneObjects } from './detect-objects.ts';

const detected = (label: string, size: [number, number, number] = [0.04, 0.04, 0.04]) =>
  sceneObjects([{ id: label, label, score: 1, size, pose: IDENTITY_POSE }], IDENTITY_POSE)[0];

describe('sceneObjects', () => {
  it('splits a label into colour and shape', () => {
    expect(detected('red cube')).toMatchObject({ colour: 'red', shape: 'cube' });
    expect(detected('gray mug')).toMatchObject({ colour: 'grey', shape: 'mug' });
    expect(detected('peg')).toMatchObject({ shape: 'peg' });
  });

  it('takes what stands before "with" for the thing itself', () => {
    expect(detected('grey plate with a hole')).toMatchObject({ colour: 'grey', shape: 'plate' });
    expect(detected('hole')).toMatchObject({ shape: 'hole' });
  });

  it('takes flat markings for regions', () => {
    expect(detected('target', [0.1, 0.1, 0.001])).toMatchObject({ shape: 'region' });
  });

  it('ties a handle to what it opens, along its own X', () => {
    const boxes = ['drawer', 'drawer handle'].map((label) => ({
      id: label,
      label,
      score: 1,
      size: [0.1, 0.1, 0.1] as [number, number, number],
      pose: { position: [0, 0, 0] as const, orientation: [0, 0, Math.SQRT1_2, Math.SQRT1_2] as const },
    }));
    const handle = sceneObjects(boxes, IDENTITY_POSE)[1];
    expect(handle?.partOf).toBe('drawer');
    expect(handle?.articulation?.kind).toBe('prismatic');
    expect(handle?.articulation?.axis[1]).toBeCloseTo(1, 9);
  });
});
