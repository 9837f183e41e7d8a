import { describe, expect, it } from 'vitest';
import { formatTable, median } from './table.ts';

describe('formatTable', () => {
  it('aligns words to the left and numbers to the right', () => {
    expect(
      formatTable([
        ['task', 'n'],
        ['stack', '9'],
        ['sort', '100'],
      ]),
    ).toBe(['task     n', '-----  ---', 'stack    9', 'sort   100', ''].join('\n'));
  });

  it('takes the median of odd and even counts', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
