import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { quatNormalize, TOOL_DOWN, type Quat, type Vec3 } from '../../core/geometry.ts';
import type { Waypoint, WaypointFrame } from '../../core/waypoint.ts';
import type { RefinerId } from '../../refinement/refiner.ts';
import { type BodyProblem, problemToError, problemToFinding } from './body-problem.ts';
import type { Finding, NotebookCell } from './document.ts';
import { inspectBody, problem } from './inspect-body.ts';
import { knownParameters, noSuchParameter, paramOf, type Params, placeholdersIn } from './parameters.ts';

export interface CaptureBody {
  readonly camera?: string;
  /** several whose clouds are fused, by name, or every one that the robot has */
  readonly cameras?: readonly string[] | 'all';
  /** relative to the notebook's folder, forward slashes */
  readonly file?: string;
  /** m */
  readonly voxel?: number;
  /** in base [m] */
  readonly crop?: { readonly min: Vec3; readonly max: Vec3 };
  readonly keepRobot?: boolean;
}

export interface BodyWaypoint extends Waypoint {
  /** overrides the cell's frame */
  readonly frame?: WaypointFrame;
}

export interface WaypointsBody {
  readonly frame: WaypointFrame;
  readonly waypoints: readonly BodyWaypoint[];
  readonly refiner?: RefinerId;
}

export interface ExecuteBody {
  /** fraction of full speed, above 0 up to 1 */
  readonly speed?: number;
  readonly closedLoop?: boolean;
  /** looks per second, when closedLoop */
  readonly rateHz?: number;
  /** how far a closed-loop correction may leave the approved path [m] */
  readonly tube?: number;
  /** s */
  readonly deadline?: number;
}

/** What a waypoint that does not say gets. */
export const DEFAULT_RADIUS = 0.02;
/** Quaternions written with three decimals are off by less; they are normalised when read. */
const UNIT_TOLERANCE = 2e-3;

type Parsed<T> = { readonly value?: T; readonly problems: readonly BodyProblem[] };

/**
 * The body with the parameters filled in. Throws the first error as a WaybookError `input/format`, `input/schema`,
 * `input/limit` or `input/reference` with cell, line and column.
 */
export const parseCaptureBody = (cell: NotebookCell, params: Params): CaptureBody =>
  orThrow(readCapture(cell.body, params), cell);
/** As {@link parseCaptureBody}. Orientations come back as exact unit quaternions, defaults filled in. */
export const parseWaypointsBody = (cell: NotebookCell, params: Params): WaypointsBody =>
  orThrow(readWaypoints(cell.body, params), cell);
/** As {@link parseCaptureBody}. */
export const parseExecuteBody = (cell: NotebookCell, params: Params): ExecuteBody =>
  orThrow(readExecute(cell.body, params), cell);

/** Everything that is wrong or doubtful in a cell's body; nothing for Markdown. */
export function checkBody(cell: NotebookCell, params: Params): Finding[] {
  return problemsOf(cell, params).map((found) => problemToFinding(found, cell));
}

function problemsOf(cell: NotebookCell, params: Params): readonly BodyProblem[] {
  switch (cell.kind) {
    case 'markdown':
      return [];
    case 'instruction':
      return cell.body.trim() === ''
        ? [problem('schema', 'The instruction is empty: say what to do.', 0, 0)]
        : placeholdersIn(cell.body).flatMap(({ name, offset, length }) =>
            paramOf(params, name) === undefined
              ? [
                  problem('parameter', noSuchParameter(name), offset, length, {
                    hint: knownParameters(params),
                  }),
                ]
              : [],
          );
    case 'capture':
      return readCapture(cell.body, params).problems;
    case 'waypoints':
      return readWaypoints(cell.body, params).problems;
    case 'execute':
      return readExecute(cell.body, params).problems;
  }
}

function orThrow<T>(parsed: Parsed<T>, cell: NotebookCell): T {
  const first = parsed.problems.find((p) => p.severity === 'error');
  if (first) throw problemToError(first, cell);
  if (parsed.value === undefined) throw new TypeError('a body without errors has a value');
  return parsed.value;
}

