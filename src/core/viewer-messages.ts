import type { Quat, Vec3 } from './geometry.ts';
import type { Scene } from './scene.ts';

/*
 * What the viewer and its hosts say to each other. Both directions cross a boundary where anything may arrive, so
 * both have a parser; bytes never travel here, only paths (a typed array through messaging hung the host).
 */

export interface RunChoice {
  readonly id: string;
  readonly label: string;
}

/** What a panel is opened again with after the window was reloaded. */
export interface InspectorPlace {
  /** URI of the notebook */
  readonly notebook: string;
  readonly cell: string;
  /** the run whose record it shows, where that is not what the cell shows now */
  readonly run?: string;
}

/** Everything that the inspector needs to show one cell's output. */
export interface InspectorDocument {
  readonly title: string;
  /** cell whose output it is */
  readonly cell: string;
  /** drawn over each other, the cell's own last */
  readonly scenes: readonly Scene[];
  /** URL, ending in a slash, that sidecar paths are relative to */
  readonly base: string;
  /** waypoints may be moved: the cell is in an open notebook and not read-only */
  readonly editable: boolean;
  /** runs that can be compared with this one */
  readonly runs: readonly RunChoice[];
  /** why it is stale, or the run that it was restored from */
  readonly badge?: string;
  /** absent: a comparison with a file of the past, which is not opened again */
  readonly place?: InspectorPlace;
}

export interface Difference {
  readonly name: string;
  readonly left: string;
  readonly right: string;
}

export type HostToInspector =
  | { readonly type: 'show'; readonly document: InspectorDocument }
  | {
      /** scenes of another run to lay over this one; empty: stop comparing */
      readonly type: 'compare';
      readonly run: RunChoice;
      readonly scenes: readonly Scene[];
      readonly base: string;
      readonly differences: readonly Difference[];
    }
  | { readonly type: 'select'; readonly waypoint: number }
  | { readonly type: 'seek'; readonly time: number }
  | { readonly type: 'follow'; readonly active: boolean };

export type InspectorToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly cell: string; readonly waypoint: number }
  | { readonly type: 'seek'; readonly cell: string; readonly time: number }
  /** the slider reached another waypoint; -1 before the first */
  | { readonly type: 'current'; readonly cell: string; readonly waypoint: number }
  | WaypointEdit
  | PinRequest
  | { readonly type: 'compare'; readonly run?: string }
  | { readonly type: 'screenshot'; readonly png: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'reveal'; readonly cell: string };

/** A waypoint was let go at a new pose, in `base`; undoing in the view sends the old pose in the same way. */
export interface WaypointEdit {
  readonly type: 'edit';
  readonly cell: string;
  readonly waypoint: number;
  /** must match the cell's: somebody may have edited the text meanwhile */
  readonly label: string;
  readonly position: Vec3;
  readonly orientation: Quat;
}

/** A place that a person marked, in `base` [m], and how it opens where it is a handle. */
export interface PinMarked {
  readonly at: Vec3;
  /** what was found there goes by this name so far */
  readonly called?: string;
  /** the way along which a handle opens what it is on */
  readonly opens?: Vec3;
  /** a point on a hinge [m], and the axis about which it opens */
  readonly hinge?: { readonly origin: Vec3; readonly axis: Vec3 };
}

/** Something was marked to be given a name, which the host asks for. */
export interface PinRequest extends PinMarked {
  readonly type: 'pin';
  readonly cell: string;
}

export type HostToRenderer =
  | { readonly type: 'select'; readonly cell: string; readonly waypoint: number }
  | { readonly type: 'seek'; readonly cell: string; readonly time: number }
  | { readonly type: 'badge'; readonly cell: string; readonly badge?: string }
  /** what can be done about a refusal, the best first */
  | { readonly type: 'fixes'; readonly cell: string; readonly fixes: readonly Fix[] };

/** A button in the block of a refusal. */
export interface Fix {
  readonly id: string;
  readonly title: string;
}

export type RendererToHost =
  | { readonly type: 'inspect'; readonly cell: string; readonly run?: string }
  | { readonly type: 'select'; readonly cell: string; readonly waypoint: number }
  /** a refusal is shown and wants to know its fixes */
  | { readonly type: 'refused'; readonly cell: string }
  | { readonly type: 'fix'; readonly cell: string; readonly fix: string }
  /** the slider reached another waypoint; -1 before the first */
  | { readonly type: 'current'; readonly cell: string; readonly waypoint: number };

type Bag = Readonly<Record<string, unknown>>;

const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length < 1e7;
const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= -1;
const isTime = (value: unknown): value is number => Number.isFinite(value);
const isNumbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every((v) => Number.isFinite(v));

/** Enough of a scene's form for the loader, which reports what is wrong inside a layer by its name. */
export function isScene(value: unknown): value is Scene {
  return (
    isBag(value) &&
    typeof value['version'] === 'number' &&
    isText(value['title']) &&
    isBag(value['verdict']) &&
    Array.isArray(value['facts']) &&
    Array.isArray(value['layers']) &&
    value['layers'].every((layer) => isBag(layer) && isText(layer['kind']) && isText(layer['id']))
  );
}

const isScenes = (value: unknown): value is readonly Scene[] => Array.isArray(value) && value.every(isScene);
const isRun = (value: unknown): value is RunChoice =>
  isBag(value) && isText(value['id']) && isText(value['label']);

function isDocument(value: unknown): value is InspectorDocument {
  return (
    isBag(value) &&
    isText(value['title']) &&
    isText(value['cell']) &&
    isScenes(value['scenes']) &&
    isText(value['base']) &&
    typeof value['editable'] === 'boolean' &&
    Array.isArray(value['runs']) &&
    value['runs'].every(isRun) &&
    (value['badge'] === undefined || isText(value['badge'])) &&
    (value['place'] === undefined || parseInspectorPlace(value['place']) !== undefined)
  );
}

