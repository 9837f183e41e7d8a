import type { LayerData, TrajectoryData } from '../scene-data.ts';
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
    if (layer.kind !== 'trajectory' && layer.kind !== 'robot') continue;
    const first = layer.times[0];
    const last = layer.times[layer.times.length - 1];
    // A robot that stands still has one time, which says nothing about a range.
    if (first === undefined || last === undefined || (layer.kind === 'robot' && layer.times.length < 2))
      continue;
    start = Math.min(start, first);
    end = Math.max(end, last);
  }
  if (!(start <= end)) return { start: 0, end: 0, marks: [], samples: new Float64Array(0) };
  return { start, end, marks: main ? marksOf(main) : [], samples: main?.times ?? new Float64Array(0) };
}

function marksOf(path: TrajectoryData): TimelineMark[] {
  // The waypoint towards which a refused sample moves is the one to change.
  const refusedTimes = path.refused.map((r) => path.times[r.sample] ?? Number.NaN);
  let waypoint = 0;
  let previous = -Infinity;
  return path.events
    .filter((event) => Number.isFinite(event.t))
    .map((event) => {
      if (event.kind === 'grip') return event;
      const from = previous;
      previous = event.t;
      const refused = refusedTimes.some((t) => t > from && t <= event.t);
      return { ...event, waypoint: waypoint++, refused };
    });
}
