import { Group } from 'three';
import { transformPoint } from '../../../src/core/geometry.ts';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { Annotation } from '../draw/annotation.ts';
import { FatLines } from '../draw/fat-line.ts';
import type { CameraData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import type { Bounds, FrameInfo, LayerView } from './layer.ts';

/** A camera as the pyramid that its image spans, with a tick over the upper edge; optical frame, +Z forward. */
export class CameraLayerView implements LayerView<CameraData> {
  readonly data: CameraData;
  readonly object = new Group();
  #palette: Palette;
  readonly #line: FatLines;

  constructor(data: CameraData, palette: Palette) {
    this.data = data;
    this.#palette = palette;
    this.object.name = data.id;
    this.#line = new FatLines(frustumSegments(data), { color: palette.neutral, width: 1 });
    this.#line.name = 'frustum';
    this.object.add(this.#line);
  }

  bounds(): Bounds | undefined {
    return undefined;
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#line.setColor(palette.neutral);
  }

  beforeFrame(frame: FrameInfo): void {
    this.#line.setViewport(frame.width, frame.height);
  }

  annotate(): readonly Annotation[] {
    return [
      {
        kind: 'label',
        anchor: this.data.pose.position,
        text: this.data.label.replace(/^camera:?\s*/i, ''),
        color: this.#palette.text,
        look: 'plain',
        leader: false,
        weight: 1,
      },
    ];
  }

  detail(): string {
    return 'frustum';
  }

  dispose(): void {
    this.#line.dispose();
  }
}

/** Pinhole: pixel (u, v) at depth z lies at ((u - cx)/fx, (v - cy)/fy, 1)·z. */
function frustumSegments({
  pose,
  intrinsics: k,
  far,
}: Pick<CameraData, 'pose' | 'intrinsics' | 'far'>): Float32Array {
  const at = (u: number, v: number): Vec3 =>
    transformPoint(pose, [((u - k.cx) / k.fx) * far, ((v - k.cy) / k.fy) * far, far]);
  const c = [at(0, 0), at(k.width, 0), at(k.width, k.height), at(0, k.height)] as const;
  const tip = at(k.width / 2, -k.height * 0.18);
  const pairs: readonly (readonly [Vec3, Vec3])[] = [
    ...c.map((corner): [Vec3, Vec3] => [pose.position, corner]),
    [c[0], c[1]],
    [c[1], c[2]],
    [c[2], c[3]],
    [c[3], c[0]],
    [at(k.width * 0.35, 0), tip],
    [tip, at(k.width * 0.65, 0)],
  ];
  return Float32Array.from(pairs.flatMap(([a, b]) => [...a, ...b]));
}
