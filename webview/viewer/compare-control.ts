import type { Scene } from '../../src/core/scene.ts';
import { comparedLayers, comparedPaths } from './compare.ts';
import type { CompareLayout, Comparison } from './compare.ts';
import { loadScene } from './load-scene.ts';
import type { Resolve } from './load-scene.ts';
import type { Pane } from './pane.ts';
import type { TrajectoryData } from './scene-data.ts';
import { wordsOf } from './viewer-words.ts';

/** A pane that whoever closes it takes away. */
interface OpenPane {
  readonly pane: Pane;
  readonly close: () => void;
}

/** The compared run: as a line over this one, or as a picture of its own beside it. */
export class CompareControl {
  readonly #open: () => OpenPane;
  readonly #changed: () => Promise<void>;
  #comparison: Comparison | undefined;
  #layout: CompareLayout = 'overlay';
  #load: AbortController | undefined;
  #second: OpenPane | undefined;

  /** `open` makes a second pane on the same camera; `changed` is called when what is compared, or how, is another. */
  constructor(open: () => OpenPane, changed: () => Promise<void>) {
    this.#open = open;
    this.#changed = changed;
  }

  get comparison(): Comparison | undefined {
    return this.#comparison;
  }

  get layout(): CompareLayout {
    return this.#layout;
  }

  /** the compared run's picture, while it stands beside this one */
  get pane(): Pane | undefined {
    return this.#second?.pane;
  }

  /** Undefined takes the compared run away. A run that is asked for later wins, whichever is read first. */
  async set(scenes: readonly Scene[] | undefined, label: string, resolve: Resolve): Promise<void> {
    this.#load?.abort();
    const load = (this.#load = new AbortController());
    try {
      const loaded = await Promise.all((scenes ?? []).map((scene) => loadScene(scene, resolve, load.signal)));
      if (load.signal.aborted) return;
      this.#comparison = scenes && { label, scenes: loaded };
    } catch (error) {
      if (load.signal.aborted) return;
      throw error;
    }
    await this.#changed();
  }

  async setLayout(layout: CompareLayout): Promise<void> {
    if (layout === this.#layout) return;
    this.#layout = layout;
    await this.#changed();
  }

  /** What is drawn of the compared run over this run's own layers, from the same start [s]. */
  paths(start: number): TrajectoryData[] {
    return this.#comparison ? comparedPaths(this.#comparison, start) : [];
  }

  /** Puts the second picture up, or takes it away where it is not wanted. Undefined: it is not there. */
  showBeside(start: number): Pane | undefined {
    const comparison = this.#comparison;
    if (!comparison || this.#layout === 'overlay') {
      this.#second?.close();
      this.#second = undefined;
      return undefined;
    }
    const { pane } = (this.#second ??= this.#open());
    pane.canvas.setAttribute('aria-label', `3D view: ${comparison.label}`);
    pane.show(comparedLayers(comparison, start), wordsOf(comparison.scenes));
    pane.setCaption(comparison.label);
    return pane;
  }

  dispose(): void {
    this.#load?.abort();
    this.#second?.close();
    this.#second = undefined;
  }
}
