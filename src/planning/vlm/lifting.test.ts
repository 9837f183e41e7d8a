import { describe, expect, it } from 'vitest';
import { distance, type Vec3 } from '../../core/geometry.ts';
import { tableScene } from '../testing/scenes.ts';
import { fromLetterbox, letterboxOf, toLetterbox } from './letterbox.ts';
import { lift, liftWithDepth, project, type LiftView } from './lifting.ts';
import { drawMarks, marksFor } from './marks.ts';
import { decodePng, encodePng } from './png.ts';

/** Straight down from 0.8 m over the middle of the table: +Z down, +X along base +Y mirrored. */
const view: LiftView = {
  intrinsics: { width: 320, height: 240, fx: 250, fy: 250, cx: 160, cy: 120 },
  cameraPose: { position: [0.5, 0, 0.8], orientation: [1, 0, 0, 0] },
};

describe('lifting', () => {
  it('means the instance that a pixel shows, at its centre rather than on its surface', () => {
    const cube = tableScene[0]!;
    const [u, v] = project(view, cube.pose.position)!;
    const lifted = lift(view, u + 3, v - 2, tableScene);
    expect(lifted).toMatchObject({ kind: 'instance', object: { id: 'red-cube' } });
    expect(lifted.kind === 'instance' && distance(lifted.position, cube.pose.position)).toBe(0);
  });

  it('uses the measured depth where no instance is near', () => {
    const depth = new Float32Array(320 * 240).fill(0.8);
    const spot: Vec3 = [0.5, 0.15, 0];
    const [u, v] = project(view, spot)!;
    const lifted = lift({ ...view, depth }, u, v, tableScene);
    expect(lifted.kind).toBe('depth');
    expect(lifted.kind === 'depth' && distance(lifted.position, spot)).toBeLessThan(0.002);
    expect(lift(view, u, v, tableScene).kind).toBe('none');
  });

  it('projects what it lifts', () => {
    const p = liftWithDepth(view, 40, 200, 0.65);
    const [u, v] = project(view, p)!;
    expect(u).toBeCloseTo(40, 6);
    expect(v).toBeCloseTo(200, 6);
  });

  it('fits pictures into the square and back', () => {
    const box = letterboxOf(640, 480);
    const [x, y] = toLetterbox(box, 320, 240);
    expect([x, y]).toEqual([500, 375]);
    expect(fromLetterbox(box, x, y)).toEqual([320, 240]);
    expect(fromLetterbox(box, 500, 900)).toBeUndefined();
  });
});

describe('marks', () => {
  const picture = { width: 320, height: 240, rgb: new Uint8Array(3 * 320 * 240).fill(200) };
  const plan = { camera: 'top', image: encodePng(picture), ...view };

  it('numbers every visible object where the camera sees it', () => {
    const marks = marksFor(plan, tableScene);
    expect(marks.map((m) => m.text)).toContain('1');
    const [u, v] = project(view, tableScene[0]!.pose.position)!;
    const first = marks.find((m) => m.text === '1')!;
    expect([first.x, first.y]).toEqual(toLetterbox(letterboxOf(320, 240), u, v));
  });

  it('draws them into a square picture, and leaves pictures that it cannot decode alone', () => {
    const drawn = drawMarks(plan, tableScene);
    const square = decodePng(drawn!.bytes)!;
    expect([square.width, square.height]).toEqual([1000, 1000]);
    const first = marksFor(plan, tableScene).find((m) => m.text === '1')!;
    const row = Math.round(first.y) * 1000 + Math.round(first.x);
    expect(square.rgb[3 * row]).not.toBe(200);
    expect(drawMarks({ ...plan, image: Uint8Array.of(0xff, 0xd8, 1) }, tableScene)).toBeUndefined();
  });

  it('decodes what it encodes', () => {
    const rgb = Uint8Array.from({ length: 3 * 7 * 5 }, (_, i) => (i * 37) % 256);
    expect(decodePng(encodePng({ width: 7, height: 5, rgb }))).toEqual({ width: 7, height: 5, rgb });
    expect(decodePng(encodePng({ width: 7, height: 5, rgb }).subarray(0, 60))).toBeUndefined();
  });
});
