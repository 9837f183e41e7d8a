import type { Scene } from '../../src/core/scene.ts';
import type { LayerView } from './layers/layer.ts';
import type { PaneWords } from './pane.ts';
import type { LoadedScene } from './scene-data.ts';

/** What the corner of a picture says of the scenes in it. */
export const wordsOf = (scenes: readonly LoadedScene[]): PaneWords => ({
  notes: scenes.flatMap((scene) => scene.notes),
  origin: scenes.find((scene) => scene.origin.some((v) => v !== 0))?.origin,
});

/** Why a picture has nothing in it; empty where it has something. */
export function emptyReason(layers: ReadonlyMap<string, LayerView>): string {
  if (layers.size === 0) return 'Nothing to show';
  const isEmpty = [...layers.values()].every(({ data }) => data.kind === 'cloud' && data.count === 0);
  return isEmpty ? 'No points' : '';
}

/** "Loading 61,842 points", by what the scenes say of their buffers. */
export function loadingText(scenes: readonly Scene[]): string {
  const counts = scenes
    .flatMap(({ layers }) => layers)
    .map((layer) => (layer.kind === 'cloud' ? (layer.positions.shape[0] ?? 0) : 0));
  const points = counts.reduce((sum, count) => sum + count, 0);
  return points > 0 ? `Loading ${points.toLocaleString('en-US')} points` : 'Loading';
}