function readCapture(body: string, params: Params): Parsed<CaptureBody> {
  const { value, tree, problems } = inspectBody('capture', body, params);
  if (value === undefined || !tree) return { problems };
  const capture = known<CaptureBody>(value, ['camera', 'cameras', 'file', 'voxel', 'crop', 'keepRobot']);
  const more: BodyProblem[] = [];
  if (capture.camera !== undefined && capture.cameras !== undefined) {
    more.push(at(tree, ['cameras'], 'schema', 'A capture names one camera or several, not both.'));
  }
  if ((capture.camera ?? capture.cameras) !== undefined && capture.file !== undefined) {
    more.push(at(tree, ['file'], 'schema', 'A capture is from a camera or from a file, not both.'));
  }
  if (capture.file !== undefined) {
    const why = outsideFolder(capture.file);
    if (why !== undefined)
      more.push(
        at(
          tree,
          ['file'],
          'schema',
          `"file" ${why}.`,
          'Keep captures beside the notebook and write a relative path.',
        ),
      );
  }
  const { crop } = capture;
  if (crop) {
    const axis = crop.min.findIndex((low, i) => !(low < (crop.max[i] as number)));
    if (axis >= 0) {
      const name = 'xyz'.charAt(axis);
      more.push(
        at(
          tree,
          ['crop'],
          'limit',
          `"crop" is empty: min ${name} ${crop.min[axis]} is not below max ${name} ${crop.max[axis]} m.`,
        ),
      );
    }
  }
  return { ...(more.length > 0 ? {} : { value: capture }), problems: [...problems, ...more] };
}

/** Files are shared with the notebook: a path must mean the same on every machine, and stay in the folder. */
function outsideFolder(file: string): string | undefined {
  if (/^([/\\]|[a-zA-Z]:|~)/.test(file)) return 'is an absolute path';
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(file)) return 'is a URL';
  if (file.split(/[/\\]/).includes('..')) return 'leaves the folder of the notebook';
  return undefined;
}

interface RawWaypoint {
  readonly label?: string;
  readonly position: Vec3;
  readonly orientation?: Quat;
  readonly gripper?: number;
  readonly radius?: number;
  readonly frame?: WaypointFrame;
}

function readWaypoints(body: string, params: Params): Parsed<WaypointsBody> {
  const { value, tree, problems } = inspectBody('waypoints', body, params);
  if (value === undefined || !tree) return { problems };
  const raw = value as unknown as {
    frame?: WaypointFrame;
    waypoints: readonly RawWaypoint[];
    refiner?: RefinerId;
  };
  const more: BodyProblem[] = [];
  let gripper = 1;
  const waypoints = raw.waypoints.map((waypoint, index): BodyWaypoint => {
    gripper = waypoint.gripper ?? gripper;
    const orientation = waypoint.orientation ?? TOOL_DOWN;
    const length = Math.hypot(...orientation);
    if (Math.abs(length - 1) > UNIT_TOLERANCE) {
      const message = `The orientation of waypoint ${index + 1} is no unit quaternion: its length is ${length.toFixed(4)}, not 1.`;
      more.push({
        ...at(tree, ['waypoints', index, 'orientation'], 'limit', message, 'The order is x, y, z, w.'),
        waypoint: index,
        limit: { name: 'quaternion length', value: length, limit: 1, unit: '' },
      });
    }
    return {
      label: waypoint.label ?? `waypoint ${index + 1}`,
      position: waypoint.position,
      orientation: quatNormalize(orientation),
      gripper,
      radius: waypoint.radius ?? DEFAULT_RADIUS,
      ...(waypoint.frame === undefined ? {} : { frame: frameOf(waypoint.frame) }),
    };
  });
  const result: WaypointsBody = {
    frame: frameOf(raw.frame ?? 'base'),
    waypoints,
    ...(raw.refiner === undefined ? {} : { refiner: raw.refiner }),
  };
  return { ...(more.length > 0 ? {} : { value: result }), problems: [...problems, ...more] };
}

const frameOf = (frame: WaypointFrame): WaypointFrame =>
  frame === 'base' ? 'base' : { object: frame.object };

function readExecute(body: string, params: Params): Parsed<ExecuteBody> {
  const { value, problems } = inspectBody('execute', body, params);
  if (value === undefined) return { problems };
  return {
    value: known<ExecuteBody>(value, ['speed', 'closedLoop', 'rateHz', 'tube', 'deadline']),
    problems,
  };
}

/** The keys that the schema has checked, without those it does not know. */
function known<T extends object>(
  value: Readonly<Record<string, unknown>>,
  keys: readonly (keyof T & string)[],
): T {
  return Object.fromEntries(
    keys.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]])),
  ) as unknown as T;
}

function at(
  tree: Node,
  path: (string | number)[],
  code: BodyProblem['code'],
  message: string,
  hint?: string,
): BodyProblem {
  const node = findNodeAtLocation(tree, path) ?? tree;
  return problem(code, message, node.offset, node.length, hint === undefined ? {} : { hint });
}
