import { describe, expect, it } from 'vitest';
import type { Quat, Vec3 } from '../../core/geometry.ts';
import { IDENTITY_POSE, IDENTITY_QUAT, quatFromAxisAngle } from '../../core/geometry.ts';
import { detectionsMessage, parseDetections } from '../protocol/detection-messages.ts';
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

  it('knows hinges and parts that the detector tells of, through the message and in base', () => {
    const hinge = { kind: 'revolute', axis: [0, 0, -1], origin: [0.1, 0.2, 0.3], travel: 1.7 } as const;
    const door = { ...seen('d', 'microwave door', [0.01, 0.2, 0.2]), articulation: hinge };
    const handle = { ...seen('h', 'door handle', [0.02, 0.02, 0.1]), articulation: hinge, partOf: 'd' };
    const slide = { kind: 'prismatic', axis: [-1, 0, 0] } as const;
    const button = { ...seen('b', 'red button', [0.02, 0.02, 0.02]), articulation: slide };
    const header = { stamp: { sec: 0, nanosec: 0 }, frame_id: 'base' };
    const message = detectionsMessage(header, [door, handle, button]);
    expect(message.detections.map((d) => d.results[0]?.hypothesis.class_id)).toEqual([
      'microwave door',
      'door handle',
      'red button',
    ]);
    const turned = { position: [1, 0, 0] as Vec3, orientation: quatFromAxisAngle([1, 0, 0], Math.PI) };
    const [seenDoor, seenHandle, seenButton] = sceneObjects(parseDetections(message).detections, turned);
    expect(seenHandle).toMatchObject({ partOf: 'd', shape: 'handle' });
    for (const object of [seenDoor!, seenHandle!]) {
      const { kind, axis, origin, travel } = object.articulation!;
      expect([kind, travel]).toEqual(['revolute', 1.7]);
      [0, 0, 1].forEach((v, k) => expect(axis[k]).toBeCloseTo(v));
      [1.1, -0.2, -0.3].forEach((v, k) => expect(origin![k]).toBeCloseTo(v));
    }
    [-1, 0, 0].forEach((v, k) => expect(seenButton!.articulation!.axis[k]).toBeCloseTo(v));
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
