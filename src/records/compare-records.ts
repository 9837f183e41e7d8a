import { angleBetween, distance } from '../core/geometry.ts';
import { duration, type Trajectory } from '../core/trajectory.ts';
import type { Waypoint } from '../core/waypoint.ts';
import type { RecordContents } from './read-record.ts';

/** One difference that means something, worded for people. */
export interface Difference {
  readonly kind:
    | 'waypoint'
    | 'trajectory'
    | 'clearance'
    | 'outcome'
    | 'capture'
    | 'provenance'
    | 'state'
    | 'plan'
    | 'cell'
    | 'text';
  /** cell that it is about */
  readonly cell?: string;
  /** "waypoint 2 (grasp) moved 12.0 mm" */
  readonly text: string;
  /** how much, in `unit`; absent where it is not a number */
  readonly amount?: number;
  readonly unit?: 'm' | 'rad' | 's' | '1';
  /** known from a hash alone: other bytes, which may mean as little as another last bit */
  readonly hashOnly?: true;
}

/** Below these, two runs are the same thing written twice: the file keeps a tenth of a millimetre. */
export interface Tolerance {
  /** m */
  readonly position: number;
  /** rad */
  readonly angle: number;
  /** s */
  readonly time: number;
}

export const EXACT: Tolerance = { position: 0, angle: 0, time: 0 };

/** What changed from one record to another, in the order in which a run goes. Empty: they are the same. */
export function compareRecords(
  a: RecordContents,
  b: RecordContents,
  tolerance: Tolerance = EXACT,
): Difference[] {
  return [
    ...compareProvenance(a, b),
    ...compareCaptures(a, b),
    ...comparePlans(a, b),
    ...compareWaypointCells(a, b, tolerance),
    ...compareTrajectories(a, b, tolerance),
    ...compareStates(a, b, tolerance),
    ...compareEndings(a, b),
  ];
}

/** Waypoints by position in the list, by label where both have it once. */
export function compareWaypoints(
  cell: string,
  before: readonly Waypoint[],
  after: readonly Waypoint[],
  tolerance: Tolerance = EXACT,
): Difference[] {
  const found: Difference[] = [];
  const pairs = pairUp(before, after);
  for (const { index, old, now } of pairs) {
    if (!old) {
      if (now) found.push({ kind: 'waypoint', cell, text: `${nameOf(now, index)} is new` });
      continue;
    }
    if (!now) {
      found.push({ kind: 'waypoint', cell, text: `${nameOf(old, index)} is gone` });
      continue;
    }
    const name = nameOf(now, index);
    const moved = distance(old.position, now.position);
    if (moved > tolerance.position) {
      found.push({
        kind: 'waypoint',
        cell,
        text: `${name} moved ${millimetres(moved)}`,
        amount: moved,
        unit: 'm',
      });
    }
    // Orientations equal as written are equal: the angle between a quaternion and itself may round to 1e-8.
    const same = old.orientation.every((v, i) => v === now.orientation[i]);
    const turned = same ? 0 : angleBetween(old.orientation, now.orientation);
    if (turned > Math.max(tolerance.angle, 1e-7)) {
      found.push({
        kind: 'waypoint',
        cell,
        text: `${name} turned ${degrees(turned)}`,
        amount: turned,
        unit: 'rad',
      });
    }
    const numbers = [
      ['gripper', old.gripper, now.gripper],
      ['radius', old.radius, now.radius],
    ] as const;
    for (const [what, from, to] of numbers) {
      if (from === to) continue;
      const words =
        what === 'radius'
          ? `${millimetres(from)} -> ${millimetres(to)}`
          : `${percent(from)} -> ${percent(to)}`;
      found.push({
        kind: 'waypoint',
        cell,
        text: `${name}: ${what} ${words}`,
        amount: Math.abs(to - from),
        unit: what === 'radius' ? 'm' : '1',
      });
    }
    if (old.label !== now.label)
      found.push({
        kind: 'waypoint',
        cell,
        text: `waypoint ${index + 1}: "${old.label}" is now "${now.label}"`,
      });
  }
  return found;
}

