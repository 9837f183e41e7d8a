import type { Provenance } from './provenance.ts';
import type { Scene, SceneFact } from './scene.ts';

export const PAGE_VERSION = 1;
/** id of the `<script type="application/json">` element that holds a {@link PageData} */
export const PAGE_DATA_ID = 'waybook-data';

/** Prose between cells, as Markdown source: the page renders it with raw HTML escaped. */
export interface PageMarkdown {
  readonly kind: 'markdown';
  readonly markdown: string;
}

/** A runnable cell, with the output of the run that the page shows. */
export interface PageCell {
  readonly kind: 'instruction' | 'capture' | 'waypoints' | 'execute';
  readonly id: string;
  /** text inside the fence */
  readonly body: string;
  readonly outcome?: 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  /** facts of the status row: "6 waypoints", "9.3 s at 50 %" */
  readonly facts?: readonly SceneFact[];
  /** one line: what came out */
  readonly summary?: string;
  readonly failure?: { readonly message: string; readonly hint?: string };
  /** key into {@link PageData.scenes}; absent where the cell made nothing to look at */
  readonly scene?: string;
  /** SVG element that stands for the scene where scripts are off; empty where there is nothing to draw */
  readonly still?: string;
}

/** What the exported page shows: one notebook and one run of it. Nothing in it depends on where it was made. */
export interface PageData {
  readonly version: typeof PAGE_VERSION;
  readonly title: string;
  readonly verdict?: { readonly ok: boolean; readonly text: string };
  /** overall facts beside the verdict: duration, seed, planner */
  readonly facts?: readonly SceneFact[];
  readonly provenance?: Provenance;
  /** one line about the run: "Run 2026-11-22T10:43:01Z, trajectory 8c1f 40a9" */
  readonly run?: string;
  readonly cells: readonly (PageMarkdown | PageCell)[];
  /** scene by key (a cell's id, as a rule) */
  readonly scenes: Readonly<Record<string, Scene>>;
  /** sidecars by the `path` that scene buffers give, base64: one cloud shown under three cells is held once */
  readonly buffers?: Readonly<Record<string, string>>;
}
