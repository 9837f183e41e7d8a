import { describe, expect, it } from 'vitest';
import { parseRunList } from './run-list.ts';

describe('parseRunList', () => {
  it('reads CSV with a head', () => {
    const { factors, rows } = parseRunList('seed,noise,refiner\n1,10mm,snap\n2,0,spline\n', 'runs.csv');
    expect(rows).toEqual([
      [1, 0.01, 'snap'],
      [2, 0, 'spline'],
    ]);
    expect(factors[1]).toEqual({ name: 'noise', values: [0.01, 0], unit: 'mm' });
  });

  it('reads a JSON object a line', () => {
    const { rows } = parseRunList('{"seed": 4}\n\n{"seed": 5}\n', 'runs.jsonl');
    expect(rows).toEqual([[4], [5]]);
  });

  it.each([
    ['runs.csv', 'seed,noise\n1\n', /has 1 values, the head has 2/],
    ['runs.csv', 'seed\n1\n1\n', /repeats line 2/],
    ['runs.jsonl', '{"seed": 1}\n{"noise": "1mm"}\n', /exactly seed/],
    ['runs.jsonl', '{"seed": [1]}\n', /neither text, number nor/],
    ['runs.jsonl', 'nonsense\n', /no JSON/],
  ])('says what is wrong in %s', (name, text, message) => {
    expect(() => parseRunList(text, name)).toThrow(message);
  });
});
