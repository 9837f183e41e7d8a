import { describe, expect, it } from 'vitest';
import { ClosedPlaces } from './closed-places.ts';

const memory = () => {
  const kept = new Map<string, unknown>();
  return {
    kept,
    keys: () => [...kept.keys()],
    get: <T>(key: string, other?: T): T | undefined => (kept.get(key) as T | undefined) ?? other,
    update: (key: string, value: unknown) => {
      kept.set(key, value);
      return Promise.resolve();
    },
  };
};
const place = (cell: string, run?: string) => ({
  notebook: 'file:///a.waybook.md',
  cell,
  ...(run ? { run } : {}),
});

describe('ClosedPlaces', () => {
  it('knows what was closed, until it is opened again', async () => {
    const places = new ClosedPlaces(memory());
    await places.closed(place('grasp'));
    await places.closed(place('grasp', 'run-1'));
    expect(places.has(place('grasp'))).toBe(true);
    await places.opened(place('grasp'));
    expect(places.has(place('grasp'))).toBe(false);
    expect(places.has(place('grasp', 'run-1'))).toBe(true);
  });

  it('keeps the last few, and survives a memory that somebody else wrote', async () => {
    const store = memory();
    await store.update('waybook.closedInspectors', { not: 'a list' });
    const places = new ClosedPlaces(store);
    expect(places.has(place('c0'))).toBe(false);
    for (let i = 0; i < 30; i++) await places.closed(place(`c${i}`));
    expect(places.has(place('c0'))).toBe(false);
    expect(places.has(place('c29'))).toBe(true);
  });
});
