import { DoubleSide, Mesh, ShaderMaterial, Color } from 'three';
import type { BufferGeometry, Object3D } from 'three';
import { FatLines } from '../draw/fat-line.ts';
import { TUBE_SIDES, tubeGeometry } from '../draw/tube.ts';
import type { FrameInfo } from './layer.ts';

/** Rings along the whole path. */
const RINGS = 26;

/** The space round a path that an approval covers, at its true size: a faint skin, and rings that carry its form. */
export class ToleranceTube {
  readonly radius: number;
  readonly objects: readonly Object3D[];
  readonly #skin: Mesh<BufferGeometry, ShaderMaterial>;
  readonly #rings: FatLines;

  /** `tool` is [n,7], `radius` in metres */
  constructor(tool: Float32Array, radius: number, color: string) {
    this.radius = radius;
    const geometry = tubeGeometry(tool, 7);
    this.#skin = new Mesh(
      geometry,
      new ShaderMaterial({
        vertexShader:
          'uniform float radius; void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position + normal * radius, 1.0); }',
        fragmentShader: 'uniform vec3 color; void main() { gl_FragColor = vec4(color, 0.13); }',
        uniforms: { radius: { value: radius }, color: { value: new Color(color) } },
        transparent: true,
        depthWrite: false,
        side: DoubleSide,
      }),
    );
    this.#skin.name = 'tolerance';
    this.#skin.frustumCulled = false;
    this.#skin.renderOrder = 10;
    this.#rings = new FatLines(ringSegments(geometry, radius), { color, width: 1, opacity: 0.6, order: 11 });
    this.#rings.name = 'tolerance rings';
    this.objects = [this.#skin, this.#rings];
  }

  beforeFrame(frame: FrameInfo): void {
    this.#rings.setViewport(frame.width, frame.height);
  }

  dispose(): void {
    this.#skin.geometry.dispose();
    this.#skin.material.dispose();
    this.#rings.dispose();
  }
}

/** Rings at even steps of the samples, in the tube's own cross-sections. */
function ringSegments(geometry: BufferGeometry, radius: number): Float32Array {
  const positions = geometry.getAttribute('position');
  const normals = geometry.getAttribute('normal');
  const sections = positions.count / TUBE_SIDES;
  const out: number[] = [];
  const corner = (v: number): number[] => [
    positions.getX(v) + normals.getX(v) * radius,
    positions.getY(v) + normals.getY(v) * radius,
    positions.getZ(v) + normals.getZ(v) * radius,
  ];
  for (let r = 0; r <= RINGS; r++) {
    const section = Math.round((r / RINGS) * (sections - 1));
    for (let s = 0; s < TUBE_SIDES; s++) {
      out.push(...corner(section * TUBE_SIDES + s), ...corner(section * TUBE_SIDES + ((s + 1) % TUBE_SIDES)));
    }
  }
  return Float32Array.from(out);
}
