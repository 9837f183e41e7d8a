import { Group } from 'three';
import { transformPoint } from '../../../src/core/geometry.ts';
import type { Pose, Vec3 } from '../../../src/core/geometry.ts';
import type { Annotation } from '../draw/annotation.ts';
import { FatLines } from '../draw/fat-line.ts';
import { boundsOf } from '../load-scene.ts';
import type { BoxesData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import type { Bounds, FrameInfo, LayerView, LegendEntry } from './layer.ts';

type Box = BoxesData['boxes'][number];

/** Detections as thin boxes, the target as corner brackets (whole once held), the workspace dashed. */
export class BoxesLayerView implements LayerView<BoxesData> {
  readonly data: BoxesData;
  readonly object = new Group();
  #palette: Palette;
  readonly #lines: { readonly line: FatLines; readonly color: (palette: Palette) => string }[] = [];

  constructor(data: BoxesData, palette: Palette) {
    this.data = data;
    this.#palette = palette;
    this.object.name = data.id;
    for (const box of data.boxes) {
      const isTarget = box.role === 'target' || box.role === 'held';
      const segments = boxSegments(box, box.role === 'target' ? 0.28 : 1);
      if (box.role === 'detection') this.#addHalo(box, segments, palette);
      const line = new FatLines(segments, {
        color: colorOf(box, palette),
        width: isTarget ? 2 : 1,
        ...(box.role === 'workspace' ? { dash: [0.03, 0.02] as const } : {}),
        ...(isTarget ? { onTop: true } : { opacity: 0.9, lift: 0.002 }),
      });
      line.name = box.label;
      this.#lines.push({ line, color: (now) => colorOf(box, now) });
      this.object.add(line);
    }
  }

  bounds(): Bounds | undefined {
    const boxes = this.data.boxes.filter((box) => box.role !== 'workspace');
    return boundsOf(
      boxes.flatMap((box) => corners(box.pose, box.size).flat()),
      3,
    );
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    for (const { line, color } of this.#lines) line.setColor(color(palette));
  }

  beforeFrame(frame: FrameInfo): void {
    for (const { line } of this.#lines) line.setViewport(frame.width, frame.height);
  }

  annotate(): readonly Annotation[] {
    return this.data.boxes
      .filter((box) => box.role !== 'workspace')
      .map((box): Annotation => {
        const isTarget = box.role !== 'detection';
        return {
          kind: 'label',
          anchor: box.pose.position,
          text: box.score === undefined ? box.label : `${box.label} ${box.score.toFixed(2)}`,
          color: isTarget ? this.#palette.target : this.#palette.text,
          look: 'plain',
          leader: true,
          weight: isTarget ? 6 : 2,
        };
      });
  }

  legend(): readonly LegendEntry[] {
    const roles = new Set(this.data.boxes.map((box) => box.role));
    if (!roles.has('target') && !roles.has('held')) return [];
    const text = roles.has('held') ? 'target, held' : 'target';
    return [{ key: 'target', swatch: { kind: 'corners', color: this.#palette.target }, text }];
  }

  detail(): string {
    const [first] = this.data.boxes;
    if (this.data.boxes.length !== 1) return String(this.data.boxes.length);
    // "Workspace limits" says what it is already.
    return first && first.role !== 'workspace' ? first.label : '';
  }

  dispose(): void {
    for (const { line } of this.#lines) line.dispose();
  }

  /** A thin line over points of any colour wants an edge in the canvas's. */
  #addHalo(box: Box, segments: Float32Array, palette: Palette): void {
    const halo = new FatLines(segments, { color: palette.canvas, width: 3, opacity: 0.9, order: 4 });
    halo.name = `${box.label} halo`;
    this.#lines.push({ line: halo, color: (now) => now.canvas });
    this.object.add(halo);
  }
}

const colorOf = (box: Box, palette: Palette): string =>
  box.role === 'target' || box.role === 'held' ? palette.target : palette.neutral;

/** The eight corners of a box: bit 0 is +X, bit 1 +Y, bit 2 +Z. */
export function corners(pose: Pose, size: Vec3): Vec3[] {
  return Array.from({ length: 8 }, (_, i) =>
    transformPoint(pose, [
      ((i & 1 ? 1 : -1) * size[0]) / 2,
      ((i & 2 ? 1 : -1) * size[1]) / 2,
      ((i & 4 ? 1 : -1) * size[2]) / 2,
    ]),
  );
}

/** The twelve edges, or the given share of each edge from either end: brackets at the corners. */
function boxSegments(box: { pose: Pose; size: Vec3 }, share: number): Float32Array {
  const all = corners(box.pose, box.size);
  const out: number[] = [];
  for (let i = 0; i < 8; i++) {
    for (const bit of [1, 2, 4]) {
      const j = i ^ bit;
      // Whole edges once, brackets from both ends.
      if (share >= 1 && j < i) continue;
      const a = all[i] as Vec3;
      const b = all[j] as Vec3;
      const s = Math.min(1, share);
      out.push(...a, a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s, a[2] + (b[2] - a[2]) * s);
    }
  }
  return Float32Array.from(out);
}
