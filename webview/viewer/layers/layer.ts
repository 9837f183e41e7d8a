import type { Object3D } from 'three';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { Annotation } from '../draw/annotation.ts';
import type { LayerData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';

/** One line of the legend: a swatch that has the form of the thing, and words. */
export interface LegendEntry {
  readonly key: string;
  readonly swatch:
    | { readonly kind: 'ring'; readonly color: string }
    | { readonly kind: 'ramp'; readonly gradient: string }
    | { readonly kind: 'line'; readonly color: string; readonly dotted?: boolean }
    | { readonly kind: 'corners'; readonly color: string }
    | { readonly kind: 'tube'; readonly color: string }
    | { readonly kind: 'refused'; readonly color: string };
  readonly text: string;
}

export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** What every layer is told before a frame is drawn. */
export interface FrameInfo {
  /** height of the view [CSS px] */
  readonly height: number;
  readonly width: number;
  readonly pixelRatio: number;
  /** eye to target [m] */
  readonly distance: number;
}

/**
 * One layer on screen. Made by `createLayer`, asked to follow theme, time and frame, and disposed by the view that
 * holds it. A layer never asks for a frame: whoever changes it does.
 */
export interface LayerView<D extends LayerData = LayerData> {
  readonly data: D;
  /** root of everything the layer draws in 3D, in scene coordinates (Z up) */
  readonly object: Object3D;
  /** what "fit" must show; undefined where the layer has no say */
  bounds(): Bounds | undefined;
  setPalette(palette: Palette): void;
  /** [s] on the scene's clock */
  setTime?(time: number): void;
  beforeFrame?(frame: FrameInfo): void;
  annotate?(): readonly Annotation[];
  legend?(): readonly LegendEntry[];
  /** short count for the layers list: "61,842", "6" */
  detail(): string;
  dispose(): void;
}
