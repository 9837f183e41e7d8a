import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { type Delivery, parseDelivery } from './run-row.ts';

const CHUNK_BYTES = 1 << 20;
const NONE = -1;

/**
 * Finished runs as JSON lines, appended as they come. A line counts once it is whole: what a kill cut off is removed
 * when the journal is opened again. In memory there is only where each run's line stands.
 */
export class Journal implements Disposable {
  readonly #handle: number;
  readonly #offsets: Float64Array;
  readonly #lengths: Float64Array;
  #end = 0;
  #done = 0;

  private constructor(handle: number, runs: number) {
    this.#handle = handle;
    this.#offsets = new Float64Array(runs).fill(NONE);
    this.#lengths = new Float64Array(runs);
  }

  /**
   * Opens or makes the file. `isCurrent` says whether a line is of this sweep as it is now; `onRow` gets each that is.
   * The caller disposes the journal. Throws what the file system throws.
   */
  static open(
    path: string,
    runs: number,
    isCurrent: (delivery: Delivery) => boolean,
    onRow: (delivery: Delivery) => void,
  ): Journal {
    const journal = new Journal(openSync(path, 'a+'), runs);
    let whole = 0;
    let line = 0;
    for (const { text, offset, length } of linesOf(journal.#handle)) {
      line += 1;
      whole = offset + length;
      const delivery = parseLine(text);
      if (!delivery || !isCurrent(delivery) || journal.has(delivery.row.index)) continue;
      journal.#note(delivery.row.index, offset, length);
      onRow(delivery);
    }
    ftruncateSync(journal.#handle, whole);
    journal.#end = whole;
    journal.lines = line;
    return journal;
  }

  /** lines that were there when it was opened, of whatever sweep */
  lines = 0;

  get done(): number {
    return this.#done;
  }

  has(index: number): boolean {
    return (this.#offsets[index] ?? NONE) >= 0;
  }

  /** Adds a run that is not there yet; false where it is: nothing is counted twice. */
  append(delivery: Delivery): boolean {
    const { index } = delivery.row;
    if (this.has(index)) return false;
    const bytes = Buffer.from(`${JSON.stringify(delivery)}\n`);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#handle, bytes, at);
    this.#note(index, this.#end, bytes.length);
    this.#end += bytes.length;
    return true;
  }

  /** What is there, in the order of the sweep, one at a time. */
  *deliveries(): Generator<Delivery> {
    for (let index = 0; index < this.#offsets.length; index++) {
      if (!this.has(index)) continue;
      const bytes = Buffer.alloc(this.#lengths[index] as number);
      readSync(this.#handle, bytes, 0, bytes.length, this.#offsets[index] as number);
      const delivery = parseLine(bytes.toString('utf8'));
      if (delivery) yield delivery;
    }
  }

  #note(index: number, offset: number, length: number): void {
    this.#offsets[index] = offset;
    this.#lengths[index] = length;
    this.#done += 1;
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle);
  }
}

function parseLine(text: string): Delivery | undefined {
  try {
    return parseDelivery(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Lines that end in a line feed, with their place in the file [bytes]. */
function* linesOf(handle: number): Generator<{ text: string; offset: number; length: number }> {
  const size = fstatSync(handle).size;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let kept = Buffer.alloc(0);
  let start = 0;
  for (let at = 0; at < size;) {
    const read = readSync(handle, chunk, 0, chunk.length, at);
    if (read === 0) return;
    at += read;
    kept = Buffer.concat([kept, chunk.subarray(0, read)]);
    let from = 0;
    for (let end = kept.indexOf(10); end >= 0; end = kept.indexOf(10, from)) {
      yield { text: kept.toString('utf8', from, end), offset: start + from, length: end + 1 - from };
      from = end + 1;
    }
    kept = Buffer.from(kept.subarray(from));
    start += from;
  }
}