interface Pair {
  readonly index: number;
  readonly old?: Waypoint;
  readonly now?: Waypoint;
}

function pairUp(before: readonly Waypoint[], after: readonly Waypoint[]): Pair[] {
  const once = (list: readonly Waypoint[], label: string): boolean =>
    list.filter((w) => w.label === label).length === 1;
  const taken = new Set<Waypoint>();
  const pairs: Pair[] = [];
  const sameCount = before.length === after.length;
  after.forEach((now, index) => {
    const byLabel =
      once(after, now.label) && once(before, now.label)
        ? before.find((w) => w.label === now.label)
        : undefined;
    const old =
      byLabel ??
      (sameCount && !after.some((w) => w.label === before[index]?.label) ? before[index] : undefined);
    const free =
      old && !taken.has(old)
        ? old
        : sameCount && before[index] && !taken.has(before[index])
          ? before[index]
          : undefined;
    if (free) taken.add(free);
    pairs.push({ index, now, ...(free ? { old: free } : {}) });
  });
  before.forEach((old, index) => {
    if (!taken.has(old)) pairs.push({ index, old });
  });
  return pairs;
}

const nameOf = (waypoint: Waypoint, index: number): string => `waypoint ${index + 1} (${waypoint.label})`;

function compareWaypointCells(a: RecordContents, b: RecordContents, tolerance: Tolerance): Difference[] {
  return byCell(a.waypoints, b.waypoints).flatMap(({ cell, old, now }) => {
    if (!old || !now) return [presence('waypoint', cell, 'list of waypoints', now !== undefined)];
    const asked = compareWaypoints(cell, old.asked, now.asked, tolerance);
    const refined =
      asked.length > 0
        ? []
        : compareWaypoints(cell, old.refined, now.refined, tolerance).map((d) => ({
            ...d,
            text: `refined ${d.text}`,
          }));
    const refiner =
      old.refiner === now.refiner
        ? []
        : [{ kind: 'plan', cell, text: `refiner ${old.refiner} -> ${now.refiner}` } satisfies Difference];
    return [...refiner, ...asked, ...refined];
  });
}

function compareTrajectories(a: RecordContents, b: RecordContents, tolerance: Tolerance): Difference[] {
  return byCell(a.trajectories, b.trajectories).flatMap(({ cell, old, now }): Difference[] => {
    if (!old || !now) return [presence('trajectory', cell, 'trajectory', now !== undefined)];
    if (old.hash === now.hash) return [];
    const found: Difference[] = [];
    const longer = duration(now.trajectory) - duration(old.trajectory);
    if (Math.abs(longer) > tolerance.time) {
      const text = `trajectory ${seconds(Math.abs(longer))} ${longer > 0 ? 'longer' : 'shorter'}`;
      found.push({ kind: 'trajectory', cell, text, amount: Math.abs(longer), unit: 's' });
    }
    const apart = farthestApart(old.trajectory, now.trajectory);
    if (apart > tolerance.position) {
      found.push({
        kind: 'trajectory',
        cell,
        text: `path up to ${millimetres(apart)} apart`,
        amount: apart,
        unit: 'm',
      });
    }
    if (old.clearance !== undefined && now.clearance !== undefined) {
      const change = now.clearance - old.clearance;
      if (Math.abs(change) > tolerance.position) {
        const text = `minimum clearance ${change < 0 ? 'down' : 'up'} to ${millimetres(now.clearance)} (from ${millimetres(old.clearance)})`;
        found.push({ kind: 'clearance', cell, text, amount: Math.abs(change), unit: 'm' });
      }
    }
    if (found.length === 0 && tolerance.position === 0) {
      found.push({
        kind: 'trajectory',
        cell,
        text: 'trajectory differs in its last bits',
        amount: 0,
        unit: 'm',
        hashOnly: true,
      });
    }
    return found;
  });
}

