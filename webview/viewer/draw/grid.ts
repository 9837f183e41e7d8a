import { BufferGeometry, Float32BufferAttribute, Group, LineBasicMaterial, LineSegments } from 'three';
import type { Palette } from '../theme.ts';

/** Ground plane z = 0 of `base`: a line every 0.1 m, a stronger one every 0.5 m, over the reach of an arm. */
export class Grid {
  readonly object = new Group();
  readonly #fine: LineSegments<BufferGeometry, LineBasicMaterial>;
  readonly #coarse: LineSegments<BufferGeometry, LineBasicMaterial>;

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
    // A little below the ground, so that a cloud of the table does not flicker with it.
    this.object.position.z = -0.002;
  }

  setPalette(palette: Palette): void {
    this.#fine.material.color.set(palette.gridFine);
    this.#coarse.material.color.set(palette.gridCoarse);
  }

  dispose(): void {
    for (const part of [this.#fine, this.#coarse]) {
      part.geometry.dispose();
      part.material.dispose();
    }
  }
}

function lines(points: readonly number[], color: string): LineSegments<BufferGeometry, LineBasicMaterial> {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(points, 3));
  return new LineSegments(geometry, new LineBasicMaterial({ color }));
}
