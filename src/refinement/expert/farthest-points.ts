/** Cells along the longest side of the points' bounding box. */
const CELLS = 8;

/**
 * Picks points one by one, each as far as possible from those picked before (Eldar et al. 1997), the first being the one
 * added with the least rank. Ties go to the point that was added first. Holds at most `capacity` points; nothing is
 * allocated after construction.
 *
 * Points are kept by cells of a grid: a pick changes nothing in a cell that lies farther from it than every point of
 * the cell lies from an earlier pick, so most cells are passed over with one comparison. The picks are those of the plain
 * algorithm to the bit, which the tests hold.
 */
export class FarthestPoints {
  readonly #added: Float32Array;
  /** the same points, by cell; within a cell in the order of adding */
  readonly #points: Float32Array;
  /** in the order of cells: number of the point as it was added */
  readonly #order: Int32Array;
  /** in the order of cells: squared distance to the nearest point picked so far [m²]; negative: picked */
  readonly #gap: Float32Array;
  readonly #cellOf: Int32Array;
  /** first place of every cell; one more than there are cells */
  readonly #first = new Int32Array(CELLS ** 3 + 1);
  /** corners of the boxes round the points of every cell: least x, y, z, greatest x, y, z */
  readonly #box = new Float32Array(6 * CELLS ** 3);
  /** per cell: the widest gap among its points, and the place of the first point that has it */
  readonly #widest = new Float64Array(CELLS ** 3);
  readonly #widestAt = new Int32Array(CELLS ** 3);
  #cells = 0;
  #count = 0;
  #picked = 0;
  #start = 0;
  #best = 0;
  #leastRank = Infinity;

  constructor(capacity: number) {
    this.#added = new Float32Array(3 * capacity);
    this.#points = new Float32Array(3 * capacity);
    this.#order = new Int32Array(capacity);
    this.#gap = new Float32Array(capacity);
    this.#cellOf = new Int32Array(capacity);
  }

  clear(): void {
    this.#count = 0;
    this.#picked = 0;
    this.#leastRank = Infinity;
  }

  add(x: number, y: number, z: number, rank: number): void {
    const at = 3 * this.#count;
    this.#added[at] = x;
    this.#added[at + 1] = y;
    this.#added[at + 2] = z;
    if (rank < this.#leastRank) {
      this.#leastRank = rank;
      this.#start = this.#count;
    }
    this.#count++;
  }

