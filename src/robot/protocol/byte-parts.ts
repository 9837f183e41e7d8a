/**
 * Bytes that lie in several pieces, as a message arrives that was sent in fragments. They are put together only where
 * somebody needs that: joining a cloud of megabytes costs as much as reading it.
 */
export class ByteParts {
  readonly length: number;
  readonly #parts: readonly Uint8Array[];
  /** where each part begins in the whole */
  readonly #starts: readonly number[];

  constructor(parts: readonly Uint8Array[]) {
    const starts: number[] = [];
    let length = 0;
    for (const part of parts) {
      starts.push(length);
      length += part.length;
    }
    this.#parts = parts;
    this.#starts = starts;
    this.length = length;
  }

  /** Copies `count` bytes at `from` to `at` of `target`; there must be as many. */
  copyInto(target: Uint8Array, at: number, from: number, count: number): void {
    let copied = 0;
    for (let i = this.#partAt(from); copied < count; i++) {
      const part = this.#parts[i] as Uint8Array;
      const begin = from + copied - (this.#starts[i] as number);
      const end = Math.min(part.length, begin + count - copied);
      target.set(part.subarray(begin, end), at + copied);
      copied += end - begin;
    }
  }

  /** A view of some of them; ends that lie outside are moved in. */
  subarray(from: number, to: number): ByteParts {
    const found: Uint8Array[] = [];
    for (const [i, part] of this.#parts.entries()) {
      const start = this.#starts[i] as number;
      const inside = part.subarray(Math.max(0, from - start), Math.max(0, to - start));
      if (inside.length > 0) found.push(inside);
    }
    return new ByteParts(found);
  }

  /** The bytes side by side: a view where they lie in one piece, else a copy. */
  join(from = 0, to = this.length): Uint8Array {
    const wanted = from === 0 && to >= this.length ? this : this.subarray(from, to);
    const [only, ...more] = wanted.#parts;
    if (more.length === 0) return only ?? new Uint8Array(0);
    const whole = new Uint8Array(wanted.length);
    wanted.copyInto(whole, 0, 0, whole.length);
    return whole;
  }

  #partAt(position: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** One piece, or several. */
export type Bytes = Uint8Array | ByteParts;

/** The same bytes in one piece. */
export const joined = (bytes: Bytes): Uint8Array => (bytes instanceof ByteParts ? bytes.join() : bytes);
