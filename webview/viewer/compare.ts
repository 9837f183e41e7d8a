import type { Scene, TrajectoryLayer } from '../../src/core/scene.ts';
import type { LayerData } from './scene-data.ts';

/** Another run's scene as an overlay: what it did (else what it would have done), dotted, and nothing else. */
export function asCompared(scene: Scene, label: string): Scene {
  const paths = scene.layers.filter((layer): layer is TrajectoryLayer => layer.kind === 'trajectory');
  const path = paths.find((p) => p.role === 'executed') ?? paths.find((p) => p.role === 'refined');
  return {
    ...scene,
    layers: path ? [{ ...path, id: `compared:${scene.cell}`, label, role: 'compared', refused: [] }] : [],
  };
}

/** A compared path moved to start at `start`: two runs began at different times on their robots' clocks. */
export function onClockOf(layer: LayerData, start: number): LayerData {
  if (layer.kind !== 'trajectory' || layer.count === 0) return layer;
  const shift = start - (layer.times[0] ?? start);
  return shift === 0 ? layer : { ...layer, times: layer.times.map((t) => t + shift) };
}
