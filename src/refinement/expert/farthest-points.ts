/**
 * Picks points one by one, each as far as possible from those picked before (Eldar et al. 1997), the first being the one
 * added with the least rank. Ties go to the point of the least number. Holds at most `capacity` points; nothing is allocated
 * after construction.
 *
 * Points are added cell by cell, whatever the cells are, best small and compact, and within a cell by rising numbers. A cell is
 * brought up to date only when it could hold the next pick: gaps only shrink, so what a cell's widest gap was once, it
 * cannot exceed later. Of the picks that a cell has missed, those change nothing in it that lie farther from the box round
 * it than its widest gap. The picks are those of the plain algorithm to the bit, which the tests hold.
 */
export class FarthestPoints {
  /** by cell */
  readonly #points: Float32Array;
  readonly #number: Int32Array;
  /** squared distance to the nearest pick that the cell has seen [m²]; negative: picked */
  readonly #gap: Float32Array;
  /** first place of every cell, and where the last one ends */
  readonly #first: Int32Array;
  /** corners of the boxes round the points of every cell: least x, y, z, greatest x, y, z */
  readonly #box: Float32Array;
  /** per cell: the widest gap among its points after the picks it has seen, and the first place that has it */
  readonly #widest: Float64Array;
  readonly #widestAt: Int32Array;
  /** per cell: how many picks it has seen */
  readonly #seen: Int32Array;
  /** the picks so far, x, y, z each, and the cells that they were taken from */
  readonly #picks: Float32Array;
  readonly #pickCell: Int32Array;
  #cells = 0;
  #count = 0;
  #picked = 0;
  /** place of the next pick, and its cell */
  #best = 0;
  #bestCell = 0;
  #leastRank = Infinity;
  /** what `#refresh` found: the widest gap, not yet rounded as it is remembered, and the first place that has it */
  #top = 0;
  #topAt = 0;

  constructor(capacity: number) {
    this.#points = new Float32Array(3 * capacity);
    this.#number = new Int32Array(capacity);
    this.#gap = new Float32Array(capacity);
    this.#first = new Int32Array(capacity + 1);
    this.#box = new Float32Array(6 * capacity);
    this.#widest = new Float64Array(capacity);
    this.#widestAt = new Int32Array(capacity);
    this.#seen = new Int32Array(capacity);
    this.#picks = new Float32Array(3 * capacity);
    this.#pickCell = new Int32Array(capacity);
  }

  clear(): void {
    this.#cells = 0;
    this.#count = 0;
    this.#picked = 0;
    this.#leastRank = Infinity;
    this.#first[0] = 0;
  }

