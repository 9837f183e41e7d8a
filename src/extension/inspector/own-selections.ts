/**
 * Places that a view put the cursor of a text at. VS Code tells of such a selection as of one by hand, and later: sent back
 * to the view it would take the selection, and a move that has begun, away from where the view is by then.
 */
export class OwnSelections {
  #offsets: number[] = [];

  /** The view puts the cursor at an offset where it is not yet. */
  put(offset: number): void {
    this.#offsets.push(offset);
  }

  /** Whether a selection is one of these; it is forgotten, and those before it, of which nobody was told. */
  take(offset: number): boolean {
    const at = this.#offsets.indexOf(offset);
    if (at < 0) return false;
    this.#offsets = this.#offsets.slice(at + 1);
    return true;
  }
}
