import { Group } from 'three';
import { transformPoint } from '../../../src/core/geometry.ts';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { Annotation } from '../draw/annotation.ts';
import { FatLines } from '../draw/fat-line.ts';
import type { FramesData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import type { Bounds, FrameInfo, LayerView } from './layer.ts';

/** Length of a triad's axes [m]. */
const AXIS = 0.09;
const AXES: readonly { readonly name: string; readonly tip: Vec3 }[] = [
  { name: 'X', tip: [AXIS, 0, 0] },
  { name: 'Y', tip: [0, AXIS, 0] },
  { name: 'Z', tip: [0, 0, AXIS] },
];

/** Coordinate frames as triads; tips carry letters, since colour alone must not tell axes apart. */
export class FramesLayerView implements LayerView<FramesData> {
  readonly data: FramesData;
  readonly object = new Group();
  #palette: Palette;
  readonly #lines: { readonly axis: number; readonly line: FatLines }[] = [];

  constructor(data: FramesData, palette: Palette) {
    this.data = data;
    this.#palette = palette;
    this.object.name = data.id;
    for (const frame of data.frames) {
      AXES.forEach(({ name, tip }, axis) => {
        const segment = Float32Array.from([...frame.pose.position, ...transformPoint(frame.pose, tip)]);
        const line = new FatLines(segment, { color: palette.axes[axis] ?? palette.neutral, width: 2 });
        line.name = `${frame.name} ${name}`;
        this.#lines.push({ axis, line });
        this.object.add(line);
      });
    }
  }

  bounds(): Bounds | undefined {
    return undefined;
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    for (const { axis, line } of this.#lines) line.setColor(palette.axes[axis] ?? palette.neutral);
  }

  beforeFrame(frame: FrameInfo): void {
    for (const { line } of this.#lines) line.setViewport(frame.width, frame.height);
  }

  annotate(): readonly Annotation[] {
    return this.data.frames.flatMap((frame): Annotation[] => [
      ...AXES.map(({ name, tip }, axis): Annotation => ({
        kind: 'letter',
        at: transformPoint(frame.pose, [tip[0] * 1.18, tip[1] * 1.18, tip[2] * 1.18]),
        text: name,
        color: this.#palette.axes[axis] ?? this.#palette.neutral,
      })),
      {
        kind: 'label',
        anchor: frame.pose.position,
        text: frame.name,
        color: this.#palette.text,
        look: 'plain',
        leader: false,
        weight: 1,
      },
    ]);
  }

  detail(): string {
    return this.data.frames.map((frame) => frame.name).join(', ');
  }

  dispose(): void {
    for (const { line } of this.#lines) line.dispose();
  }
}
