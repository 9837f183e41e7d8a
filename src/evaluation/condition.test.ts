import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionName, EXACT, parseCondition } from './condition.ts';

describe('conditions', () => {
  it('are read in millimetres, degrees and per cent', () => {
    const condition = parseCondition('shared=20, yaw=15,drop=40,camera=left');
    expect(condition.shared).toBeCloseTo(0.02, 12);
    expect(condition.yaw).toBeCloseTo(Math.PI / 12, 12);
    expect(condition.drop).toBeCloseTo(0.4, 12);
    expect(condition.camera).toBe('left');
    expect(parseCondition('exact')).toEqual(EXACT);
  });

  it('have one name, whatever the order in which they were written', () => {
    expect(conditionName(parseCondition('yaw=15,shared=20'))).toBe('shared=20,yaw=15');
    expect(conditionName(parseCondition('shared=0'))).toBe('exact');
    fc.assert(
      fc.property(
        fc.record({
          shared: fc.nat(200),
          ray: fc.nat(200),
          yaw: fc.nat(90),
          drop: fc.nat(100),
          moved: fc.nat(100),
        }),
        (numbers) => {
          const text = Object.entries(numbers)
            .map(([key, value]) => `${key}=${value}`)
            .join(',');
          const name = conditionName(parseCondition(text));
          expect(conditionName(parseCondition(name))).toBe(name);
          for (const [key, value] of Object.entries(numbers)) {
            if (value > 0) expect(name).toContain(`${key}=${value}`);
          }
        },
      ),
    );
  });

  it.each(['', 'noise=3', 'shared', 'shared=-1', 'shared=x', 'shift=up', 'camera='])(
    'refuse "%s"',
    (text) => {
      expect(() => parseCondition(text)).toThrow(/cannot be read/);
    },
  );
});
