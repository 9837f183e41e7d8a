import type * as vscode from 'vscode';
import type { InspectorPlace } from '../../core/viewer-messages.ts';

const MEMORY = 'waybook.closedInspectors';
/** A window that is reloaded at once brings back a handful at most. */
const KEPT = 20;

/**
 * Places of inspectors that a person closed. VS Code writes down which editors are open now and then, and in a browser not for
 * certain when the page is left: what was closed just before comes back, and is closed again.
 */
export class ClosedPlaces {
  constructor(private readonly memory: vscode.Memento) {}

  has(place: InspectorPlace): boolean {
    return this.keys().includes(keyOf(place));
  }

  async closed(place: InspectorPlace): Promise<void> {
    await this.update([...this.without(place), keyOf(place)].slice(-KEPT));
  }

  async opened(place: InspectorPlace): Promise<void> {
    if (this.has(place)) await this.update(this.without(place));
  }

  private without(place: InspectorPlace): string[] {
    return this.keys().filter((key) => key !== keyOf(place));
  }

  private keys(): string[] {
    const kept: unknown = this.memory.get(MEMORY);
    return Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : [];
  }

  private async update(keys: readonly string[]): Promise<void> {
    await this.memory.update(MEMORY, keys);
  }
}

const keyOf = ({ notebook, cell, run }: InspectorPlace): string =>
  JSON.stringify([notebook, cell, run ?? null]);