/** Largest distance between tool positions at equal fractions of the two motions [m]. */
function farthestApart(a: Trajectory, b: Trajectory): number {
  const steps = Math.min(2000, Math.max(a.times.length, b.times.length));
  let most = 0;
  for (let i = 0; i <= steps; i++) {
    const p = toolAt(a, i / steps);
    const q = toolAt(b, i / steps);
    most = Math.max(most, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return most;
}

/** Tool position at a fraction of the motion's duration, linear between samples. */
function toolAt(t: Trajectory, fraction: number): [number, number, number] {
  const time = fraction * duration(t);
  let low = 0;
  let high = t.times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((t.times[middle] as number) <= time) low = middle;
    else high = middle;
  }
  const from = t.times[low] ?? 0;
  const to = t.times[high] ?? from;
  const s = to > from ? Math.min(1, Math.max(0, (time - from) / (to - from))) : 0;
  const at = (k: number): number => {
    const p = t.tool[7 * low + k] ?? 0;
    return p + ((t.tool[7 * high + k] ?? p) - p) * s;
  };
  return [at(0), at(1), at(2)];
}

function compareStates(a: RecordContents, b: RecordContents, tolerance: Tolerance): Difference[] {
  const found: Difference[] = [];
  const last = [a.states.at(-1), b.states.at(-1)];
  const later = Math.abs((last[0]?.stamp ?? 0) - (last[1]?.stamp ?? 0));
  if (a.states.length !== b.states.length && (later > tolerance.time || tolerance.time === 0)) {
    found.push({ kind: 'state', text: `${a.states.length} joint states -> ${b.states.length}` });
  }
  const common = Math.min(a.states.length, b.states.length);
  for (let i = 0; i < common; i++) {
    const worst = (a.states[i]?.joints ?? []).reduce(
      (m, q, k) => Math.max(m, Math.abs(q - (b.states[i]?.joints[k] ?? NaN))),
      0,
    );
    if (!(worst <= tolerance.angle)) {
      const stamp = a.states[i]?.stamp ?? 0;
      found.push({
        kind: 'state',
        text: `joints differ from ${seconds(stamp)} on, at first by ${worst.toExponential(1)} rad`,
        amount: worst,
        unit: 'rad',
      });
      break;
    }
  }
  const [p, q] = last;
  if (p && q) {
    const apart = p.joints.reduce((m, v, k) => Math.max(m, Math.abs(v - (q.joints[k] ?? NaN))), 0);
    if (apart > tolerance.angle)
      found.push({ kind: 'state', text: `final joints ${degrees(apart)} apart`, amount: apart, unit: 'rad' });
  }
  return found;
}

function compareCaptures(a: RecordContents, b: RecordContents): Difference[] {
  return byCell(a.captures, b.captures).flatMap(({ cell, old, now }): Difference[] => {
    if (!old || !now) return [presence('capture', cell, 'capture', now !== undefined)];
    if (old.hash === now.hash) return [];
    const points = `${old.cloud?.count ?? '?'} -> ${now.cloud?.count ?? '?'} points`;
    const gone = old.objects.filter((o) => !now.objects.some((n) => n.label === o.label)).map((o) => o.label);
    const fresh = now.objects
      .filter((n) => !old.objects.some((o) => o.label === n.label))
      .map((n) => n.label);
    const words = [
      points,
      ...(gone.length > 0 ? [`no longer: ${gone.join(', ')}`] : []),
      ...(fresh.length > 0 ? [`new: ${fresh.join(', ')}`] : []),
    ];
    return [
      {
        kind: 'capture',
        cell,
        text: `capture differs: ${words.join('; ')}`,
        ...(gone.length + fresh.length === 0 ? { hashOnly: true } : {}),
      },
    ];
  });
}

function comparePlans(a: RecordContents, b: RecordContents): Difference[] {
  return byCell(a.plans, b.plans).flatMap(({ cell, old, now }): Difference[] => {
    if (!old || !now) return [presence('plan', cell, 'plan', now !== undefined)];
    const found: Difference[] = [];
    const from = [old.provider, old.model].filter(Boolean).join(' ');
    const to = [now.provider, now.model].filter(Boolean).join(' ');
    if (from !== to) found.push({ kind: 'plan', cell, text: `planner ${from} -> ${to}` });
    if (old.summary !== now.summary)
      found.push({ kind: 'plan', cell, text: `plan "${old.summary}" -> "${now.summary}"` });
    return found;
  });
}

function compareProvenance(a: RecordContents, b: RecordContents): Difference[] {
  const rows = (r: RecordContents): Record<string, string> => {
    const p = r.provenance;
    return p
      ? {
          robot: p.robot,
          seed: String(p.seed ?? 'none'),
          planner: [p.planner?.provider, p.planner?.model].filter(Boolean).join(' '),
          refiner: p.refiner?.id ?? '',
          model: p.refiner?.modelHash?.slice(0, 12) ?? '',
          version: p.waybook,
          ...Object.fromEntries(
            Object.entries(p.params ?? {}).map(([name, value]) => [`parameter ${name}`, String(value)]),
          ),
        }
      : {};
  };
  const [old, now] = [rows(a), rows(b)];
  return Object.keys({ ...old, ...now }).flatMap((key): Difference[] =>
    old[key] === now[key]
      ? []
      : [{ kind: 'provenance', text: `${key} ${old[key] ?? 'unknown'} -> ${now[key] ?? 'unknown'}` }],
  );
}

function compareEndings(a: RecordContents, b: RecordContents): Difference[] {
  const found: Difference[] = [];
  const [from, to] = [endingOf(a), endingOf(b)];
  if (from !== to) found.push({ kind: 'outcome', text: `${from} -> ${to}` });
  const [old, now] = [a.end?.finalStateHash, b.end?.finalStateHash];
  if (old !== now)
    found.push({
      kind: 'state',
      text: `final state ${old?.slice(0, 12) ?? 'unknown'} -> ${now?.slice(0, 12) ?? 'unknown'}`,
      ...(old === undefined || now === undefined ? {} : { hashOnly: true }),
    });
  return found;
}

/** "success", "failure (the cube is beside the bowl)", "cancelled", "killed" */
function endingOf({ end }: RecordContents): string {
  if (!end) return 'killed';
  if (end.outcome === 'cancelled') return 'cancelled';
  const good = end.verdict ? end.verdict.success : end.outcome === 'succeeded';
  const why =
    end.verdict && !end.verdict.success
      ? end.verdict.reason
      : end.outcome === 'failed'
        ? end.failure
        : undefined;
  return good ? 'success' : why === undefined ? 'failure' : `failure (${why})`;
}

/** The newest entry of every cell on both sides, in order of first appearance. */
function byCell<T extends { readonly cell: string }>(
  a: readonly T[],
  b: readonly T[],
): { cell: string; old?: T; now?: T }[] {
  const old = new Map(a.map((entry) => [entry.cell, entry]));
  const now = new Map(b.map((entry) => [entry.cell, entry]));
  return [...new Set([...old.keys(), ...now.keys()])].map((cell) => {
    const [o, n] = [old.get(cell), now.get(cell)];
    return { cell, ...(o ? { old: o } : {}), ...(n ? { now: n } : {}) };
  });
}

const presence = (kind: Difference['kind'], cell: string, what: string, fresh: boolean): Difference => ({
  kind,
  cell,
  text: fresh ? `${what} is new` : `${what} is missing`,
});

export const millimetres = (m: number): string =>
  `${(m * 1000).toFixed(Math.abs(m) < 0.001 ? 2 : 1).replace(/\.0$/, '')} mm`;
const degrees = (rad: number): string => `${((rad * 180) / Math.PI).toFixed(2)}°`;
const seconds = (s: number): string => `${s.toFixed(2).replace(/0$/, '')} s`;
const percent = (v: number): string => `${Math.round(v * 100)} %`;
