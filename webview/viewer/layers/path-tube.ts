import { BackSide, BufferAttribute, Color, GreaterDepth, LessEqualDepth, Mesh, ShaderMaterial } from 'three';
import type { BufferGeometry, DataTexture } from 'three';
import type { ColorMapName } from '../draw/color-map.ts';
import { INDICES_PER_RING, tubeGeometry } from '../draw/tube.ts';
import type { TrajectoryData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import { rampTexture } from './cloud-layer.ts';

/** Radius of the refined tube near and in far views [m]; distances between which it grows [m]. */
const RADIUS = { near: 0.0056, far: 0.0085, from: 1.2, to: 2.2 } as const;
const HALO = 1.55;
const REFUSED = 1.7;

/** Tube, halo, what is hidden behind something, and refused stretches: five meshes over one geometry. */
export class PathTube {
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

  /** One value per sample, mapped from [low, high] to the ends of the colour map; NaN to the low end. */
  setValues(values: Float32Array, low: number, high: number): void {
    const samples = this.#geometry.getAttribute('sample');
    const perVertex = new Float32Array(samples.count);
    for (let i = 0; i < samples.count; i++) {
      const v = values[samples.getX(i)] ?? Number.NaN;
      perVertex[i] = Number.isFinite(v) ? (v - low) / (high - low) : 0;
    }
    this.#geometry.setAttribute('value', new BufferAttribute(perVertex, 1));
  }

  /** Takes the colour map and the halo's and the refused stretches' colours. */
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

  /** Thickness for a camera that is `distance` away [m]: far off the tube stays wide enough to be followed. */
  setDistance(distance: number): void {
    const radius = radiusAt(distance);
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

function radiusAt(distance: number): number {
  const s = Math.min(1, Math.max(0, (distance - RADIUS.from) / (RADIUS.to - RADIUS.from)));
  return RADIUS.near + (RADIUS.far - RADIUS.near) * s;
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
    },
  });
}
