import { PATH_FIELDS, pathValues } from '../path-values.ts';
import type { LayerData, TrajectoryData } from '../scene-data.ts';
import { interpolate, sampleAt } from '../time/sampling.ts';

/** Which data colour a line has; `quiet` lines are context for the one that is named. */
export type PlotTone = 'refined' | 'executed' | 'compared' | 'text' | 'quiet';

export interface PlotLine {
  readonly name: string;
  readonly tone: PlotTone;
  /** on the plot's `times`; null where there is none */
  readonly values: readonly (number | null)[];
}

/** One strip of the plots: lines over a common time base, and perhaps a limit. */
export interface PlotData {
  readonly key: 'joints' | 'velocities' | 'speed' | 'clearance' | 'error';
  readonly title: string;
  readonly unit: string;
  /** [s] */
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  /** the line whose value is read out */
  readonly main: number;
  /** forbidden below (or above) this value */
  readonly limit?: { readonly value: number; readonly side: 'below' | 'above' };
  /** said at the right of the strip: "peak 0.49", "least 61" */
  readonly summary: { readonly word: 'peak' | 'least'; readonly value: number };
  readonly range: readonly [number, number];
}

/** Most samples that a strip draws; a longer trajectory is resampled evenly. */
const MAX_SAMPLES = 1200;
/** Clearances beyond this tell nothing and flatten the rest [mm]. */
const CLEARANCE_CEILING = 200;

/** The strips that a scene has data for, in reading order. */
export function plotsOf(layers: readonly LayerData[]): PlotData[] {
  const paths = layers.filter((l): l is TrajectoryData => l.kind === 'trajectory' && l.count > 1);
  const refined = paths.find((p) => p.role === 'refined');
  const executed = paths.find((p) => p.role === 'executed');
  const compared = paths.find((p) => p.role === 'compared');
  const base = refined ?? executed;
  if (!base) return [];
  const times = timeBase(base, executed);
  const plots: (PlotData | undefined)[] = [
    jointPlot('joints', 'Joint position', 'rad', base, base.joints, times),
    jointPlot('velocities', 'Joint velocity', 'rad/s', base, base.velocities, times),
    linesPlot('speed', 'Tool speed', 'm/s', times, [
      pathLine(base, 'speed', base === refined ? 'refined' : 'executed', times),
      compared && pathLine(compared, 'speed', 'compared', times),
    ]),
    clearancePlot(base, compared, times),
    executed &&
      linesPlot('error', 'Pose error', 'mm', times, [pathLine(executed, 'deviation', 'executed', times)]),
  ];
  return plots.filter((plot): plot is PlotData => plot !== undefined);
}

function timeBase(base: TrajectoryData, executed: TrajectoryData | undefined): number[] {
  const start = Math.min(base.times[0] ?? 0, executed?.times[0] ?? Infinity);
  const end = Math.max(base.times.at(-1) ?? 0, executed?.times.at(-1) ?? -Infinity);
  const count = Math.min(MAX_SAMPLES, Math.max(2, base.count));
  return Array.from({ length: count }, (_, i) => start + ((end - start) * i) / (count - 1));
}

/** Column `k` on the time base: interpolated inside its own range, nothing outside. */
function resample(
  path: TrajectoryData,
  values: Float32Array,
  stride: number,
  k: number,
  times: readonly number[],
  scale: number,
): (number | null)[] {
  const first = path.times[0] ?? 0;
  const last = path.times.at(-1) ?? 0;
  return times.map((t) => {
    if (t < first - 1e-6 || t > last + 1e-6) return null;
    const v = interpolate(values, stride, k, sampleAt(path.times, t)) * scale;
    return Number.isFinite(v) ? v : null;
  });
}

function pathLine(
  path: TrajectoryData,
  field: 'speed' | 'clearance' | 'deviation',
  tone: PlotTone,
  times: readonly number[],
): PlotLine | undefined {
  const values = pathValues(path, field);
  if (!values) return undefined;
  const scale = PATH_FIELDS.find((f) => f.field === field)?.scale ?? 1;
  return { name: path.label, tone, values: resample(path, values, 1, 0, times, scale) };
}

