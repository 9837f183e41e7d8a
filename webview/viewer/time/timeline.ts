import type { LayerData, TrajectoryData, WaypointsData } from '../scene-data.ts';
import { nearestSample } from './sampling.ts';
import type { TimeMark } from './time-bar.ts';

export interface TimelineMark extends TimeMark {
  /** index of the waypoint that a ring stands for */
  readonly waypoint?: number;
}

/** The range of time that layers cover, its marks, and the sample times to step through. */
export interface Timeline {
  readonly start: number;
  readonly end: number;
  readonly marks: readonly TimelineMark[];
  readonly samples: Float64Array;
}

/** All layers of a scene share one clock; compared runs start at its start and have no marks of their own. */
export function timelineOf(layers: readonly LayerData[]): Timeline {
  const paths = layers.filter((l): l is TrajectoryData => l.kind === 'trajectory' && l.count > 0);
  const main =
    paths.find((p) => p.role === 'refined') ?? paths.find((p) => p.role === 'executed') ?? paths[0];
  let start = Infinity;
  let end = -Infinity;
  for (const layer of layers) {
    if (layer.kind !== 'trajectory' && layer.kind !== 'robot' && layer.kind !== 'urdf') continue;
    const first = layer.times[0];
    const last = layer.times[layer.times.length - 1];
    // A robot that stands still has one time, which says nothing about a range.
    if (first === undefined || last === undefined || (layer.kind !== 'trajectory' && layer.times.length < 2))
      continue;
    start = Math.min(start, first);
    end = Math.max(end, last);
  }
  if (!(start <= end)) return { start: 0, end: 0, marks: [], samples: new Float64Array(0) };
  return {
    start,
    end,
    marks: main
      ? marksOf(
          main,
          layers.find((l): l is WaypointsData => l.kind === 'waypoints'),
        )
      : [],
    samples: main?.times ?? new Float64Array(0),
  };
}

/** The waypoint reached last at `t` [s]; -1 before the first. */
export const waypointAt = ({ marks }: Timeline, t: number): number =>
  marks.filter((mark) => mark.kind === 'waypoint' && mark.t <= t + 1e-6).length - 1;

/**
 * Rings and bars of a path. An event means the next waypoint of its label; a grip at a waypoint that has no event of
 * its own stands for the arrival there too, at the moment the tool came to rest.
 */
function marksOf(path: TrajectoryData, plan: WaypointsData | undefined): TimelineMark[] {
  const refusedTimes = path.refused.map((r) => path.times[r.sample] ?? Number.NaN);
  const marks: TimelineMark[] = [];
  let next = 0;
  let previous = -Infinity;
  const arrive = (t: number, label: string): void => {
    // The waypoint towards which a refused sample moves is the one to change.
    const from = previous;
    previous = t;
    const refused = refusedTimes.some((r) => r > from && r <= t);
    marks.push({ t, label, kind: 'waypoint', waypoint: next++, refused });
  };
  for (const event of path.events) {
    if (!Number.isFinite(event.t)) continue;
    if (event.kind === 'waypoint') arrive(event.t, event.label);
    else {
      if (plan?.waypoints[next]?.label === event.label) arrive(restBefore(path, event.t), event.label);
      marks.push(event);
    }
  }
  return marks;
}

/** When the tool came to the place where it is at `t` [s]. */
function restBefore({ times, tool }: TrajectoryData, t: number): number {
  const at = nearestSample(times, t);
  let i = at;
  const moved = (j: number): number =>
    Math.hypot(
      (tool[7 * j] ?? 0) - (tool[7 * at] ?? 0),
      (tool[7 * j + 1] ?? 0) - (tool[7 * at + 1] ?? 0),
      (tool[7 * j + 2] ?? 0) - (tool[7 * at + 2] ?? 0),
    );
  // Within half a millimetre counts as there.
  while (i > 0 && moved(i - 1) < 5e-4) i--;
  return Math.min(t, times[i] ?? t);
}
