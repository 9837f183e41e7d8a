import { describe, expect, it } from 'vitest';
import type { Quat, Vec3 } from '../../core/geometry.ts';
import { IDENTITY_POSE, IDENTITY_QUAT, quatFromAxisAngle } from '../../core/geometry.ts';
import { sceneObjects } from './detect-objects.ts';

const seen = (id: string, label: string, size: Vec3, orientation: Quat = IDENTITY_QUAT) => ({
  id,
  label,
  score: 0.9,
  pose: { position: [0.5, 0, 0.1] as Vec3, orientation },
  size,
});

describe('sceneObjects', () => {
  it('splits labels into colour and shape, and knows markings by their flatness', () => {
    const [cube, bowl, target, peg, mark] = sceneObjects(
      [
        seen('1', 'red cube', [0.04, 0.04, 0.04]),
        seen('2', 'gray bowl', [0.1, 0.1, 0.05]),
        seen('3', 'target', [0.1, 0.1, 0.001]),
        seen('4', 'peg', [0.02, 0.02, 0.1]),
        seen('5', 'green marking', [0.1, 0.1, 0.001]),
      ],
      IDENTITY_POSE,
    );
    expect(cube).toMatchObject({ colour: 'red', shape: 'cube', source: 'detections' });
    expect(bowl).toMatchObject({ colour: 'grey', shape: 'bowl' });
    expect(target).toMatchObject({ shape: 'region' });
    expect(peg).toMatchObject({ shape: 'peg' });
    expect(peg).not.toHaveProperty('colour');
    expect(mark).toMatchObject({ colour: 'green', shape: 'region' });
  });

  it('ties a handle to what it opens, along its own +X in base', () => {
    const turned = quatFromAxisAngle([0, 0, 1], Math.PI / 2);
    const [, handle] = sceneObjects(
      [seen('d', 'drawer', [0.2, 0.2, 0.1]), seen('h', 'drawer handle', [0.02, 0.1, 0.02], turned)],
      IDENTITY_POSE,
    );
    expect(handle).toMatchObject({ shape: 'handle', partOf: 'd', articulation: { kind: 'prismatic' } });
    const axis = handle?.articulation?.axis ?? [0, 0, 0];
    expect(axis[0]).toBeCloseTo(0);
    expect(axis[1]).toBeCloseTo(1);
  });
});
