import type { Span } from './syntax.ts';
import type { Token } from './tokenizer.ts';

/** Reads tokens one after another; going back is assigning `at`. */
export class Cursor {
  at = 0;
  readonly #instruction: string;
  readonly tokens: readonly Token[];

  constructor(instruction: string, tokens: readonly Token[]) {
    this.#instruction = instruction;
    this.tokens = tokens;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The word `ahead` tokens from here; empty past the end. */
  word(ahead = 0): string {
    return this.tokens[this.at + ahead]?.word ?? '';
  }

  is(...options: readonly string[]): boolean {
    return options.includes(this.word());
  }

  /** Whether these words come next. */
  sees(words: readonly string[]): boolean {
    return words.every((word, i) => this.word(i) === word);
  }

  /** Consumes these words if they come next. */
  take(...words: readonly string[]): boolean {
    if (!this.sees(words)) return false;
    this.at += words.length;
    return true;
  }

  takeAny(options: ReadonlySet<string>): string | undefined {
    const word = this.word();
    if (word === '' || !options.has(word)) return undefined;
    this.at++;
    return word;
  }

  /** Tokens `from`..`to` (exclusive) as they stand in the instruction. */
  span(from: number, to = this.at): Span {
    const start = this.tokens[from]?.start ?? this.#instruction.length;
    const end = this.tokens[Math.max(from, to - 1)]?.end ?? start;
    return { start, end, text: this.#instruction.slice(start, end) };
  }

  /** A cursor over a stretch of the same tokens. */
  slice(from: number, to: number): Cursor {
    return new Cursor(this.#instruction, this.tokens.slice(from, to));
  }
}
