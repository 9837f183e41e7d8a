import { CellTable } from './cell-table.ts';

/**
 * Points sorted into cubic cells for neighbour search within one cell size. Built once over positions [n·3]; neither
 * copies nor moves them.
 */
export class PointGrid {
  readonly cell: number;
  readonly #positions: Float32Array;
  readonly #cells: CellTable;
  /** members of cell c are `#members[#starts[c] .. #starts[c+1])` */
  readonly #starts: Int32Array;
  readonly #members: Int32Array;

  constructor(positions: Float32Array, cell: number) {
    this.cell = cell;
    this.#positions = positions;
    const count = positions.length / 3;
    this.#cells = new CellTable(count);
    const cellOf = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      cellOf[i] = this.#cells.add(
        Math.floor(positions[3 * i]! / cell),
        Math.floor(positions[3 * i + 1]! / cell),
        Math.floor(positions[3 * i + 2]! / cell),
      );
    }
    this.#starts = new Int32Array(this.#cells.size + 1);
    for (let i = 0; i < count; i++) this.#starts[cellOf[i]! + 1]!++;
    for (let c = 0; c < this.#cells.size; c++) this.#starts[c + 1] = this.#starts[c + 1]! + this.#starts[c]!;
    const next = this.#starts.slice();
    this.#members = new Int32Array(count);
    for (let i = 0; i < count; i++) this.#members[next[cellOf[i]!]!++] = i;
  }

  /**
   * Writes the points within `radius` (at most one cell) of a place into `found` and their squared distances into
   * `squared`, as many as fit, and returns how many.
   */
  within(x: number, y: number, z: number, radius: number, found: Int32Array, squared: Float64Array): number {
    const { cell } = this;
    if (radius > cell * 1.000001) throw new RangeError('PointGrid: the radius is larger than the cell');
    const limit = radius * radius;
    const p = this.#positions;
    const x1 = Math.floor((x + radius) / cell);
    const y1 = Math.floor((y + radius) / cell);
    const z1 = Math.floor((z + radius) / cell);
    let n = 0;
    for (let cx = Math.floor((x - radius) / cell); cx <= x1; cx++) {
      for (let cy = Math.floor((y - radius) / cell); cy <= y1; cy++) {
        for (let cz = Math.floor((z - radius) / cell); cz <= z1; cz++) {
          const c = this.#cells.find(cx, cy, cz);
          if (c < 0) continue;
          const end = this.#starts[c + 1]!;
          for (let m = this.#starts[c]!; m < end; m++) {
            const i = this.#members[m]!;
            const dx = p[3 * i]! - x;
            const dy = p[3 * i + 1]! - y;
            const dz = p[3 * i + 2]! - z;
            const d = dx * dx + dy * dy + dz * dz;
            if (d > limit) continue;
            if (n === found.length) return n;
            found[n] = i;
            squared[n++] = d;
          }
        }
      }
    }
    return n;
  }
}
