/**
 * Points sorted into cubic cells for neighbour search within one cell size. Built once over positions [n·3]; neither
 * copies nor moves them.
 */
export class PointGrid {
  readonly cell: number;
  readonly #positions: Float32Array;
  readonly #cells = new Map<number, number>();
  /** members of cell c are `#members[#starts[c] .. #starts[c+1])` */
  readonly #starts: Int32Array;
  readonly #members: Int32Array;

  constructor(positions: Float32Array, cell: number) {
    this.cell = cell;
    this.#positions = positions;
    const count = positions.length / 3;
    const cellOf = new Int32Array(count);
    const sizes: number[] = [];
    for (let i = 0; i < count; i++) {
      const key = this.#key(
        Math.floor(positions[3 * i]! / cell),
        Math.floor(positions[3 * i + 1]! / cell),
        Math.floor(positions[3 * i + 2]! / cell),
      );
      let c = this.#cells.get(key);
      if (c === undefined) {
        c = sizes.length;
        sizes.push(0);
        this.#cells.set(key, c);
      }
      sizes[c] = sizes[c]! + 1;
      cellOf[i] = c;
    }
    this.#starts = new Int32Array(sizes.length + 1);
    sizes.forEach((size, c) => (this.#starts[c + 1] = this.#starts[c]! + size));
    const next = this.#starts.slice();
    this.#members = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const c = cellOf[i]!;
      const at = next[c]!;
      this.#members[at] = i;
      next[c] = at + 1;
    }
  }

  /** Calls `visit(index, squaredDistance)` for every point within `radius` (at most one cell) of a place. */
  within(
    x: number,
    y: number,
    z: number,
    radius: number,
    visit: (index: number, squared: number) => void,
  ): void {
    const { cell } = this;
    if (radius > cell * 1.000001) throw new RangeError('PointGrid: the radius is larger than the cell');
    const limit = radius * radius;
    const p = this.#positions;
    const x1 = Math.floor((x + radius) / cell);
    const y1 = Math.floor((y + radius) / cell);
    const z1 = Math.floor((z + radius) / cell);
    for (let cx = Math.floor((x - radius) / cell); cx <= x1; cx++) {
      for (let cy = Math.floor((y - radius) / cell); cy <= y1; cy++) {
        for (let cz = Math.floor((z - radius) / cell); cz <= z1; cz++) {
          const c = this.#cells.get(this.#key(cx, cy, cz));
          if (c === undefined) continue;
          const end = this.#starts[c + 1]!;
          for (let m = this.#starts[c]!; m < end; m++) {
            const i = this.#members[m]!;
            const dx = p[3 * i]! - x;
            const dy = p[3 * i + 1]! - y;
            const dz = p[3 * i + 2]! - z;
            const squared = dx * dx + dy * dy + dz * dz;
            if (squared <= limit) visit(i, squared);
          }
        }
      }
    }
  }

  #key(x: number, y: number, z: number): number {
    return ((x + 65536) * 131072 + (y + 65536)) * 131072 + (z + 65536);
  }
}
