import { Group } from 'three';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { Annotation } from '../draw/annotation.ts';
import { mapGradient } from '../draw/color-map.ts';
import type { ColorMapName } from '../draw/color-map.ts';
import { FatLines, polylineSegments } from '../draw/fat-line.ts';
import { boundsOf } from '../load-scene.ts';
import { PATH_FIELDS, pathValues, twoDigits } from '../path-values.ts';
import type { PathField } from '../path-values.ts';
import type { TrajectoryData } from '../scene-data.ts';
import { interpolate, sampleAt } from '../time/sampling.ts';
import type { Palette } from '../theme.ts';
import { finiteRange } from './cloud-layer.ts';
import type { Bounds, FrameInfo, LayerView, LegendEntry } from './layer.ts';
import { PathTube } from './path-tube.ts';
import { refusedText, worstRefused } from './refused-sample.ts';
import { ToleranceTube } from './tolerance-tube.ts';

/** A refined path as a tube coloured by a field, an executed one as its core, a compared one as a dotted line. */
export class TrajectoryLayerView implements LayerView<TrajectoryData> {
  readonly data: TrajectoryData;
  readonly object = new Group();
  field: PathField = 'speed';
  #palette: Palette;
  #time = 0;
  /** values in the unit they are shown in */
  #range: readonly [number, number] = [0, 1];
  readonly #tube: PathTube | undefined;
  #tolerance: ToleranceTube | undefined;
  readonly #lines: FatLines[] = [];

