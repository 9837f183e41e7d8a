import { expect, test } from 'vitest';
import { OwnSelections } from './own-selections.ts';

test('a selection that a view made itself is known again once, and one by hand is not', () => {
  const own = new OwnSelections();
  own.put(12);
  expect(own.take(40)).toBe(false);
  expect(own.take(12)).toBe(true);
  expect(own.take(12)).toBe(false);
});

test('two in a row are both known again when they are told of late', () => {
  const own = new OwnSelections();
  own.put(12);
  own.put(40);
  expect([own.take(12), own.take(40)]).toEqual([true, true]);
});

test('of those that nobody was told of nothing stays', () => {
  const own = new OwnSelections();
  own.put(12);
  own.put(40);
  expect(own.take(40)).toBe(true);
  expect(own.take(12)).toBe(false);
});
