import {
  BackSide,
  BufferAttribute,
  Color,
  GreaterDepth,
  Group,
  LessEqualDepth,
  Mesh,
  ShaderMaterial,
  Vector2,
} from 'three';
import type { BufferGeometry, DataTexture } from 'three';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { RefusedSample } from '../../../src/core/scene.ts';
import type { Annotation } from '../draw/annotation.ts';
import { mapGradient } from '../draw/color-map.ts';
import type { ColorMapName } from '../draw/color-map.ts';
import { FatLines, polylineSegments } from '../draw/fat-line.ts';
import { INDICES_PER_RING, tubeGeometry } from '../draw/tube.ts';
import { boundsOf } from '../load-scene.ts';
import { PATH_FIELDS, pathValues, twoDigits } from '../path-values.ts';
import type { PathField } from '../path-values.ts';
import type { TrajectoryData } from '../scene-data.ts';
import { interpolate, sampleAt } from '../time/sampling.ts';
import type { Palette } from '../theme.ts';
import { finiteRange, rampTexture } from './cloud-layer.ts';
import { ToleranceTube } from './tolerance-tube.ts';
import type { Bounds, FrameInfo, LayerView, LegendEntry } from './layer.ts';

/** Radius of the refined tube near and in far views [m]; distances between which it grows [m]. */
const RADIUS = { near: 0.0056, far: 0.0085, from: 1.2, to: 2.2 } as const;
const HALO = 1.55;
const REFUSED = 1.7;

/** A refined path as a tube coloured by a field, an executed one as its core, a compared one as a dotted line. */
export class TrajectoryLayerView implements LayerView<TrajectoryData> {
  readonly data: TrajectoryData;
  readonly object = new Group();
  field: PathField = 'speed';
  #palette: Palette;
  #time = 0;
  /** values in the unit they are shown in */
  #range: readonly [number, number] = [0, 1];
  readonly #tube: TubeParts | undefined;
  #tolerance: ToleranceTube | undefined;
  readonly #lines: FatLines[] = [];

