import type { LayerData, LoadedScene, TrajectoryData } from './scene-data.ts';

/** Another run beside this one: as a line over it, or as a picture of its own. */
export interface Comparison {
  readonly label: string;
  readonly scenes: readonly LoadedScene[];
}

export type CompareLayout = 'overlay' | 'side';

/** What a compared run is reduced to as an overlay: what it did (else what it would have done), and nothing else. */
export function comparedPaths({ label, scenes }: Comparison, start: number): TrajectoryData[] {
  return scenes.flatMap((scene) => {
    const path = mainPath(scene.layers);
    if (!path) return [];
    const id = `compared:${scene.cell}`;
    const signature = JSON.stringify(['compared', label, start, path.signature]);
    return [
      onClock({ ...path, id, label, role: 'compared', refused: [], signature }, start - firstTime([path])),
    ];
  });
}

/** A compared run's own layers, on a clock that begins at `start`. */
export function comparedLayers({ scenes }: Comparison, start: number): LayerData[] {
  const byId = new Map(scenes.flatMap((scene) => scene.layers).map((layer) => [layer.id, layer]));
  const layers = [...byId.values()];
  const shift = start - firstTime(layers);
  return layers.map((layer) => onClock(layer, shift));
}

/** What a run did, else what it would have done. */
export function mainPath(layers: readonly LayerData[]): TrajectoryData | undefined {
  const paths = layers.filter((layer): layer is TrajectoryData => layer.kind === 'trajectory');
  return paths.find((path) => path.role === 'executed') ?? paths.find((path) => path.role === 'refined');
}

/** Two runs began at different times on their robots' clocks. */
function onClock<T extends LayerData>(layer: T, shift: number): T {
  if (shift === 0 || !('times' in layer)) return layer;
  const events =
    layer.kind === 'trajectory' ? { events: layer.events.map((e) => ({ ...e, t: e.t + shift })) } : {};
  return {
    ...layer,
    ...events,
    times: layer.times.map((t) => t + shift),
    signature: `${layer.signature}@${shift}`,
  };
}

/** When the first path starts [s]; 0 where there is none. */
const firstTime = (layers: readonly LayerData[]): number => {
  const starts = layers.flatMap((layer) =>
    layer.kind === 'trajectory' && layer.count > 0 ? [layer.times[0] ?? 0] : [],
  );
  return starts.length > 0 ? Math.min(...starts) : 0;
};
