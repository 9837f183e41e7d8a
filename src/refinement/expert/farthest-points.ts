/**
 * Picks points one by one, each as far as possible from those picked before (Eldar et al. 1997), the first being the one
 * added with the least rank. Ties go to the point that was added first. Holds at most `capacity` points; nothing is
 * allocated after construction.
 */
export class FarthestPoints {
  readonly #points: Float32Array;
  /** squared distance to the nearest point picked so far; negative: picked */
  readonly #gap: Float32Array;
  #count = 0;
  #picked = 0;
  #best = 0;
  #leastRank = Infinity;

  constructor(capacity: number) {
    this.#points = new Float32Array(3 * capacity);
    this.#gap = new Float32Array(capacity);
  }

  clear(): void {
    this.#count = 0;
    this.#picked = 0;
    this.#leastRank = Infinity;
  }

  add(x: number, y: number, z: number, rank: number): void {
    const at = 3 * this.#count;
    this.#points[at] = x;
    this.#points[at + 1] = y;
    this.#points[at + 2] = z;
    this.#gap[this.#count] = Infinity;
    if (rank < this.#leastRank) {
      this.#leastRank = rank;
      this.#best = this.#count;
    }
    this.#count++;
  }

  /** Writes the next point to `out` at `at`; false where all have been picked. */
  next(out: Float32Array, at: number): boolean {
    if (this.#picked === this.#count) return false;
    const points = this.#points;
    const gap = this.#gap;
    const chosen = this.#best;
    const x = (out[at] = points[3 * chosen]!);
    const y = (out[at + 1] = points[3 * chosen + 1]!);
    const z = (out[at + 2] = points[3 * chosen + 2]!);
    gap[chosen] = -1;
    this.#picked++;
    let widest = -1;
    for (let i = 0; i < this.#count; i++) {
      const before = gap[i]!;
      if (before < 0) continue;
      const dx = points[3 * i]! - x;
      const dy = points[3 * i + 1]! - y;
      const dz = points[3 * i + 2]! - z;
      const now = Math.min(before, dx * dx + dy * dy + dz * dz);
      gap[i] = now;
      if (now > widest) {
        widest = now;
        this.#best = i;
      }
    }
    return true;
  }
}
