import { expect, it } from 'vitest';
import { quantity } from './quantity.ts';

it.each([
  [-0.00846, 'm', '-8.5 mm'],
  [0.02, 'm', '20 mm'],
  [0.0996, 'm', '99.6 mm'],
  [0.1, 'm', '0.1 m'],
  [0.2549, 'm', '0.255 m'],
  [-1.5, 'm', '-1.5 m'],
  [0, 'm', '0 mm'],
  [-0, 'm', '0 mm'],
  [0.00004, 'm', '0.04 mm'],
  [2.61799, 'rad/s', '2.62 rad/s'],
  [0.004, 'rad', '0.004 rad'],
  [0.25, 'm/s', '0.25 m/s'],
  [0.204, 's', '0.204 s'],
  [12, '', '12'],
  [Number.NaN, 'm', 'NaN m'],
  [Number.POSITIVE_INFINITY, 'rad', 'Infinity rad'],
])('%f %s is told as %s', (value, unit, told) => {
  expect(quantity(value, unit)).toBe(told);
});
