import { describe, expect, it } from 'vitest';
import { describeValue, parseFactor } from './factor.ts';

describe('parseFactor', () => {
  it('reads ranges of seeds, and words', () => {
    expect(parseFactor('seed=0..2,7')).toEqual({ name: 'seed', values: [0, 1, 2, 7] });
    expect(parseFactor('refiner=spline, snap')).toEqual({ name: 'refiner', values: ['spline', 'snap'] });
    expect(parseFactor('flag=true,false').values).toEqual([true, false]);
    expect(parseFactor('speed=0.25,0.5').values).toEqual([0.25, 0.5]);
  });

  it('takes a unit for every value before it, and tells lengths in the unit that was written', () => {
    const noise = parseFactor('noise=0,10,20mm');
    expect(noise).toEqual({ name: 'noise', values: [0, 0.01, 0.02], unit: 'mm' });
    expect(noise.values.map((value) => describeValue(noise, value))).toEqual(['0 mm', '10 mm', '20 mm']);
    expect(parseFactor('noise=5mm,1cm').values).toEqual([0.005, 0.01]);
    expect(parseFactor('noise=off,normal').values).toEqual(['off', 'normal']);
  });

  it.each([
    ['seed', /not name=values/],
    ['=3', /not name=values/],
    ['seed=', /not name=values/],
    ['noise=10', /is no length/],
    ['noise=10kg', /is no length/],
    ['seed=1,1', /names a value twice/],
    ['seed=5..1', /runs backwards/],
  ])('refuses %s', (text, message) => {
    expect(() => parseFactor(text)).toThrow(message);
  });
});