function linesPlot(
  key: PlotData['key'],
  title: string,
  unit: string,
  times: readonly number[],
  lines: readonly (PlotLine | undefined)[],
): PlotData | undefined {
  const known = lines.filter((line): line is PlotLine => line !== undefined);
  if (known.length === 0) return undefined;
  const high = Math.max(1e-9, ...finite(known[0]?.values ?? []));
  const top = Math.max(high, ...known.flatMap((l) => finite(l.values)));
  return {
    key,
    title,
    unit,
    times,
    lines: known,
    main: 0,
    summary: { word: 'peak', value: high },
    range: [-top * 0.04, top * 1.08],
  };
}

function clearancePlot(
  base: TrajectoryData,
  compared: TrajectoryData | undefined,
  times: readonly number[],
): PlotData | undefined {
  const main = pathLine(base, 'clearance', 'text', times);
  if (!main) return undefined;
  const other = compared && pathLine(compared, 'clearance', 'compared', times);
  const lines = [main, ...(other ? [other] : [])];
  const limit = base.clearanceLimit === undefined ? undefined : base.clearanceLimit * 1000;
  const values = finite(main.values);
  const top = Math.min(CLEARANCE_CEILING, Math.max(...values, (limit ?? 0) * 3, 1));
  return {
    key: 'clearance',
    title: 'Clearance',
    unit: 'mm',
    times,
    lines: lines.map((l) => ({ ...l, values: l.values.map((v) => (v === null ? null : Math.min(v, top))) })),
    main: 0,
    ...(limit === undefined ? {} : { limit: { value: limit, side: 'below' as const } }),
    summary: { word: 'least', value: values.length > 0 ? Math.min(...values) : Number.NaN },
    range: [0, top * 1.02],
  };
}

/** All joints quietly, the one that moves most by name. */
function jointPlot(
  key: 'joints' | 'velocities',
  title: string,
  unit: string,
  path: TrajectoryData,
  values: Float32Array | undefined,
  times: readonly number[],
): PlotData | undefined {
  const d = values && path.count > 0 ? values.length / path.count : 0;
  if (!values || d < 1 || !Number.isInteger(d)) return undefined;
  const columns = Array.from({ length: d }, (_, k) => resample(path, values, d, k, times, 1));
  const spans = columns.map((c) => {
    const known = finite(c);
    return known.length > 0 ? Math.max(...known) - Math.min(...known) : 0;
  });
  const busiest = spans.indexOf(Math.max(...spans));
  const order = [...columns.keys()].filter((k) => k !== busiest);
  const lines: PlotLine[] = order.map((k) => ({
    name: path.jointNames[k] ?? `joint ${k + 1}`,
    tone: 'quiet',
    values: columns[k] ?? [],
  }));
  lines.push({ name: path.jointNames[busiest] ?? '', tone: 'refined', values: columns[busiest] ?? [] });
  const all = lines.flatMap((l) => finite(l.values));
  const low = Math.min(...all);
  const high = Math.max(...all);
  const margin = Math.max(1e-6, (high - low) * 0.06);
  return {
    key,
    title,
    unit: `${unit}, ${path.jointNames[busiest] ?? ''}`,
    times,
    lines,
    main: lines.length - 1,
    summary: { word: 'peak', value: Math.max(...finite(lines.at(-1)?.values ?? []).map(Math.abs), 0) },
    range: [low - margin, high + margin],
  };
}

const finite = (values: readonly (number | null)[]): number[] =>
  values.filter((v): v is number => v !== null);

/** Value of a line at time `t`, null where it has none. */
export function valueAt(plot: PlotData, line: number, t: number): number | null {
  const values = plot.lines[line]?.values ?? [];
  const { index, fraction } = sampleAt(plot.times, t);
  const a = values[index];
  const b = values[Math.min(values.length - 1, index + 1)];
  if (a === undefined || a === null) return null;
  return b === undefined || b === null ? a : a + (b - a) * fraction;
}
