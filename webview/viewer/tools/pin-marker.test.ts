import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { LayerData } from '../scene-data.ts';
import { canClick, nextClick, pinFrom, thingAt } from './pin-marker.ts';

const handle: Vec3 = [0.5, 0.3, 0.1];

describe('what clicks make of a pin', () => {
  it('one is enough for a thing, and two say which way a handle opens', () => {
    expect(pinFrom('thing', [handle])).toEqual({ at: handle });
    expect(pinFrom('slides', [handle])).toBeUndefined();
    const { opens } = pinFrom('slides', [handle, [0.3, 0.3, 0.1]])!;
    expect(opens!.map((v) => +v.toFixed(9) + 0)).toEqual([-1, 0, 0]);
  });

  it('a hinge turns the way that takes the handle to the last click, whichever end was clicked first', () => {
    const [low, high]: [Vec3, Vec3] = [
      [0.6, 0.1, 0.05],
      [0.6, 0.1, 0.25],
    ];
    // seen from above, the handle at +Y of the hinge goes towards -X: counter-clockwise
    const towards: Vec3 = [0.4, 0.25, 0.1];
    for (const ends of [
      [low, high],
      [high, low],
    ]) {
      const { hinge } = pinFrom('swings', [handle, ...ends, towards])!;
      expect(hinge!.axis[2]).toBeCloseTo(1);
      expect(hinge!.origin).toEqual(ends[0]);
    }
    expect(pinFrom('swings', [handle, low, high, [0.65, 0.35, 0.1]])!.hinge!.axis[2]).toBeCloseTo(-1);
    expect(pinFrom('swings', [handle, low, high])).toBeUndefined();
  });

  it('says what is clicked next, and takes no click twice', () => {
    expect(nextClick('swings', 1)).toMatch(/hinge/);
    expect(nextClick('thing', 1)).toBe('');
    expect(canClick([], handle)).toBe(true);
    expect(canClick([handle], [0.5, 0.3, 0.105])).toBe(false);
  });

  it('knows what was found where something is clicked, the smaller of two', () => {
    const box = (label: string, size: Vec3) => ({
      label,
      pose: { position: [0.5, 0.3, 0.1] as Vec3, orientation: [0, 0, 0, 1] as const },
      size,
    });
    const layers = [
      { kind: 'boxes', boxes: [box('cabinet', [0.3, 0.3, 0.3]), box('handle', [0.02, 0.1, 0.02])] },
    ] as unknown as LayerData[];
    expect(thingAt(layers, handle)?.label).toBe('handle');
    expect(thingAt(layers, [0.6, 0.3, 0.1])?.label).toBe('cabinet');
    expect(thingAt(layers, [1, 0, 0])).toBeUndefined();
  });
});
