import { WaybookError } from '../../core/errors.ts';
import type { FragmentOp } from '../protocol/ops.ts';

export interface FragmentLimits {
  /** unfinished text kept at once, over all messages [characters] */
  readonly maxCharacters: number;
  /** an unfinished message is given up after this [ms] */
  readonly timeoutMs: number;
  readonly maxParts: number;
}

const LIMITS: FragmentLimits = { maxCharacters: 128 * 1024 * 1024, timeoutMs: 5000, maxParts: 100_000 };

interface Unfinished {
  readonly parts: (string | undefined)[];
  missing: number;
  characters: number;
  touched: number;
}

/**
 * Puts fragmented messages together as real bridges send them: every message under id 0, `total` a fraction that means
 * its ceiling, parts repeated, interleaved with other ids or never complete. Memory and time are bounded.
 */
export class FragmentAssembler {
  readonly #limits: FragmentLimits;
  readonly #open = new Map<string, Unfinished>();
  #characters = 0;

  constructor(limits: Partial<FragmentLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Unfinished messages. */
  get pending(): number {
    return this.#open.size;
  }

  /**
   * The whole text once its last part is there, else undefined. `now` is any steady clock [ms]. Throws `link/protocol`
   * on parts that cannot belong together and where a bound is exceeded; what was collected is dropped then.
   */
  add(fragment: FragmentOp, now: number): string | undefined {
    const expired = this.expire(now);
    const total = Math.ceil(fragment.total);
    if (total < 1 || total > this.#limits.maxParts || fragment.num < 0 || fragment.num >= total) {
      this.#drop(fragment.id);
      throw new WaybookError('link/protocol', `Fragment ${fragment.num} of ${fragment.total} cannot be.`);
    }
    let message = this.#open.get(fragment.id);
    // Ids repeat: another count, or a part that differs from the one we have, starts the next message.
    const held = message?.parts[fragment.num];
    if (message && (message.parts.length !== total || (held !== undefined && held !== fragment.data))) {
      this.#drop(fragment.id);
      message = undefined;
    } else if (held !== undefined) {
      return undefined;
    }
    if (!message) {
      message = { parts: new Array<string | undefined>(total), missing: total, characters: 0, touched: now };
      this.#open.set(fragment.id, message);
    }
    message.parts[fragment.num] = fragment.data;
    message.missing--;
    message.touched = now;
    message.characters += fragment.data.length;
    this.#characters += fragment.data.length;
    if (this.#characters > this.#limits.maxCharacters) {
      this.#open.clear();
      this.#characters = 0;
      throw new WaybookError('link/protocol', 'Fragments exceed what is kept for unfinished messages.', {
        hint: 'Raise the bridge’s max_message_size, or ask for a smaller cloud.',
      });
    }
    if (message.missing === 0) {
      this.#drop(fragment.id);
      return message.parts.join('');
    }
    if (expired > 0) {
      throw new WaybookError('link/protocol', `${expired} fragmented message(s) never became complete.`, {
        hint: 'The bridge’s max_message_size splits messages and loses parts: raise it.',
      });
    }
    return undefined;
  }

  /** Drops what has waited too long; says how many messages that were. */
  expire(now: number): number {
    let count = 0;
    for (const [id, message] of this.#open) {
      if (now - message.touched < this.#limits.timeoutMs) continue;
      this.#drop(id);
      count++;
    }
    return count;
  }

  #drop(id: string): void {
    const message = this.#open.get(id);
    if (!message) return;
    this.#characters -= message.characters;
    this.#open.delete(id);
  }
}
