import type { Vec3 } from '../../src/core/geometry.ts';
import type {
  CloudLayer,
  Scene,
  SceneBuffer,
  SceneLayer,
  SceneShape,
  TrajectoryLayer,
  UrdfLayer,
} from '../../src/core/scene.ts';
import { decodeBuffer, fromBase64 } from '../../src/core/scene-buffer.ts';
import type { FilteredCloud } from './cloud-filter.ts';
import { filterCloud } from './filter-cloud.ts';
import type {
  CloudData,
  LayerData,
  LoadedGeom,
  LoadedScene,
  LoadedShape,
  RobotData,
  TrajectoryData,
  UrdfData,
} from './scene-data.ts';

/** Bytes of a sidecar, whose memory is handed over; rejects where they cannot be had. */
export type Resolve = (path: string, signal: AbortSignal) => Promise<Uint8Array>;

/** More points than this are thinned evenly, and the view says so. */
const POINT_BUDGET = 1_000_000;

type Numbers = Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array;

/**
 * Reads every buffer of a scene. A layer that cannot be read is left out with a note that names it and why: one bad
 * buffer never hides the rest. Rejects only when aborted.
 */
export async function loadScene(scene: Scene, resolve: Resolve, signal: AbortSignal): Promise<LoadedScene> {
  const notes: string[] = [];
  const read = cachedReader(resolve, signal);
  // Clouds alone are moved to the origin together; beside an arm or a path they have to stay where they are.
  const centre =
    scene.origin === undefined && scene.layers.every(({ kind }) => kind === 'cloud')
      ? new Centre()
      : undefined;
  const readCloud = cachedCloudReader((buffer) => readBuffer(buffer, resolve, signal), centre);
  const readers: Readers = { read, readCloud, resolve: (path) => resolve(path, signal) };
  const layers: LayerData[] = [];
  for (const layer of scene.layers) {
    try {
      const loaded = await loadLayer(layer, readers, notes);
      if (loaded) layers.push(loaded);
    } catch (error) {
      if (signal.aborted) throw error;
      notes.push(`${layer.label}: not shown, ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {
    kind: scene.kind,
    title: scene.title,
    cell: scene.cell,
    layers,
    origin: scene.origin ?? centre?.origin ?? [0, 0, 0],
    notes,
  };
}

type Read = (buffer: SceneBuffer) => Promise<Numbers>;
type ReadCloud = (layer: CloudLayer) => Promise<{ readonly cloud: FilteredCloud; readonly count: number }>;

interface Readers {
  readonly read: Read;
  readonly readCloud: ReadCloud;
  readonly resolve: (path: string) => Promise<Uint8Array>;
}

/** Two layers that show the same points share their memory. A cloud's bytes are its own: a worker takes them away. */
function cachedCloudReader(read: Read, centre: Centre | undefined): ReadCloud {
  const cache = new Map<string, ReturnType<ReadCloud>>();
  return (layer) => {
    const fields = Object.entries(layer.fields ?? {});
    const key = JSON.stringify([
      layer.positions.sha256,
      layer.colors?.sha256,
      fields.map(([name, { sha256 }]) => [name, sha256]),
    ]);
    const known = cache.get(key);
    if (known) return known;
    const made = (async () => {
      const given = await read(layer.positions);
      const positions = centre?.move(given) ?? floats(given);
      const colors = layer.colors ? await read(layer.colors) : undefined;
      const values: Record<string, Float32Array> = {};
      for (const [name, buffer] of fields) values[name] = floats(await read(buffer));
      const count = Math.floor(positions.length / 3);
      const raw = { positions, colors: colors instanceof Uint8Array ? colors : undefined, fields: values };
      return { cloud: await filterCloud(raw, POINT_BUDGET), count };
    })();
    cache.set(key, made);
    return made;
  };
}

/** [m] from the origin beyond which 32-bit floats show millimetres as steps. */
const FAR = 10_000;

/** Origin that clouds far from theirs (UTM and the like) are moved to: the first point's, in whole metres. */
class Centre {
  origin: Vec3 | undefined;

  /** Positions less the origin, computed in 64 bits; undefined where they lie near enough as they are. */
  move(positions: Numbers): Float32Array | undefined {
    this.origin ??= farOrigin(positions);
    const { origin } = this;
    if (!origin) return undefined;
    const out = new Float32Array(positions.length);
    for (let i = 0; i < out.length; i++) out[i] = (positions[i] as number) - (origin[i % 3] as number);
    return out;
  }
}

function farOrigin(positions: Numbers): Vec3 | undefined {
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const point: Vec3 = [positions[i] as number, positions[i + 1] as number, positions[i + 2] as number];
    if (!point.every(Number.isFinite)) continue;
    if (Math.max(...point.map(Math.abs)) < FAR) return undefined;
    return [Math.floor(point[0]), Math.floor(point[1]), Math.floor(point[2])];
  }
  return undefined;
}

/** Two layers that share a buffer (one path under three cells) share its memory. */
function cachedReader(resolve: Resolve, signal: AbortSignal): Read {
  const cache = new Map<string, Promise<Numbers>>();
  return (buffer) => {
    const key = `${buffer.sha256}:${buffer.dtype}`;
    const known = cache.get(key);
    if (known) return known;
    const made = readBuffer(buffer, resolve, signal);
    cache.set(key, made);
    return made;
  };
}

async function readBuffer(buffer: SceneBuffer, resolve: Resolve, signal: AbortSignal): Promise<Numbers> {
  if (buffer.base64 !== undefined) return decodeBuffer(buffer, fromBase64(buffer.base64), true);
  if (buffer.path === undefined) throw new Error('a buffer has neither data nor a path');
  return decodeBuffer(buffer, await resolve(buffer.path, signal), true);
}

async function loadLayer(
  layer: SceneLayer,
  readers: Readers,
  notes: string[],
): Promise<LayerData | undefined> {
  const { read } = readers;
  const head = {
    id: layer.id,
    label: layer.label,
    cell: layer.cell,
    hidden: layer.hidden ?? false,
    signature: signatureOf(layer),
  };
  switch (layer.kind) {
    case 'cloud': {
      const { cloud, count: read } = await readers.readCloud(layer);
      if (cloud.dropped > 0)
        notes.push(`${layer.label}: ${count(cloud.dropped)} points without a position left out`);
      const data: CloudData = { ...head, kind: 'cloud', ...cloud, total: layer.total ?? read };
      return data;
    }
    case 'waypoints': {
      const waypoints = layer.waypoints.filter((w) => w.position.every(Number.isFinite));
      const lost = layer.waypoints.length - waypoints.length;
      if (lost > 0) notes.push(`${layer.label}: ${lost} waypoints without a finite position left out`);
      return { ...head, kind: 'waypoints', waypoints };
    }
    case 'trajectory':
      return loadTrajectory(layer, head, read, notes);
    case 'robot': {
      const times = doubles(await read(layer.times));
      const poses = floats(await read(layer.poses));
      if (poses.length !== times.length * layer.links.length * 7) {
        throw new Error(
          `poses hold ${poses.length} values, ${times.length} times of ${layer.links.length} links want ${times.length * layer.links.length * 7}`,
        );
      }
      const links: RobotData['links'][number][] = [];
      for (const link of layer.links) {
        const geoms: LoadedGeom[] = [];
        for (const geom of link.geoms) {
          const shape = await loadShape(geom.shape, read);
          if (shape.kind === 'missing')
            notes.push(`${layer.label}: a mesh of ${link.name} is missing, the rest is shown`);
          geoms.push({ shape, pose: geom.pose, color: geom.color });
        }
        links.push({ name: link.name, geoms });
      }
      return { ...head, kind: 'robot', links, times, poses };
    }
    case 'urdf':
      return loadUrdf(layer, head, readers, notes);
    case 'boxes':
      return { ...head, kind: 'boxes', boxes: layer.boxes };
    case 'frames':
      return { ...head, kind: 'frames', frames: layer.frames };
    case 'camera':
      return { ...head, kind: 'camera', pose: layer.pose, intrinsics: layer.intrinsics, far: layer.far };
    default: {
      // A newer writer's layer: the format says to skip it, and to say so.
      const unknown = layer as { kind: string; label?: string };
      notes.push(
        `${unknown.label ?? unknown.kind}: layers of kind "${unknown.kind}" are not known to this version`,
      );
      return undefined;
    }
  }
}

async function loadShape(shape: SceneShape, read: Read): Promise<LoadedShape> {
  if (shape.kind !== 'mesh') return shape;
  try {
    return {
      kind: 'mesh',
      vertices: floats(await read(shape.vertices)),
      indices: Uint32Array.from(await read(shape.indices)),
    };
  } catch {
    return { kind: 'missing' };
  }
}

async function loadUrdf(
  layer: UrdfLayer,
  head: Head,
  { read, resolve }: Readers,
  notes: string[],
): Promise<UrdfData> {
  const text = new TextDecoder().decode(bytesOf(await read(layer.urdf)));
  const times = doubles(await read(layer.times));
  const joints = floats(await read(layer.joints));
  const { jointNames } = layer;
  if (joints.length !== times.length * jointNames.length) {
    throw new Error(
      `joints hold ${joints.length} values, ${times.length} times of ${jointNames.length} joints want ${times.length * jointNames.length}`,
    );
  }
  // Not part of the first chunk: only a robot of one's own brings a description.
  const { buildUrdf, meshNames } = await import('./urdf/urdf-body.ts');
  const meshes = new Map<string, Uint8Array>();
  const missing: string[] = [];
  for (const name of meshNames(text)) {
    const given = layer.meshes?.[name];
    try {
      if (given) meshes.set(name, bytesOf(await read(given)));
      else if (isBeside(name)) meshes.set(name, await resolve(name));
      else missing.push(name);
    } catch {
      missing.push(name);
    }
  }
  const body = buildUrdf(text, {
    baseLink: layer.baseLink,
    color: '#aeb4ba',
    meshes: (name) => meshes.get(name),
  });
  if (missing.length > 0) {
    const [first = ''] = missing;
    const which = missing.length === 1 ? 'mesh' : 'meshes';
    notes.push(
      `${layer.label}: ${missing.length} ${which} missing (${first.split('/').at(-1) ?? first}${missing.length > 1 ? ', …' : ''}), the rest is shown`,
    );
  }
  return { ...head, kind: 'urdf', body, jointNames, times, joints };
}

/** A path that stays under the preview's folder: nothing with a scheme, from the root or upwards. */
const isBeside = (name: string): boolean =>
  !/^[a-z][a-z0-9+.-]*:|^[\\/]/i.test(name) && !name.split(/[\\/]/).includes('..');

const bytesOf = (values: Numbers): Uint8Array => {
  if (values instanceof Uint8Array) return values;
  throw new Error('text and meshes are bytes (u8)');
};

type Head = Pick<TrajectoryData, 'id' | 'label' | 'cell' | 'hidden' | 'signature'>;

async function loadTrajectory(
  layer: TrajectoryLayer,
  head: Head,
  read: Read,
  notes: string[],
): Promise<TrajectoryData> {
  const optional = async (buffer: SceneBuffer | undefined): Promise<Float32Array | undefined> =>
    buffer ? floats(await read(buffer)) : undefined;
  const times = doubles(await read(layer.times));
  const tool = floats(await read(layer.tool));
  const n = times.length;
  if (tool.length !== 7 * n) throw new Error(`${n} times but ${tool.length / 7} tool poses`);
  const good: number[] = [];
  for (let i = 0; i < n; i++) {
    let finite = Number.isFinite(times[i]);
    for (let k = 0; k < 7; k++) finite &&= Number.isFinite(tool[7 * i + k]);
    if (finite) good.push(i);
  }
  const dropped = n - good.length;
  if (dropped > 0) notes.push(`${layer.label}: ${dropped} of ${n} samples without a finite pose left out`);
  if (good.length === 1) notes.push(`${layer.label}: one sample only, shown as a point`);
  const keep = (values: Float32Array | undefined): Float32Array | undefined => {
    if (!values || n === 0) return values;
    const stride = values.length / n;
    if (!Number.isInteger(stride)) return undefined;
    return dropped === 0 ? values : pick(values, good, stride);
  };
  const joints = keep(await optional(layer.joints));
  const d = joints && good.length > 0 ? joints.length / good.length : 0;
  const renumber = new Map(good.map((from, to) => [from, to]));
  return {
    ...head,
    kind: 'trajectory',
    role: layer.role,
    count: good.length,
    times: dropped === 0 ? times : Float64Array.from(good, (i) => times[i] as number),
    tool: dropped === 0 ? tool : pick(tool, good, 7),
    gripper: keep(floats(await read(layer.gripper))) ?? new Float32Array(good.length),
    jointNames: layer.jointNames ?? Array.from({ length: d }, (_, i) => `joint ${i + 1}`),
    joints,
    velocities: keep(await optional(layer.velocities)),
    clearance: keep(await optional(layer.clearance)),
    clearanceLimit: layer.clearanceLimit,
    deviation: keep(await optional(layer.deviation)),
    events: layer.events,
    refused: (layer.refused ?? []).flatMap((r) => {
      const sample = renumber.get(r.sample);
      return sample === undefined ? [] : [{ ...r, sample }];
    }),
    dropped,
  };
}

function pick(values: Float32Array, rows: readonly number[], stride: number): Float32Array {
  const out = new Float32Array(rows.length * stride);
  rows.forEach((row, i) => out.set(values.subarray(row * stride, (row + 1) * stride), i * stride));
  return out;
}

const floats = (values: Numbers): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);
const doubles = (values: Numbers): Float64Array =>
  values instanceof Float64Array ? values : Float64Array.from(values);

const count = (n: number): string => n.toLocaleString('en-US');

/** Buffers count by hash, everything else by value. */
const signatureOf = (layer: SceneLayer): string =>
  JSON.stringify(layer, (key, value: unknown) => (key === 'base64' || key === 'path' ? undefined : value));

/** Corners of the smallest box round finite points; undefined where there are none. */
export function boundsOf(positions: ArrayLike<number>, stride: number): { min: Vec3; max: Vec3 } | undefined {
  let x0 = Infinity;
  let y0 = Infinity;
  let z0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  let z1 = -Infinity;
  for (let i = 0; i + 2 < positions.length; i += stride) {
    const x = positions[i] as number;
    const y = positions[i + 1] as number;
    const z = positions[i + 2] as number;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    if (z > z1) z1 = z;
  }
  return x0 <= x1 && y0 <= y1 && z0 <= z1 ? { min: [x0, y0, z0], max: [x1, y1, z1] } : undefined;
}