  constructor(data: TrajectoryData, palette: Palette) {
    this.data = data;
    this.#palette = palette;
    this.object.name = data.id;
    if (data.count > 0 && data.role === 'refined') {
      this.#tube = new TubeParts(data);
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
    this.#tube?.setRadius(tubeRadius(frame.distance));
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

  /** The refused sample that breaks its limit most, relative to it. */
  worst(): RefusedSample | undefined {
    return worstRefused(this.data.refused);
  }

  annotate(): readonly Annotation[] {
    const marks: Annotation[] = [];
    const here = this.data.role === 'compared' ? undefined : this.positionAt(this.#time);
    if (here && this.data.role === 'refined')
      marks.push({ kind: 'dot', at: here, color: this.#palette.text, radius: 4.5 });
    const worst = this.worst();
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

/** The sample that breaks its limit most, relative to the limit; first of equals. */
export function worstRefused(refused: readonly RefusedSample[]): RefusedSample | undefined {
  const excess = (r: RefusedSample): number =>
    Math.abs(r.value - r.limit) / Math.max(1e-9, Math.abs(r.limit));
  return refused.reduce<RefusedSample | undefined>(
    (worst, r) => (worst && excess(worst) >= excess(r) ? worst : r),
    undefined,
  );
}

/** "10 mm, needs 20", "velocity of joint4: 2.4 rad/s, at most 2.1": lengths in mm; the reason where the unit is not it. */
export function refusedText(sample: RefusedSample): string {
  const inMillimetres = sample.unit === 'm';
  const value = twoDigits(sample.value * (inMillimetres ? 1000 : 1));
  const limit = twoDigits(sample.limit * (inMillimetres ? 1000 : 1));
  const unit = inMillimetres ? 'mm' : sample.unit;
  const text =
    sample.value < sample.limit ? `${value} ${unit}, needs ${limit}` : `${value} ${unit}, at most ${limit}`;
  return sample.limitName === 'clearance' ? text : `${sample.limitName}: ${text}`;
}

function tubeRadius(distance: number): number {
  const s = Math.min(1, Math.max(0, (distance - RADIUS.from) / (RADIUS.to - RADIUS.from)));
  return RADIUS.near + (RADIUS.far - RADIUS.near) * s;
}

/** Tube, halo, what is hidden behind something, and refused stretches: five meshes over one geometry. */
class TubeParts {
  readonly meshes: Mesh<BufferGeometry, ShaderMaterial>[];
  readonly #geometry: BufferGeometry;
  readonly #refusedGeometry: BufferGeometry | undefined;

  constructor(data: TrajectoryData) {
    this.#geometry = tubeGeometry(data.count === 1 ? stub(data.tool) : data.tool, 7);
    const make = (
      name: string,
      defines: Record<string, string>,
      setUp: (m: ShaderMaterial) => void,
    ): Mesh<BufferGeometry, ShaderMaterial> => {
      const material = tubeMaterial(defines);
      setUp(material);
      const mesh = new Mesh(this.#geometry, material);
      mesh.name = name;
      mesh.frustumCulled = false;
      return mesh;
    };
    const halo = make('halo', { FLAT: '' }, (m) => {
      m.side = BackSide;
      (m.uniforms['thickness'] as { value: number }).value = HALO;
    });
    halo.renderOrder = 3;
    const tube = make('tube', {}, (m) => {
      m.depthFunc = LessEqualDepth;
    });
    tube.renderOrder = 4;
    const hidden = make('hidden', {}, (m) => {
      m.depthFunc = GreaterDepth;
      m.depthWrite = false;
      m.transparent = true;
      (m.uniforms['opacity'] as { value: number }).value = 0.3;
    });
    hidden.renderOrder = 8;
    this.meshes = [halo, tube, hidden];
    const stretches = refusedStretches(data);
    if (stretches.length > 0) {
      this.#refusedGeometry = subset(this.#geometry, stretches);
      const refused = make('refused', { FLAT: '' }, (m) => {
        (m.uniforms['thickness'] as { value: number }).value = REFUSED;
      });
      refused.geometry = this.#refusedGeometry;
      refused.renderOrder = 4;
      const refusedHidden = make('refused hidden', { FLAT: '' }, (m) => {
        (m.uniforms['thickness'] as { value: number }).value = REFUSED;
        m.depthFunc = GreaterDepth;
        m.depthWrite = false;
        m.transparent = true;
        (m.uniforms['opacity'] as { value: number }).value = 0.45;
      });
      refusedHidden.geometry = this.#refusedGeometry;
      refusedHidden.renderOrder = 9;
      this.meshes.push(refused, refusedHidden);
    }
  }

  setValues(values: Float32Array, low: number, high: number): void {
    const samples = this.#geometry.getAttribute('sample');
    const perVertex = new Float32Array(samples.count);
    for (let i = 0; i < samples.count; i++) {
      const v = values[samples.getX(i)] ?? Number.NaN;
      perVertex[i] = Number.isFinite(v) ? (v - low) / (high - low) : 0;
    }
    this.#geometry.setAttribute('value', new BufferAttribute(perVertex, 1));
  }

  setMap(map: ColorMapName, palette: Palette): void {
    let texture: DataTexture | undefined;
    for (const mesh of this.meshes) {
      const { uniforms } = mesh.material;
      (uniforms['flatColor']?.value as Color).set(mesh.name === 'halo' ? palette.canvas : palette.refused);
      if ('FLAT' in (mesh.material.defines ?? {})) continue;
      const ramp = uniforms['ramp'] as { value: DataTexture | null };
      if (!texture) {
        ramp.value?.dispose();
        texture = rampTexture(map, palette);
      }
      ramp.value = texture;
    }
  }

  setRadius(radius: number): void {
    for (const mesh of this.meshes) (mesh.material.uniforms['radius'] as { value: number }).value = radius;
  }

  dispose(): void {
    this.#geometry.dispose();
    this.#refusedGeometry?.dispose();
    for (const mesh of this.meshes) {
      (mesh.material.uniforms['ramp']?.value as DataTexture | null)?.dispose();
      mesh.material.dispose();
    }
  }
}

/** One sample is drawn as a bead: a tube of its own diameter's length. */
function stub(tool: Float32Array): Float32Array {
  const bead = new Float32Array(14);
  bead.set(tool.subarray(0, 7), 0);
  bead.set(tool.subarray(0, 7), 7);
  bead[2] = (tool[2] as number) - RADIUS.near;
  bead[9] = (tool[2] as number) + RADIUS.near;
  return bead;
}

/** Rings [from, to) of the tube that touch a refused sample. */
function refusedStretches(data: TrajectoryData): [number, number][] {
  const bad = [...new Set(data.refused.map((r) => r.sample))].sort((a, b) => a - b);
  const stretches: [number, number][] = [];
  for (const sample of bad) {
    const from = Math.max(0, sample - 1);
    const to = Math.min(Math.max(1, data.count - 1), sample + 1);
    const last = stretches.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([from, to]);
  }
  return stretches;
}

function subset(geometry: BufferGeometry, stretches: readonly (readonly [number, number])[]): BufferGeometry {
  const index = geometry.getIndex();
  const copy = geometry.clone();
  const picked: number[] = [];
  for (const [from, to] of stretches) {
    for (let i = from * INDICES_PER_RING; i < to * INDICES_PER_RING; i++) picked.push(index?.getX(i) ?? 0);
  }
  copy.setIndex(picked);
  return copy;
}

const VERTEX = /* glsl */ `
attribute float value;
uniform float radius;
uniform float thickness;
varying float vValue;
void main() {
  vValue = value;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position + normal * radius * thickness, 1.0);
}`;

const FRAGMENT = /* glsl */ `
uniform sampler2D ramp;
uniform vec3 flatColor;
uniform float opacity;
varying float vValue;
void main() {
#ifdef FLAT
  gl_FragColor = vec4(flatColor, opacity);
#else
  gl_FragColor = vec4(texture2D(ramp, vec2(clamp(vValue, 0.0, 1.0) * 0.99609375 + 0.001953125, 0.5)).rgb, opacity);
#endif
}`;

function tubeMaterial(defines: Record<string, string>): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    defines,
    uniforms: {
      ramp: { value: null },
      flatColor: { value: new Color() },
      opacity: { value: 1 },
      radius: { value: RADIUS.near },
      thickness: { value: 1 },
      viewport: { value: new Vector2() },
    },
  });
}
