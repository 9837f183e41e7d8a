import { describe, expect, it } from 'vitest';
import { checkPlanner } from './check-planner.ts';
import { decodePng } from './png.ts';
import type { ModelPort } from './model-port.ts';

/** A model that sees the three plates at these places and answers in its own way. */
const pointing = (model: string, answer: (x: number, y: number, label: string) => string): ModelPort => ({
  id: 'fake',
  model,
  ask: async ({ messages }) => {
    const square = decodePng(messages[0]!.images![0]!.bytes)!;
    const found: string[] = [];
    for (const [x, y, label] of [
      [180, 420, '1'],
      [760, 240, '2'],
      [540, 830, '3'],
    ] as const) {
      const centre = square.rgb[3 * ((y - 13) * 1000 + x)];
      if (centre === 0) found.push(answer(x, y, label));
    }
    return { text: `[${found.join(',')}]`, model, truncated: false, without: [] };
  },
});
const signal = new AbortController().signal;

describe('Check Planner', () => {
  it('measures a model that points well', async () => {
    const port = pointing(
      'qwen3-vl',
      (x, y, label) => `{"point_2d": [${x + 3}, ${y - 4}], "label": "${label}"}`,
    );
    expect(await checkPlanner(port, 0.8, signal)).toMatchObject({
      format: 'qwen-vl',
      swapped: false,
      errorPixels: 5,
      errorMillimetres: 4,
    });
  });

  it('notices coordinates that come the other way round', async () => {
    const port = pointing('gemini-2', (x, y, label) => `{"point": [${x}, ${y}], "label": "${label}"}`);
    expect(await checkPlanner(port, 0.8, signal)).toMatchObject({
      format: 'gemini',
      swapped: true,
      errorPixels: 0,
    });
  });

  it('says so where a model points nowhere', async () => {
    const port = pointing('mystery', () => '"no idea"');
    await expect(checkPlanner(port, 0.8, signal)).rejects.toMatchObject({ code: 'input/planner' });
  });
});
