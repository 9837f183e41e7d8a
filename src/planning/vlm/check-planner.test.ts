import { describe, expect, it } from 'vitest';
import { askedOf, fakeOpenAi } from '../testing/fake-openai.ts';
import type { PlanView } from '../planner.ts';
import { checkPlanner, formatPlannerCheck, type CheckPicture } from './check-planner.ts';
import { OpenAiClient } from './openai-client.ts';
import { decodePng, encodePng, type Raster } from './png.ts';

const signal = new AbortController().signal;
const SHEET: CheckPicture = { kind: 'sheet', metresAcross: 0.8 };

/** Centres of the black plates in a picture, by their size, in the order of their digits on a sheet. */
function platesOf(square: Raster): [number, number][] {
  const found: [number, number][] = [];
  const seen = new Uint8Array(square.width * square.height);
  const black = (x: number, y: number) =>
    [0, 1, 2].every((k) => square.rgb[3 * (y * square.width + x) + k] === 0);
  for (let y = 0; y < square.height; y++) {
    for (let x = 0; x < square.width; x++) {
      if (seen[y * square.width + x] || !black(x, y)) continue;
      for (let v = y; v < Math.min(square.height, y + 28); v++)
        for (let u = x; u < x + 20; u++) seen[v * square.width + u] = 1;
      found.push([x + 10, y + 14]);
    }
  }
  return found;
}

/** Reads the digit of a plate by comparing it with the plates of a known sheet: here, by a bit of each digit. */
function digitOf(square: Raster, [x, y]: readonly [number, number]): string {
  const bit = (column: number, row: number) =>
    square.rgb[3 * ((y - 14 + 4 * (row + 1) + 2) * square.width + (x - 10 + 4 * (column + 1) + 2))] === 255;
  const rows = [0, 1, 2, 3, 4].map((r) => [0, 1, 2].map((c) => (bit(c, r) ? '1' : '0')).join(''));
  const known: Readonly<Record<string, string>> = {
    '010 110 010 010 111': '1',
    '111 001 111 100 111': '2',
    '111 001 111 001 111': '3',
    '101 101 111 001 001': '4',
    '111 100 111 001 111': '5',
  };
  return known[rows.join(' ')] ?? '?';
}

type Say = (x: number, y: number, label: string) => string;

/** An endpoint whose model really looks at the picture that it got, and answers in its own way. */
async function check(model: string, say: Say, picture: CheckPicture = SHEET) {
  await using server = await fakeOpenAi([
    {
      kind: 'answer',
      to: (request) => {
        const { image } = askedOf(request);
        const square = image && decodePng(image);
        if (square === undefined) return 'I see no picture.';
        const points = platesOf(square).map((at) => ({ at, label: digitOf(square, at) }));
        points.sort((a, b) => (a.label < b.label ? -1 : 1));
        return `[${points.map(({ at, label }) => say(at[0], at[1], label)).join(', ')}]`;
      },
    },
  ]);
  const port = new OpenAiClient({ baseUrl: server.baseUrl, model, timeout: 5000 });
  return await checkPlanner(port, picture, signal);
}

const qwen: Say = (x, y, label) => `{"point_2d": [${x}, ${y}], "label": "${label}"}`;
const gemini: Say = (x, y, label) => `{"point": [${y}, ${x}], "label": "${label}"}`;

describe('Check Planner', () => {
  it('measures a model of each convention', async () => {
    const off: Say = (x, y, label) => qwen(x + 3, y - 4, label);
    expect(await check('qwen3-vl', off)).toMatchObject({
      model: 'fake-1',
      format: 'qwen-vl',
      order: 'xy',
      swapped: false,
      errorPixels: 5,
      errorMillimetres: 4,
    });
    expect(await check('gemini-robotics-er', gemini)).toMatchObject({
      format: 'gemini',
      order: 'yx',
      swapped: false,
      errorPixels: 0,
    });
    expect(await check('RoboBrain2.5-8B', (x, y) => `(${x}, ${y}, 0.7)`)).toMatchObject({
      format: 'uvd',
      order: 'xy',
      errorPixels: 0,
    });
    const hamster: Say = (x, y, label) =>
      `{"point_3d": [${x}, ${y}, 0.7], "label": "${label}", "gripper": "open"}`;
    expect(await check('3D_HAMSTER', hamster)).toMatchObject({ format: 'uvd', errorPixels: 0 });
  });

  it('tries every convention on a model of unknown name', async () => {
    const found = await check('my-model', gemini);
    expect(found).toMatchObject({ format: 'gemini', order: 'yx', swapped: false });
    expect(found.replies.map((r) => r.format)).toEqual(['qwen-vl', 'gemini', 'uvd']);
  });

  it('notices coordinates that come the other way round, or as shares of the picture', async () => {
    const swapped = await check('gemini-2', (x, y, label) => `{"point": [${x}, ${y}], "label": "${label}"}`);
    expect(swapped).toMatchObject({ format: 'gemini', order: 'xy', swapped: true, errorPixels: 0 });
    expect(formatPlannerCheck(swapped)).toMatch(/\[x, y\].*other way round/s);
    const shares = await check('qwen3-vl', (x, y, label) => qwen(x / 1000, y / 1000, label));
    expect(shares).toMatchObject({ shares: true, swapped: false });
    expect(shares.errorPixels).toBeCloseTo(0, 9);
  });

  it('measures millimetres on the table through a camera, depths too', async () => {
    // looks straight down from 1 m over (0.5, 0): right in the picture is base -Y, down is base -X
    const view: PlanView = {
      camera: 'top',
      image: encodePng({ width: 320, height: 240, rgb: new Uint8Array(3 * 320 * 240).fill(120) }),
      intrinsics: { width: 320, height: 240, fx: 300, fy: 300, cx: 160, cy: 120 },
      cameraPose: { position: [0.5, 0, 1], orientation: [-Math.SQRT1_2, Math.SQRT1_2, 0, 0] },
    };
    const picture: CheckPicture = { kind: 'view', view, table: 0 };
    // three thousandths of 320 px are 0.96 px, at 1 m and f = 300 px 3.2 mm
    const report = await check('robobrain', (x, y) => `(${x + 3}, ${y}, 1.02)`, picture);
    expect(report.errorMillimetres).toBeGreaterThan(1.5);
    expect(report.errorMillimetres).toBeLessThan(5);
    expect(report.depthMillimetres).toBeCloseTo(20, 6);
  });

  it('says so where a model points nowhere, or takes no pictures', async () => {
    await expect(check('mystery', () => '"no idea"')).rejects.toMatchObject({ code: 'input/planner' });
  });
});
