import type { Object3D } from 'three';
import { boundsOf } from '../load-scene.ts';
import type { UrdfData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import { interpolate, sampleAt } from '../time/sampling.ts';
import type { Bounds, LayerView } from './layer.ts';

/** Frames that the bounds are taken from: enough to hold a motion. */
const BOUNDS_FRAMES = 24;

/** A robot by its own description, its joints at the slider's time. */
export class UrdfLayerView implements LayerView<UrdfData> {
  readonly data: UrdfData;
  readonly object: Object3D;
  readonly #bounds: Bounds | undefined;

  constructor(data: UrdfData, palette: Palette) {
    this.data = data;
    this.object = data.body.object;
    this.object.name = data.id;
    data.body.setDefaultColor(palette.link);
    this.#bounds = this.#measure();
    this.setTime(data.times[0] ?? 0);
  }

  bounds(): Bounds | undefined {
    return this.#bounds;
  }

  setPalette(palette: Palette): void {
    this.data.body.setDefaultColor(palette.link);
  }

  setTime(time: number): void {
    const { times, joints, jointNames, body } = this.data;
    const at = sampleAt(times, time);
    if (at.index < 0) return;
    jointNames.forEach((name, k) => body.setJoint(name, interpolate(joints, jointNames.length, k, at)));
  }

  detail(): string {
    return `${this.data.body.drawn} links`;
  }

  dispose(): void {
    this.data.body.dispose();
  }

  #measure(): Bounds | undefined {
    const { times, body } = this.data;
    const step = Math.max(1, Math.floor(times.length / BOUNDS_FRAMES));
    const points: number[] = [];
    for (let i = 0; i < times.length; i += step) {
      this.setTime(times[i] ?? 0);
      for (const { x, y, z } of body.origins()) points.push(x, y, z);
    }
    return boundsOf(points, 3);
  }
}
