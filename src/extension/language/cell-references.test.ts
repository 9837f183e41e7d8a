import { describe, expect, it } from 'vitest';
import { referenceBeingTyped, referencesInFence, referencesInProse } from './cell-references.ts';

describe('references between cells', () => {
  it('are found in a fence with the columns of the id alone', () => {
    const line = '```json waypoints {#grasp plan=put-cube capture="table one" planned=12}';
    const found = referencesInFence(line);
    expect(found.map(({ id, role, key }) => [id, role, key])).toEqual([
      ['grasp', 'definition', undefined],
      ['put-cube', 'reference', 'plan'],
      ['table one', 'reference', 'capture'],
    ]);
    for (const { id, start, end } of found) expect(line.slice(start, end)).toBe(id);
  });

  it('are none in other fences and in broken lists', () => {
    for (const line of ['```json {#a}', '```python {#a}', '```json capture {#a', 'instruction {#a}'])
      expect(referencesInFence(line)).toEqual([]);
  });

  it('are found in prose where the id exists, without the full stop', () => {
    const ids = new Set(['grasp', 'v1.2']);
    expect(referencesInProse('see #grasp. And #nothing, #v1.2!', ids).map(({ id }) => id)).toEqual([
      'grasp',
      'v1.2',
    ]);
  });

  it('are completed after the key', () => {
    expect(referenceBeingTyped('```json execute {#go trajectory=gr')).toBe('trajectory');
    expect(referenceBeingTyped('```json execute {#go speed=')).toBeUndefined();
    expect(referenceBeingTyped('prose capture=')).toBeUndefined();
  });
});
