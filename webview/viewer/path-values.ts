import type { TrajectoryData } from './scene-data.ts';

/** What a path can be coloured by, and a plot can show. */
export type PathField = 'speed' | 'acceleration' | 'jerk' | 'clearance' | 'deviation';

export const PATH_FIELDS: readonly {
  readonly field: PathField;
  readonly name: string;
  readonly unit: string;
  readonly scale: number;
}[] = [
  { field: 'speed', name: 'Speed', unit: 'm/s', scale: 1 },
  { field: 'acceleration', name: 'Acceleration', unit: 'm/s²', scale: 1 },
  { field: 'jerk', name: 'Jerk', unit: 'm/s³', scale: 1 },
  { field: 'clearance', name: 'Clearance', unit: 'mm', scale: 1000 },
  { field: 'deviation', name: 'Delta', unit: 'mm', scale: 1000 },
];

/** Values of `field` per sample in SI units, or undefined where the trajectory does not know them. */
export function pathValues(path: TrajectoryData, field: PathField): Float32Array | undefined {
  switch (field) {
    case 'speed':
      return derivativeNorm(path, 1);
    case 'acceleration':
      return derivativeNorm(path, 2);
    case 'jerk':
      return derivativeNorm(path, 3);
    case 'clearance':
      return path.clearance;
    case 'deviation':
      return path.deviation;
  }
}

/**
 * Magnitude of the tool position's derivative of the given order, by central differences over the sample times
 * (one-sided at the ends): [m/s], [m/s²], [m/s³].
 */
export function derivativeNorm(
  path: Pick<TrajectoryData, 'times' | 'tool' | 'count'>,
  order: 1 | 2 | 3,
): Float32Array {
  const n = path.count;
  let current = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < 3; k++) current[3 * i + k] = path.tool[7 * i + k] as number;
  }
  for (let o = 0; o < order; o++) current = differentiate(path.times, current);
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    out[i] = Math.hypot(current[3 * i] as number, current[3 * i + 1] as number, current[3 * i + 2] as number);
  }
  return out;
}

function differentiate(times: Float64Array, values: Float64Array): Float64Array<ArrayBuffer> {
  const n = times.length;
  const out = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const a = Math.max(0, i - 1);
    const b = Math.min(n - 1, i + 1);
    const dt = (times[b] as number) - (times[a] as number);
    if (dt <= 0) continue;
    for (let k = 0; k < 3; k++)
      out[3 * i + k] = ((values[3 * b + k] as number) - (values[3 * a + k] as number)) / dt;
  }
  return out;
}

/** Two significant digits, without trailing noise: 0.27, 136, 4.3. */
export function twoDigits(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const magnitude = Math.abs(value);
  if (magnitude >= 10) return String(Math.round(value));
  if (magnitude === 0) return '0';
  const text = value.toPrecision(2);
  return text.includes('e') ? String(Number(text)) : text;
}

/** A value that stands beside another one of its kind, with one decimal more than that at most: 0.000 beside 0.30. */
export function digitsBeside(value: number, other: number): string {
  const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;
  const most = decimals(twoDigits(other)) + 1;
  const text = twoDigits(value);
  return decimals(text) > most ? value.toFixed(most) : text;
}