  /** Writes the next point to `out` at `at`; false where all have been picked. */
  next(out: Float32Array, at: number): boolean {
    if (this.#picked === this.#count) return false;
    if (this.#picked === 0) this.#sortIntoCells();
    const points = this.#points;
    const chosen = this.#best;
    const x = (out[at] = points[3 * chosen]!);
    const y = (out[at + 1] = points[3 * chosen + 1]!);
    const z = (out[at + 2] = points[3 * chosen + 2]!);
    this.#gap[chosen] = -1;
    this.#picked++;
    let widest = -1;
    for (let cell = 0; cell < this.#cells; cell++) {
      const first = this.#first[cell]!;
      const end = this.#first[cell + 1]!;
      let top: number;
      let topAt: number;
      const holdsChosen = chosen >= first && chosen < end;
      if (!holdsChosen && this.#squaredDistanceTo(cell, x, y, z) >= this.#widest[cell]!) {
        top = this.#widest[cell]!;
        topAt = this.#widestAt[cell]!;
      } else {
        top = -1;
        topAt = first;
        let kept = -1;
        let keptAt = first;
        for (let i = first; i < end; i++) {
          const before = this.#gap[i]!;
          if (before < 0) continue;
          const dx = points[3 * i]! - x;
          const dy = points[3 * i + 1]! - y;
          const dz = points[3 * i + 2]! - z;
          const now = Math.min(before, dx * dx + dy * dy + dz * dz);
          this.#gap[i] = now;
          if (now > top) {
            top = now;
            topAt = i;
          }
          // What is remembered is rounded, and later picks compare what is remembered.
          const rounded = this.#gap[i]!;
          if (rounded > kept) {
            kept = rounded;
            keptAt = i;
          }
        }
        this.#widest[cell] = kept;
        this.#widestAt[cell] = keptAt;
      }
      if (top < 0) continue;
      if (top > widest || (top === widest && this.#order[topAt]! < this.#order[this.#best]!)) {
        widest = top;
        this.#best = topAt;
      }
    }
    return true;
  }

  /** From a place to the box round a cell's points [m²]; rounding keeps it at most that to any of the points. */
  #squaredDistanceTo(cell: number, x: number, y: number, z: number): number {
    const box = this.#box;
    const at = 6 * cell;
    const dx = Math.max(box[at]! - x, x - box[at + 3]!, 0);
    const dy = Math.max(box[at + 1]! - y, y - box[at + 4]!, 0);
    const dz = Math.max(box[at + 2]! - z, z - box[at + 5]!, 0);
    return dx * dx + dy * dy + dz * dz;
  }

  #sortIntoCells(): void {
    const added = this.#added;
    const points = this.#points;
    const count = this.#count;
    let [x0, y0, z0, x1, y1, z1] = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
    for (let i = 0; i < 3 * count; i += 3) {
      const x = added[i]!;
      const y = added[i + 1]!;
      const z = added[i + 2]!;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      if (z < z0) z0 = z;
      if (z > z1) z1 = z;
    }
    const side = Math.max(x1 - x0, y1 - y0, z1 - z0);
    const perMetre = side > 0 ? (CELLS * 0.999999) / side : 0;
    const first = this.#first.fill(0);
    for (let i = 0; i < count; i++) {
      const cx = Math.floor((added[3 * i]! - x0) * perMetre);
      const cy = Math.floor((added[3 * i + 1]! - y0) * perMetre);
      const cz = Math.floor((added[3 * i + 2]! - z0) * perMetre);
      const cell = (cx * CELLS + cy) * CELLS + cz;
      this.#cellOf[i] = cell;
      first[cell + 1] = first[cell + 1]! + 1;
    }
    for (let cell = 0; cell < CELLS ** 3; cell++) first[cell + 1] = first[cell + 1]! + first[cell]!;
    // Filled from behind, each cell's end moves down to its first place.
    for (let i = count - 1; i >= 0; i--) {
      const cell = this.#cellOf[i]!;
      const place = first[cell + 1]! - 1;
      first[cell + 1] = place;
      this.#order[place] = i;
      if (i === this.#start) this.#best = place;
      points[3 * place] = added[3 * i]!;
      points[3 * place + 1] = added[3 * i + 1]!;
      points[3 * place + 2] = added[3 * i + 2]!;
    }
    this.#gap.fill(Infinity, 0, count);
    this.#keepFullCells(count);
  }

  /** Leaves out the cells without points; `first[cell + 1]` holds the first place of a cell when this begins. */
  #keepFullCells(count: number): void {
    const first = this.#first;
    const box = this.#box;
    const points = this.#points;
    let cells = 0;
    for (let cell = 0; cell < CELLS ** 3; cell++) {
      const from = first[cell + 1]!;
      const end = cell + 2 <= CELLS ** 3 ? first[cell + 2]! : count;
      if (from === end) continue;
      first[cells] = from;
      const at = 6 * cells;
      for (let k = 0; k < 3; k++) {
        let least = Infinity;
        let greatest = -Infinity;
        for (let i = 3 * from + k; i < 3 * end; i += 3) {
          const value = points[i]!;
          if (value < least) least = value;
          if (value > greatest) greatest = value;
        }
        box[at + k] = least;
        box[at + 3 + k] = greatest;
      }
      this.#widest[cells] = Infinity;
      this.#widestAt[cells] = from;
      cells++;
    }
    first[cells] = count;
    this.#cells = cells;
  }
}
