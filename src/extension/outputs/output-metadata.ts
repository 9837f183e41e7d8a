import type { Scene, SceneFact } from '../../core/scene.ts';

/**
 * What the host notes on an output beside the scene itself: the status bar, the side bar and the renderer read this
 * and need not parse the scene. JSON only; everything in it can come from a file, so readers check.
 */
export interface OutputMetadata {
  readonly cell: string;
  readonly kind: Scene['kind'];
  readonly ok: boolean;
  readonly verdict: string;
  readonly facts: readonly SceneFact[];
  /** folder of the run's record, relative to the notebook's; sidecar paths are relative to it */
  readonly base?: string;
  /** what people call the run: "Run 7" */
  readonly run?: string;
  /** name of the run's folder */
  readonly record?: string;
  /** set when it was read from a record and no cell ran in this window */
  readonly restored?: boolean;
  /** key of the cell when this came out; another key now means stale */
  readonly key?: string;
  readonly epoch?: { readonly session: string; readonly counter: number };
}

export function metadataOf(scene: Scene, more: Partial<OutputMetadata> = {}): OutputMetadata {
  const { cell, kind, verdict, facts, provenance } = scene;
  return { cell, kind, ok: verdict.ok, verdict: verdict.text, facts, epoch: provenance?.epoch, ...more };
}

/** Reads it back from an output's metadata; undefined where it is not ours or damaged. */
export function readOutputMetadata(value: unknown): OutputMetadata | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { waybook } = value as { waybook?: unknown };
  if (typeof waybook !== 'object' || waybook === null) return undefined;
  const found = waybook as Partial<OutputMetadata>;
  if (typeof found.cell !== 'string' || typeof found.verdict !== 'string' || typeof found.ok !== 'boolean')
    return undefined;
  const facts = Array.isArray(found.facts) ? found.facts.filter(isFact) : [];
  return {
    ...found,
    kind: found.kind ?? 'live',
    cell: found.cell,
    verdict: found.verdict,
    ok: found.ok,
    facts,
  };
}

const isFact = (value: unknown): value is SceneFact =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as SceneFact).name === 'string' &&
  typeof (value as SceneFact).value === 'string';
