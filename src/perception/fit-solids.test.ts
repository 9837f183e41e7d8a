import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { fitSolids, likeliestSolid, type SolidKind } from './fit-solids.ts';

/** Points on the half of a solid that a camera at -X above sees, with a millimetre of noise. */
function seen(kind: SolidKind, seed: number): Float32Array {
  const random = new Random('solid', seed);
  const points: number[] = [];
  const r = 0.02;
  while (points.length < 600) {
    const [u, v] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    const noise = (): number => 0.001 * random.normal();
    if (kind === 'ball') {
      const angle = Math.PI * u;
      const z = v;
      const s = Math.sqrt(1 - z * z);
      const [nx, ny] = [s * Math.cos(angle), s * Math.sin(angle)];
      if (nx > 0.2 && z < 0.3) continue;
      points.push(0.5 + r * nx + noise(), r * ny + noise(), r + r * z + noise());
    } else if (kind === 'cylinder') {
      if (v > 0) {
        if (u * u + (2 * v - 1) ** 2 > 1) continue;
        points.push(0.5 + r * u + noise(), r * (2 * v - 1) + noise(), 2 * r + noise());
      } else {
        const angle = Math.PI + (u * Math.PI) / 2;
        points.push(0.5 + r * Math.cos(angle) + noise(), r * Math.sin(angle) + noise(), -2 * r * v + noise());
      }
    } else {
      const top = random.next() < 0.5;
      points.push(0.5 + (top ? r * u : -r) + noise(), r * v + noise(), (top ? 2 * r : r + r * u) + noise());
    }
  }
  return Float32Array.from(points);
}

const guess = { x: 0.498, y: 0.002, yaw: 0.3, length: 0.044, width: 0.036, bottom: 0, top: 0.042 };
const residuals = (points: Float32Array) => {
  const fits = fitSolids(points, guess);
  return { box: fits.box.residual, cylinder: fits.cylinder.residual, ball: fits.ball.residual };
};

describe('fitSolids', () => {
  it.each(['box', 'cylinder', 'ball'] as const)(
    'tells a %s of four centimetres from the half that is seen',
    (kind) => {
      for (let seed = 0; seed < 8; seed++) expect(likeliestSolid(residuals(seen(kind, seed)))).toBe(kind);
    },
  );

  it('measures what is round whole, though half of it is hidden', () => {
    const { ball } = fitSolids(seen('ball', 1), guess);
    expect(ball.x).toBeCloseTo(0.5, 2);
    expect(Math.abs(ball.length - 0.04)).toBeLessThan(0.003);
    const { cylinder } = fitSolids(seen('cylinder', 1), guess);
    expect(Math.abs(cylinder.length - 0.04)).toBeLessThan(0.004);
    expect(Math.abs(cylinder.height - 0.04)).toBeLessThan(0.002);
  });
});