  /** What is added from now on lies in the next cell; nothing where the one before is still empty. */
  startCell(): void {
    if (this.#first[this.#cells] !== this.#count) this.#first[++this.#cells] = this.#count;
  }

  add(x: number, y: number, z: number, rank: number, number: number): void {
    const place = this.#count++;
    const points = this.#points;
    points[3 * place] = x;
    points[3 * place + 1] = y;
    points[3 * place + 2] = z;
    this.#number[place] = number;
    this.#gap[place] = Infinity;
    if (rank < this.#leastRank || (rank === this.#leastRank && number < this.#number[this.#best]!)) {
      this.#leastRank = rank;
      this.#best = place;
      this.#bestCell = this.#cells;
    }
  }

  /** Writes the next point to `out` at `at`; false where all have been picked. */
  next(out: Float32Array, at: number): boolean {
    if (this.#picked === this.#count) return false;
    if (this.#picked === 0) this.#boxCells();
    else this.#findBest();
    const from = 3 * this.#best;
    const pick = 3 * this.#picked;
    for (let k = 0; k < 3; k++) out[at + k] = this.#picks[pick + k] = this.#points[from + k]!;
    this.#pickCell[this.#picked] = this.#bestCell;
    this.#gap[this.#best] = -1;
    this.#picked++;
    return true;
  }

  #boxCells(): void {
    this.startCell();
    const points = this.#points;
    const box = this.#box;
    for (let cell = 0; cell < this.#cells; cell++) {
      const from = this.#first[cell]!;
      const end = this.#first[cell + 1]!;
      let [x0, y0, z0] = [points[3 * from]!, points[3 * from + 1]!, points[3 * from + 2]!];
      let [x1, y1, z1] = [x0, y0, z0];
      for (let i = 3 * from + 3; i < 3 * end; i += 3) {
        const x = points[i]!;
        const y = points[i + 1]!;
        const z = points[i + 2]!;
        if (x < x0) x0 = x;
        else if (x > x1) x1 = x;
        if (y < y0) y0 = y;
        else if (y > y1) y1 = y;
        if (z < z0) z0 = z;
        else if (z > z1) z1 = z;
      }
      const at = 6 * cell;
      box[at] = x0;
      box[at + 1] = y0;
      box[at + 2] = z0;
      box[at + 3] = x1;
      box[at + 4] = y1;
      box[at + 5] = z1;
      this.#widest[cell] = Infinity;
      this.#widestAt[cell] = from;
      this.#seen[cell] = 0;
    }
  }

  /** Finds the point farthest from all picks; of several, the one of the least number. */
  #findBest(): void {
    const widest = this.#widest;
    let likely = 0;
    for (let cell = 1; cell < this.#cells; cell++) if (widest[cell]! > widest[likely]!) likely = cell;
    this.#refresh(likely);
    let best = this.#top;
    this.#best = this.#topAt;
    this.#bestCell = likely;
    for (let cell = 0; cell < this.#cells; cell++) {
      if (cell === likely || widest[cell]! < best) continue;
      this.#refresh(cell);
      const top = this.#top;
      if (top > best || (top === best && this.#number[this.#topAt]! < this.#number[this.#best]!)) {
        best = top;
        this.#best = this.#topAt;
        this.#bestCell = cell;
      }
    }
  }

  /**
   * Lets a cell see the picks that it has missed. Gaps count as they were computed at the last pick and as they are
   * remembered, rounded, at earlier ones: so they do in the plain algorithm.
   */
  #refresh(cell: number): void {
    const points = this.#points;
    const gap = this.#gap;
    const picks = this.#picks;
    const from = this.#first[cell]!;
    const end = this.#first[cell + 1]!;
    let kept = this.#widest[cell]!;
    let keptAt = this.#widestAt[cell]!;
    let top = kept;
    let topAt = keptAt;
    for (let pick = this.#seen[cell]!; pick < this.#picked; pick++) {
      const x = picks[3 * pick]!;
      const y = picks[3 * pick + 1]!;
      const z = picks[3 * pick + 2]!;
      // Where a pick was taken away, another point has the widest gap, however wide.
      if (this.#pickCell[pick] !== cell && this.#squaredDistanceTo(cell, x, y, z) >= kept) {
        top = kept;
        topAt = keptAt;
        continue;
      }
      kept = top = -1;
      keptAt = topAt = from;
      for (let i = from; i < end; i++) {
        let now = gap[i]!;
        if (now < 0) continue;
        const dx = points[3 * i]! - x;
        const dy = points[3 * i + 1]! - y;
        const dz = points[3 * i + 2]! - z;
        const away = dx * dx + dy * dy + dz * dz;
        let rounded = now;
        if (away < now) {
          now = away;
          rounded = Math.fround(away);
          gap[i] = rounded;
        }
        if (now > top) {
          top = now;
          topAt = i;
        }
        if (rounded > kept) {
          kept = rounded;
          keptAt = i;
        }
      }
    }
    this.#seen[cell] = this.#picked;
    this.#widest[cell] = kept;
    this.#widestAt[cell] = keptAt;
    this.#top = top;
    this.#topAt = topAt;
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
}