/** A place that a panel stored, or undefined where it is none. */
export function parseInspectorPlace(value: unknown): InspectorPlace | undefined {
  if (!isBag(value)) return undefined;
  const { notebook, cell, run } = value;
  if (!isText(notebook) || !isText(cell) || (run !== undefined && !isText(run))) return undefined;
  return { notebook, cell, ...(run === undefined ? {} : { run }) };
}

/** A message to the inspector, or undefined where it is none of ours. */
export function parseHostToInspector(value: unknown): HostToInspector | undefined {
  if (!isBag(value)) return undefined;
  switch (value['type']) {
    case 'show':
      return isDocument(value['document']) ? { type: 'show', document: value['document'] } : undefined;
    case 'compare': {
      const { run, scenes, base, differences } = value;
      if (!isRun(run) || !isScenes(scenes) || !isText(base) || !Array.isArray(differences)) return undefined;
      const list = differences.filter(
        (d): d is Difference => isBag(d) && isText(d['name']) && isText(d['left']) && isText(d['right']),
      );
      return { type: 'compare', run, scenes, base, differences: list };
    }
    case 'select':
      return isIndex(value['waypoint']) ? { type: 'select', waypoint: value['waypoint'] } : undefined;
    case 'seek':
      return isTime(value['time']) ? { type: 'seek', time: value['time'] } : undefined;
    case 'follow':
      return typeof value['active'] === 'boolean' ? { type: 'follow', active: value['active'] } : undefined;
    default:
      return undefined;
  }
}

/** What a person marked, or undefined where it is none. */
export function parsePinMarked(value: unknown): PinMarked | undefined {
  if (!isBag(value)) return undefined;
  const { at, called, opens, hinge } = value;
  if (!isNumbers(at, 3) || (called !== undefined && !isText(called))) return undefined;
  if (opens !== undefined && !isNumbers(opens, 3)) return undefined;
  if (hinge !== undefined && !(isBag(hinge) && isNumbers(hinge['origin'], 3) && isNumbers(hinge['axis'], 3)))
    return undefined;
  return {
    at: at as Vec3,
    ...(called === undefined ? {} : { called }),
    ...(opens === undefined ? {} : { opens: opens as Vec3 }),
    ...(hinge === undefined ? {} : { hinge: hinge as unknown as { origin: Vec3; axis: Vec3 } }),
  };
}

/** A message from the inspector, or undefined where it is none of ours. */
export function parseInspectorToHost(value: unknown): InspectorToHost | undefined {
  if (!isBag(value)) return undefined;
  const { type, cell, waypoint, time, run, label, position, orientation } = value;
  switch (type) {
    case 'ready':
      return { type };
    case 'select':
    case 'current':
      return isText(cell) && isIndex(waypoint) ? { type, cell, waypoint } : undefined;
    case 'seek':
      return isText(cell) && isTime(time) ? { type, cell, time } : undefined;
    case 'edit':
      return isText(cell) &&
        isIndex(waypoint) &&
        isText(label) &&
        isNumbers(position, 3) &&
        isNumbers(orientation, 4)
        ? {
            type,
            cell,
            waypoint,
            label,
            position: position as Vec3,
            orientation: orientation as Quat,
          }
        : undefined;
    case 'pin': {
      const pin = parsePinMarked(value);
      return isText(cell) && pin !== undefined ? { type, cell, ...pin } : undefined;
    }
    case 'compare':
      return run === undefined || isText(run) ? { type, ...(run === undefined ? {} : { run }) } : undefined;
    case 'screenshot':
      return isText(value['png']) ? { type, png: value['png'] } : undefined;
    case 'copy':
      return isText(value['text']) ? { type, text: value['text'] } : undefined;
    case 'reveal':
      return isText(cell) ? { type, cell } : undefined;
    default:
      return undefined;
  }
}

/** A message to the renderer, or undefined where it is none of ours. */
export function parseHostToRenderer(value: unknown): HostToRenderer | undefined {
  if (!isBag(value) || !isText(value['cell'])) return undefined;
  const { type, cell, waypoint, time, badge } = value;
  switch (type) {
    case 'select':
      return isIndex(waypoint) ? { type, cell, waypoint } : undefined;
    case 'seek':
      return isTime(time) ? { type, cell, time } : undefined;
    case 'badge':
      return badge === undefined || isText(badge)
        ? { type, cell, ...(badge === undefined ? {} : { badge }) }
        : undefined;
    case 'fixes': {
      if (!Array.isArray(value['fixes'])) return undefined;
      const fixes = value['fixes'].filter((f): f is Fix => isBag(f) && isText(f['id']) && isText(f['title']));
      return { type, cell, fixes };
    }
    default:
      return undefined;
  }
}

/** A message from the renderer, or undefined where it is none of ours. */
export function parseRendererToHost(value: unknown): RendererToHost | undefined {
  if (!isBag(value) || !isText(value['cell'])) return undefined;
  const { type, cell, waypoint, run } = value;
  switch (type) {
    case 'inspect':
      return run === undefined || isText(run)
        ? { type, cell, ...(run === undefined ? {} : { run }) }
        : undefined;
    case 'refused':
      return { type, cell };
    case 'fix':
      return isText(value['fix']) ? { type, cell, fix: value['fix'] } : undefined;
    case 'select':
    case 'current':
      return isIndex(waypoint) ? { type, cell, waypoint } : undefined;
    default:
      return undefined;
  }
}
