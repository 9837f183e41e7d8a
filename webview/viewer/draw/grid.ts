import { BufferGeometry, Color, Float32BufferAttribute, Group, LineSegments, ShaderMaterial } from 'three';
import type { Palette } from '../theme.ts';

/** Ground plane z = 0 of `base`: a line every 0.1 m, a stronger one every 0.5 m, over the reach of an arm. */
export class Grid {
  readonly object = new Group();
  readonly #fine: Lines;
  readonly #coarse: Lines;

  constructor(palette: Palette, half = 1.5) {
    const fine: number[] = [];
    const coarse: number[] = [];
    const steps = Math.round(half / 0.1);
    for (let i = -steps; i <= steps; i++) {
      const v = i * 0.1;
      (i % 5 === 0 ? coarse : fine).push(v, -half, 0, v, half, 0, -half, v, 0, half, v, 0);
    }
    this.#fine = lines(fine, palette.gridFine);
    this.#coarse = lines(coarse, palette.gridCoarse);
    this.object.name = 'grid';
    this.object.add(this.#fine, this.#coarse);
  }

  setPalette(palette: Palette): void {
    setColor(this.#fine, palette.gridFine);
    setColor(this.#coarse, palette.gridCoarse);
  }

  dispose(): void {
    for (const part of [this.#fine, this.#coarse]) {
      part.geometry.dispose();
      part.material.dispose();
    }
  }
}

type Lines = LineSegments<BufferGeometry, ShaderMaterial>;

function lines(points: readonly number[], color: string): Lines {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(points, 3));
  // A program of a few lines compiles in a fraction of the time that a built-in material takes to the first picture.
  const material = new ShaderMaterial({
    vertexShader: 'void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
    fragmentShader: 'uniform vec3 color; void main() { gl_FragColor = vec4(color, 1.0); }',
    uniforms: { color: { value: new Color(color) } },
    // Behind everything: a cloud of the table neither flickers with it nor is cut by it.
    depthTest: false,
    depthWrite: false,
  });
  const part = new LineSegments(geometry, material);
  part.renderOrder = -1;
  return part;
}

const setColor = (part: Lines, color: string): void => {
  (part.material.uniforms['color']?.value as Color).set(color);
};