  constructor(data: TrajectoryData, palette: Palette) {
    this.data = data;
    this.#palette = palette;
    this.object.name = data.id;
    if (data.count > 0 && data.role === 'refined') {
      this.#tube = new PathTube(data);
      this.object.add(...this.#tube.meshes);
      this.setField('speed');
    } else if (data.count > 1) {
      this.#addLines();
    }
    this.setPalette(palette);
  }

  /** Shows the tolerance round the path that an approval covers [m]; undefined takes it away. */
  setTolerance(radius: number | undefined): void {
    this.#tolerance?.dispose();
    this.object.remove(...(this.#tolerance?.objects ?? []));
    this.#tolerance = undefined;
    if (radius === undefined || this.data.count < 2) return;
    this.#tolerance = new ToleranceTube(this.data.tool, radius, this.#palette.refined);
    this.object.add(...this.#tolerance.objects);
  }

  /** Values at both ends of the colour map, in the unit of the legend. */
  get range(): readonly [number, number] {
    return this.#range;
  }

  /** Fields that this trajectory has values for. */
  fields(): readonly PathField[] {
    return PATH_FIELDS.map((f) => f.field).filter((f) => pathValues(this.data, f) !== undefined);
  }

  setField(field: PathField): void {
    const values = pathValues(this.data, field);
    if (!this.#tube || !values) return;
    this.field = field;
    const scale = PATH_FIELDS.find((f) => f.field === field)?.scale ?? 1;
    const [low, high] = finiteRange(values);
    // Speeds start at rest; a field that never changes still needs a span.
    const from = field === 'speed' ? 0 : low;
    this.#range = [from * scale, Math.max(high, from + 1e-9) * scale];
    this.#tube.setValues(values, from, Math.max(high, from + 1e-9));
    this.#tube.setMap(this.#map(), this.#palette);
  }

  bounds(): Bounds | undefined {
    return boundsOf(this.data.tool, 7);
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#tube?.setMap(this.#map(), palette);
    for (const line of this.#lines) line.setColor(line.name === 'halo' ? palette.canvas : this.#lineColor());
  }

  setTime(time: number): void {
    this.#time = time;
  }

  beforeFrame(frame: FrameInfo): void {
    this.#tolerance?.beforeFrame(frame);
    this.#tube?.setDistance(frame.distance);
    for (const line of this.#lines) line.setViewport(frame.width, frame.height);
  }

  /** Tool position at the slider's time. */
  positionAt(time: number): Vec3 | undefined {
    const at = sampleAt(this.data.times, time);
    if (at.index < 0) return undefined;
    const { tool } = this.data;
    if (this.data.count === 1) return [tool[0] as number, tool[1] as number, tool[2] as number];
    return [interpolate(tool, 7, 0, at), interpolate(tool, 7, 1, at), interpolate(tool, 7, 2, at)];
  }

  annotate(): readonly Annotation[] {
    const marks: Annotation[] = [];
    const here = this.data.role === 'compared' ? undefined : this.positionAt(this.#time);
    if (here && this.data.role === 'refined')
      marks.push({ kind: 'dot', at: here, color: this.#palette.text, radius: 4.5 });
    const worst = worstRefused(this.data.refused);
    if (worst) {
      const { tool } = this.data;
      const at: Vec3 = [
        tool[7 * worst.sample] as number,
        tool[7 * worst.sample + 1] as number,
        tool[7 * worst.sample + 2] as number,
      ];
      marks.push({ kind: 'cross', at, color: this.#palette.refused });
      marks.push({
        kind: 'label',
        anchor: at,
        text: refusedText(worst),
        color: this.#palette.refused,
        look: 'filled',
        leader: true,
        weight: 10,
      });
    }
    return marks;
  }

  legend(): readonly LegendEntry[] {
    if (this.data.count === 0) return [];
    const entries: LegendEntry[] = [];
    switch (this.data.role) {
      case 'refined': {
        if (this.#tolerance) {
          entries.push({
            key: 'tolerance',
            swatch: { kind: 'tube', color: this.#palette.refined },
            text: `approved tube, ${twoDigits(this.#tolerance.radius * 1000)} mm`,
          });
        }
        const field = PATH_FIELDS.find((f) => f.field === this.field);
        const [low, high] = this.#range;
        entries.push({
          key: 'refined',
          swatch: { kind: 'ramp', gradient: mapGradient(this.#map(), this.#palette) },
          text: `refined, ${this.field === 'speed' ? '' : `${field?.name.toLowerCase() ?? ''} `}${twoDigits(low)} to ${twoDigits(high)} ${field?.unit ?? ''}`,
        });
        break;
      }
      case 'executed':
        entries.push({
          key: 'executed',
          swatch: { kind: 'line', color: this.#palette.executed },
          text: 'executed',
        });
        break;
      case 'compared':
        entries.push({
          key: `compared:${this.data.id}`,
          swatch: { kind: 'line', color: this.#palette.compared, dotted: true },
          text: this.data.label,
        });
        break;
    }
    if (this.data.refused.length > 0) {
      entries.push({
        key: 'refused',
        swatch: { kind: 'refused', color: this.#palette.refused },
        text: 'refused samples',
      });
    }
    return entries;
  }

  detail(): string {
    return this.data.role === 'refined'
      ? String(this.data.count)
      : `${twoDigits(this.data.times.at(-1) ?? 0)} s`;
  }

  dispose(): void {
    this.#tube?.dispose();
    this.#tolerance?.dispose();
    for (const line of this.#lines) line.dispose();
  }

  #map(): ColorMapName {
    return this.field === 'speed' ? 'speed' : 'cividis';
  }

  #lineColor(): string {
    return this.data.role === 'compared' ? this.#palette.compared : this.#palette.executed;
  }

  #addLines(): void {
    const segments = polylineSegments(this.data.tool, 7);
    // Lifted by more than the tube's radius: agreement shows as a core inside the tube.
    const lift = 0.014;
    const halo = new FatLines(segments, {
      color: this.#palette.canvas,
      width: 3.6,
      lift: lift - 0.001,
      order: 6,
    });
    halo.name = 'halo';
    const core = new FatLines(segments, {
      color: this.#lineColor(),
      width: 1.6,
      lift,
      order: 7,
      ...(this.data.role === 'compared' ? { dash: [0.006, 0.008] as const } : {}),
    });
    core.name = 'core';
    this.#lines.push(...(this.data.role === 'compared' ? [core] : [halo, core]));
    this.object.add(...this.#lines);
  }
}
