import { Color, ColorManagement } from 'three';
import { describe, expect, it } from 'vitest';
import { greyFactor, toned } from './arm-tone.ts';

// As the stage has it: colours are what they say.
ColorManagement.enabled = false;

const LINK = '#aeb4ba';
const hex = (color: Color): string => color.getHexString();

describe('the tone of an arm', () => {
  it('draws the lightest grey as light as a link, and the others in proportion', () => {
    const [white, grey] = [new Color('#ffffff'), new Color('#808080')];
    const factor = greyFactor([white, grey], LINK);
    expect(toned(white, factor).r).toBeCloseTo((0xae + 0xb4 + 0xba) / 3 / 255, 2);
    expect(toned(grey, factor).r / grey.r).toBeCloseTo(factor, 6);
  });

  it('leaves a dark arm and colours as they are', () => {
    expect(greyFactor([new Color('#4a5057')], LINK)).toBe(1);
    expect(greyFactor([], LINK)).toBe(1);
    expect(hex(toned(new Color('#ff8800'), 0.5))).toBe('ff8800');
    expect(greyFactor([new Color('#ff8800')], LINK)).toBe(1);
  });
});
