import { decodeBuffer, encodeBuffer, fromBase64 } from '../core/scene-buffer.ts';
import {
  PREVIEW_LIMIT_BYTES,
  type CloudLayer,
  type Scene,
  type SceneBuffer,
  type SceneLayer,
  type TrajectoryLayer,
} from '../core/scene.ts';

/**
 * The scene as JSON of at most `limit` bytes. Where it is larger, inline clouds lose points, then trajectories
 * samples, by halves; at last the largest layers go, and a note says so. Buffers in sidecars stay whole.
 */
export function previewJson(scene: Scene, limit = PREVIEW_LIMIT_BYTES): string {
  let current = scene;
  let json = JSON.stringify(current);
  for (let round = 0; sizeOf(json) > limit; round++) {
    const thinner = round < 40 ? thinLargest(current) : undefined;
    current = thinner ?? dropLargest(current);
    json = JSON.stringify(current);
    if (current.layers.length === 0) break;
  }
  return json;
}

const sizeOf = (text: string): number => Buffer.byteLength(text);

function thinLargest(scene: Scene): Scene | undefined {
  let index = -1;
  let most = 4096;
  scene.layers.forEach((layer, i) => {
    const size = layer.kind === 'cloud' || layer.kind === 'trajectory' ? inlineBytes(layer) : 0;
    if (size > most) [index, most] = [i, size];
  });
  const layer = scene.layers[index];
  const thin =
    layer?.kind === 'cloud'
      ? thinCloud(layer)
      : layer?.kind === 'trajectory'
        ? thinTrajectory(layer)
        : undefined;
  if (!thin) return undefined;
  return { ...scene, layers: scene.layers.map((l, i) => (i === index ? thin : l)) };
}

function dropLargest(scene: Scene): Scene {
  const sizes = scene.layers.map((layer) => JSON.stringify(layer).length);
  const index = sizes.indexOf(Math.max(...sizes));
  const label = scene.layers[index]?.label ?? '';
  const note = `The layer "${label}" is too large for the preview.`;
  return {
    ...scene,
    layers: scene.layers.filter((_, i) => i !== index),
    notes: [...(scene.notes ?? []), note],
  };
}

const inlineBytes = (layer: SceneLayer): number => JSON.stringify(layer).length;

function thinCloud(layer: CloudLayer): CloudLayer | undefined {
  const n = layer.positions.shape[0] ?? 0;
  if (n < 64 || layer.positions.base64 === undefined) return undefined;
  const keep = Array.from({ length: Math.ceil(n / 2) }, (_, i) => 2 * i);
  const fields =
    layer.fields &&
    Object.fromEntries(Object.entries(layer.fields).map(([name, b]) => [name, rows(b, keep)]));
  return {
    ...layer,
    positions: rows(layer.positions, keep),
    ...(layer.colors ? { colors: rows(layer.colors, keep) } : {}),
    ...(fields ? { fields } : {}),
    total: layer.total ?? n,
  };
}

function thinTrajectory(layer: TrajectoryLayer): TrajectoryLayer | undefined {
  const n = layer.times.shape[0] ?? 0;
  if (n < 16 || layer.times.base64 === undefined) return undefined;
  const keep = Array.from({ length: Math.ceil(n / 2) }, (_, i) => 2 * i);
  if (keep.at(-1) !== n - 1) keep.push(n - 1);
  const thin = (buffer: SceneBuffer | undefined): SceneBuffer | undefined => buffer && rows(buffer, keep);
  const refused = layer.refused?.map((sample) => ({
    ...sample,
    sample: Math.min(keep.length - 1, Math.round(sample.sample / 2)),
  }));
  return {
    ...layer,
    times: rows(layer.times, keep),
    tool: rows(layer.tool, keep),
    gripper: rows(layer.gripper, keep),
    ...optional('joints', thin(layer.joints)),
    ...optional('velocities', thin(layer.velocities)),
    ...optional('clearance', thin(layer.clearance)),
    ...optional('deviation', thin(layer.deviation)),
    ...(refused ? { refused } : {}),
  };
}

const optional = <K extends string>(
  key: K,
  value: SceneBuffer | undefined,
): Partial<Record<K, SceneBuffer>> => (value ? ({ [key]: value } as Partial<Record<K, SceneBuffer>>) : {});

/** The rows at `keep` of an inline buffer; one in a sidecar has no bytes here and stays. */
function rows(buffer: SceneBuffer, keep: readonly number[]): SceneBuffer {
  if (buffer.base64 === undefined) return buffer;
  const width = buffer.shape.slice(1).reduce((a, b) => a * b, 1);
  const all = decodeBuffer(buffer, fromBase64(buffer.base64));
  const some = all.slice(0, keep.length * width);
  keep.forEach((from, to) => {
    for (let k = 0; k < width; k++) some[to * width + k] = all[from * width + k] as number;
  });
  return encodeBuffer(some, [keep.length, ...buffer.shape.slice(1)]);
}

/** Paths of sidecars that a scene refers to. */
export function sidecarsOf(scene: Scene): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('dtype' in value && 'path' in value && typeof value.path === 'string') found.add(value.path);
    for (const child of Object.values(value)) visit(child);
  };
  visit(scene.layers);
  return [...found].sort();
}
