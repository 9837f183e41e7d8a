import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  LinearFilter,
  Points,
  ShaderMaterial,
  Sphere,
  Vector2,
  Vector3,
} from 'three';
import { mapGradient, mapTexels } from '../draw/color-map.ts';
import type { CloudMap, ColorMapName } from '../draw/color-map.ts';
import { boundsOf } from '../load-scene.ts';
import type { CloudData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import { twoDigits } from '../path-values.ts';
import type { Bounds, FrameInfo, LayerView, LegendEntry } from './layer.ts';

/** How values become colours; absent parts: a map by what is shown, and the values' own range. */
interface Scale {
  readonly map?: CloudMap;
  readonly range?: readonly [number, number];
}

/** How the points get their colour. */
export type CloudColor =
  | { readonly kind: 'rgb' }
  | { readonly kind: 'flat' }
  | ({ readonly kind: 'height' } & Scale)
  | ({ readonly kind: 'field'; readonly field: string } & Scale);

/** Size of a point [m], and its limits on screen [CSS px]. */
const POINT_SIZE = { metres: 0.0066, min: 1.5, max: 6 } as const;
/** Above this many points squares replace discs: at their size on screen nobody sees it, and the fill rate does. */
const ROUND_UP_TO = 300_000;

/** A point cloud as one draw call. Changing the colours never copies positions. */
export class CloudLayerView implements LayerView<CloudData> {
  readonly data: CloudData;
  readonly object: Points<BufferGeometry, ShaderMaterial>;
  #palette: Palette;
  #color: CloudColor;
  readonly #bounds: Bounds | undefined;

  constructor(data: CloudData, palette: Palette) {
    this.data = data;
    this.#palette = palette;
    this.#bounds = boundsOf(data.positions, 3);
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(data.positions, 3));
    if (data.colors) geometry.setAttribute('rgb', new BufferAttribute(data.colors, 3, true));
    geometry.boundingSphere = sphereOf(this.#bounds);
    this.object = new Points(geometry, cloudMaterial(data.count <= ROUND_UP_TO));
    this.object.name = data.id;
    this.#color = data.colors ? { kind: 'rgb' } : { kind: 'height' };
    this.setColor(this.#color);
  }

  get color(): CloudColor {
    return this.#color;
  }

  /** RGB without colours falls back to height, a field that is not there too. */
  setColor(color: CloudColor): void {
    const { material, geometry } = this.object;
    const field = color.kind === 'field' ? this.data.fields[color.field] : undefined;
    const usable =
      color.kind === 'field' ? field !== undefined : color.kind !== 'rgb' || this.data.colors !== undefined;
    this.#color = usable ? color : { kind: 'height' };
    if (field) geometry.setAttribute('scalar', new BufferAttribute(field, 1));
    else geometry.deleteAttribute('scalar');
    const modes = { flat: 0, rgb: 1, height: 2, field: 3 } as const;
    material.defines = { ...material.defines, COLOR_MODE: modes[this.#color.kind] };
    material.needsUpdate = true;
    const range = this.range();
    (material.uniforms['range']?.value as Vector2).set(range[0], range[1]);
    this.#updateRamp();
  }

  /** Values at the ends of the colour map: what was asked for, else the field's own, or heights [m]. */
  range(): readonly [number, number] {
    const color = this.#color;
    if ('range' in color && color.range) return color.range;
    if (color.kind === 'field') return finiteRange(this.data.fields[color.field] ?? new Float32Array(0));
    return this.#bounds ? [this.#bounds.min[2], this.#bounds.max[2]] : [0, 1];
  }

  /** The map in force, where values are mapped. */
  get map(): CloudMap {
    const color = this.#color;
    if ('map' in color && color.map) return color.map;
    return color.kind === 'field' ? 'cividis' : 'height';
  }

  legend(): readonly LegendEntry[] {
    const color = this.#color;
    if (this.data.count === 0 || color.kind === 'rgb' || color.kind === 'flat') return [];
    const [low, high] = this.range();
    const [name, unit] = color.kind === 'height' ? ['height', ' m'] : [color.field, ''];
    return [
      {
        key: `cloud:${name}`,
        swatch: { kind: 'ramp', gradient: mapGradient(this.map, this.#palette) },
        text: `${name}, ${twoDigits(low)} to ${twoDigits(high)}${unit}`,
      },
    ];
  }

  /** Multiplies size and both limits. */
  setPointScale(scale: number): void {
    const uniforms = this.object.material.uniforms;
    (uniforms['size'] as { value: number }).value = POINT_SIZE.metres * scale;
    (uniforms['limits']?.value as Vector2).set(POINT_SIZE.min * scale, POINT_SIZE.max * scale);
  }

  /** Hides points outside the box; undefined shows all. */
  setCrop(box: Bounds | undefined): void {
    const { material } = this.object;
    const has = 'CROP' in (material.defines ?? {});
    if (has !== (box !== undefined)) {
      const { CROP: _dropped, ...rest } = material.defines ?? {};
      material.defines = box ? { ...rest, CROP: '' } : rest;
      material.needsUpdate = true;
    }
    if (!box) return;
    (material.uniforms['cropMin']?.value as Vector3).set(...box.min);
    (material.uniforms['cropMax']?.value as Vector3).set(...box.max);
  }

  bounds(): Bounds | undefined {
    return this.#bounds;
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#updateRamp();
  }

  beforeFrame(frame: FrameInfo): void {
    const uniforms = this.object.material.uniforms;
    (uniforms['halfHeight'] as { value: number }).value = (frame.height * frame.pixelRatio) / 2;
    (uniforms['pixelRatio'] as { value: number }).value = frame.pixelRatio;
  }

  detail(): string {
    return this.data.count.toLocaleString('en-US');
  }

  dispose(): void {
    this.object.geometry.dispose();
    (this.object.material.uniforms['ramp']?.value as DataTexture | null)?.dispose();
    this.object.material.dispose();
  }

  #updateRamp(): void {
    const { uniforms } = this.object.material;
    (uniforms['flatColor']?.value as Color).set(this.#palette.neutral);
    const ramp = uniforms['ramp'] as { value: DataTexture | null };
    ramp.value?.dispose();
    ramp.value = rampTexture(this.map, this.#palette);
  }
}

/** A colour map as a 256x1 texture. */
export function rampTexture(name: ColorMapName, palette: Palette): DataTexture {
  const texture = new DataTexture(mapTexels(name, palette), 256, 1);
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

/** Least and greatest finite value; [0, 1] where there is none. */
export function finiteRange(values: ArrayLike<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (v < low && v !== -Infinity) low = v;
    if (v > high && v !== Infinity) high = v;
  }
  return low <= high ? [low, high] : [0, 1];
}

function sphereOf(bounds: Bounds | undefined): Sphere {
  if (!bounds) return new Sphere(new Vector3(), 0);
  const min = new Vector3(...bounds.min);
  const max = new Vector3(...bounds.max);
  return new Sphere(min.clone().add(max).multiplyScalar(0.5), min.distanceTo(max) / 2);
}

const VERTEX = /* glsl */ `
#if COLOR_MODE == 1
attribute vec3 rgb;
#elif COLOR_MODE == 3
attribute float scalar;
#endif
uniform float size;
uniform vec2 limits;
uniform float halfHeight;
uniform float pixelRatio;
uniform vec2 range;
uniform sampler2D ramp;
uniform vec3 flatColor;
#ifdef CROP
uniform vec3 cropMin;
uniform vec3 cropMax;
#endif
varying vec3 vColor;
void main() {
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  gl_PointSize = clamp(size * projectionMatrix[1][1] * halfHeight / gl_Position.w, limits.x * pixelRatio, limits.y * pixelRatio);
#if COLOR_MODE == 1
  vColor = rgb;
#elif COLOR_MODE == 0
  vColor = flatColor;
#else
#if COLOR_MODE == 2
  float value = position.z;
#else
  float value = scalar;
#endif
  float s = clamp((value - range.x) / max(range.y - range.x, 1e-9), 0.0, 1.0);
  vColor = texture2D(ramp, vec2(s * 0.99609375 + 0.001953125, 0.5)).rgb;
#endif
#ifdef CROP
  if (any(lessThan(position, cropMin)) || any(greaterThan(position, cropMax))) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
#endif
}`;

const FRAGMENT = /* glsl */ `
varying vec3 vColor;
void main() {
#ifdef ROUND
  vec2 d = gl_PointCoord - 0.5;
  if (dot(d, d) > 0.25) discard;
#endif
  gl_FragColor = vec4(vColor, 1.0);
}`;

function cloudMaterial(round: boolean): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    defines: { COLOR_MODE: 0, ...(round ? { ROUND: '' } : {}) },
    uniforms: {
      size: { value: POINT_SIZE.metres },
      limits: { value: new Vector2(POINT_SIZE.min, POINT_SIZE.max) },
      halfHeight: { value: 100 },
      pixelRatio: { value: 1 },
      range: { value: new Vector2(0, 1) },
      ramp: { value: null },
      flatColor: { value: new Color('#9da5ae') },
      cropMin: { value: new Vector3() },
      cropMax: { value: new Vector3() },
    },
  });
}
