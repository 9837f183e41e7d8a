import { WaybookError } from '../../../core/errors.ts';
import { lineChart, type Series } from './line-chart.ts';

/** One point of one training run. */
export interface CurvePoint {
  /** `appf` or `scratch`, or whatever the runs are called */
  readonly series: string;
  /** training seed */
  readonly seed: number;
  /** clouded samples seen */
  readonly samples: number;
  /** share of development plans put right, or success, 0..1 */
  readonly value: number;
}

/** Reads a JSON list of points. Throws `input/format` where it is none. */
export function parseCurves(text: string): CurvePoint[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value))
    throw new WaybookError('input/format', 'Learning curves are a JSON list of points.');
  return value.map((point: unknown): CurvePoint => {
    if (
      typeof point === 'object' &&
      point !== null &&
      'series' in point &&
      typeof point.series === 'string' &&
      'seed' in point &&
      typeof point.seed === 'number' &&
      'samples' in point &&
      typeof point.samples === 'number' &&
      'value' in point &&
      typeof point.value === 'number'
    ) {
      return point as CurvePoint;
    }
    throw new WaybookError(
      'input/format',
      'A point of a learning curve needs series, seed, samples and value.',
    );
  });
}

/** Means over the training seeds as lines, single runs dashed beside them; samples on a logarithmic axis. */
export function learningCurves(points: readonly CurvePoint[]): string | undefined {
  const usable = points.filter((p) => p.samples > 0);
  if (usable.length < 2) return undefined;
  const names = [...new Set(usable.map((p) => p.series))];
  const series = names.flatMap((name, colour): Series[] => {
    const own = usable.filter((p) => p.series === name);
    const samples = [...new Set(own.map((p) => p.samples))].sort((a, b) => a - b);
    return [
      {
        name,
        colour,
        points: samples.map((x) => {
          const values = own.filter((p) => p.samples === x).map((p) => p.value);
          const mean = values.reduce((a, b) => a + b, 0) / values.length;
          return {
            x,
            y: mean,
            ...(values.length > 1 ? { low: Math.min(...values), high: Math.max(...values) } : {}),
          };
        }),
      },
    ];
  });
  const [low, high] = [Math.min(...usable.map((p) => p.samples)), Math.max(...usable.map((p) => p.samples))];
  if (low === high) return undefined;
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    for (const tick of [power, 2 * power, 5 * power]) if (tick >= low && tick <= high) ticks.push(tick);
  }
  const seeds = new Set(usable.map((p) => p.seed)).size;
  return lineChart({
    title: 'Action pre-training against training from scratch',
    subtitle: `mean over ${seeds} training seed${seeds === 1 ? '' : 's'}, bars from the lowest to the highest; development scenes`,
    xTitle: 'clouded samples seen',
    x: { log: [low, high], ticks },
    series,
  });
}
