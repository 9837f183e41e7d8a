import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PREVIEW_LIMIT_BYTES, SCENE_VERSION, type Scene } from '../core/scene.ts';
import type { IndexedOutput, RunIndex } from './record-types.ts';
import { readIndex, runFolderNames } from './run-folder.ts';

export interface RunListing {
  /** name of the folder */
  readonly name: string;
  readonly index: RunIndex;
}

/** Runs of a notebook, newest first. Folders without a readable index are left out. */
export function listRuns(runsFolder: string): RunListing[] {
  return runFolderNames(runsFolder)
    .reverse()
    .flatMap((name) => {
      const index = readIndex(join(runsFolder, name));
      return index ? [{ name, index }] : [];
    });
}

/** The newest output of one cell. */
export interface LastOutput {
  /** name of the run's folder, which paths of sidecars in `scene` are relative to */
  readonly run: string;
  /** ISO 8601, UTC */
  readonly started: string;
  readonly output: IndexedOutput;
  readonly scene: Scene;
}

/** Runs that are looked through for outputs of cells that newer runs did not touch. */
const RUNS_LOOKED_AT = 50;

/**
 * The newest output of every cell, over all runs: what opening a notebook shows, marked "from run …". Previews that
 * are missing, damaged, too large or of a later version are passed over for the next older one.
 */
export function loadLastOutputs(runsFolder: string): Map<string, LastOutput> {
  const found = new Map<string, LastOutput>();
  for (const { name, index } of listRuns(runsFolder).slice(0, RUNS_LOOKED_AT)) {
    for (const [cell, output] of Object.entries(index.cells)) {
      if (found.has(cell)) continue;
      const scene = loadPreview(join(runsFolder, name, output.preview));
      if (scene) found.set(cell, { run: name, started: index.started, output, scene });
    }
  }
  return found;
}

/** A preview file, or undefined where it is none. */
export function loadPreview(file: string): Scene | undefined {
  try {
    if (statSync(file).size > 2 * PREVIEW_LIMIT_BYTES) return undefined;
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isScene(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Enough of the shape that drawing it cannot surprise; layers of unknown kinds are the viewer's to skip. */
function isScene(value: unknown): value is Scene {
  if (typeof value !== 'object' || value === null) return false;
  const scene = value as Partial<Record<keyof Scene, unknown>>;
  const verdict = scene.verdict as { ok?: unknown; text?: unknown } | null | undefined;
  return (
    typeof scene.version === 'number' &&
    Math.floor(scene.version) <= SCENE_VERSION &&
    typeof scene.cell === 'string' &&
    typeof scene.title === 'string' &&
    typeof verdict?.ok === 'boolean' &&
    typeof verdict.text === 'string' &&
    Array.isArray(scene.facts) &&
    Array.isArray(scene.layers) &&
    scene.layers.every(
      (layer) => typeof layer === 'object' && layer !== null && 'kind' in layer && 'id' in layer,
    )
  );
}
