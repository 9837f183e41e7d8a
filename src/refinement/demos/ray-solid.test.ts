import { describe, expect, it } from 'vitest';
import { IDENTITY_POSE, quatFromAxisAngle, type Pose, type Vec3 } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import { boundingRadius, RaySolid, type PlacedShape } from './ray-solid.ts';

type Shape = PlacedShape['shape'];
const shapes: Shape[] = [
  { kind: 'box', size: [0.1, 0.2, 0.3] },
  { kind: 'sphere', radius: 0.1 },
  { kind: 'cylinder', radius: 0.06, length: 0.2 },
  { kind: 'capsule', radius: 0.05, length: 0.12 },
];

function inside(shape: Shape, [x, y, z]: Vec3): boolean {
  switch (shape.kind) {
    case 'box':
      return [x, y, z].every((v, k) => Math.abs(v) < shape.size[k]! / 2);
    case 'sphere':
      return Math.hypot(x, y, z) < shape.radius;
    case 'cylinder':
      return Math.hypot(x, y) < shape.radius && Math.abs(z) < shape.length / 2;
    case 'capsule':
      return Math.hypot(x, y, Math.max(0, Math.abs(z) - shape.length / 2)) < shape.radius;
  }
}

describe.each(shapes)('a ray meets a $kind', (shape) => {
  const random = new Random('rays', shape.kind);
  const around = (reach: number): Vec3 => [
    random.uniform(-reach, reach),
    random.uniform(-reach, reach),
    random.uniform(-reach, reach),
  ];

  it('where small steps along it first do, facing what a neighbouring ray says', () => {
    let hits = 0;
    for (let k = 0; k < 150; k++) {
      const [x, y, z] = around(1);
      const eye: Vec3 = [x, y, z + 1.5];
      const to = around(0.1);
      const d: Vec3 = [to[0] - eye[0], to[1] - eye[1], to[2] - eye[2]];
      const solid = new RaySolid({ shape, pose: IDENTITY_POSE }, eye);
      const found = solid.hit(...d);
      const at = (t: number): Vec3 => [eye[0] + t * d[0], eye[1] + t * d[1], eye[2] + t * d[2]];
      let marched = Infinity;
      for (let t = 0; t < 1.5 && marched === Infinity; t += 0.0004) if (inside(shape, at(t))) marched = t;
      // Only grazing hits may slip between two steps.
      if (marched === Infinity) continue;
      hits++;
      expect(Math.abs(found - marched)).toBeLessThan(0.0005);
      expect(solid.facing).toBeGreaterThanOrEqual(0);
      expect(solid.facing).toBeLessThanOrEqual(1 + 1e-9);
    }
    expect(hits).toBeGreaterThan(40);
  });

  it('in whatever place and turn it is, and never beyond its ball', () => {
    const pose: Pose = { position: [0.1, -0.2, 0.3], orientation: quatFromAxisAngle([1, 2, 0.5], 0.9) };
    const eye: Vec3 = [0.9, 0.4, 1.1];
    const solid = new RaySolid({ shape, pose }, eye);
    for (let k = 0; k < 200; k++) {
      const [x, y, z] = around(0.4);
      const d: Vec3 = [
        pose.position[0] + x - eye[0],
        pose.position[1] + y - eye[1],
        pose.position[2] + z - eye[2],
      ];
      const t = solid.hit(...d);
      if (t === Infinity) continue;
      const off = Math.hypot(...[0, 1, 2].map((i) => eye[i]! + t * d[i]! - pose.position[i]!));
      expect(off).toBeLessThanOrEqual(boundingRadius(shape) + 1e-9);
    }
    expect(solid.hit(eye[0] - pose.position[0], eye[1] - pose.position[1], eye[2] - pose.position[2])).toBe(
      Infinity,
    );
  });
});
