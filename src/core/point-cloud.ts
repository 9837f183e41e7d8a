/**
 * Points in one frame. Arrays are parallel; `positions` holds x, y, z [m] per point.
 * Extra per-point fields keep the name they came with.
 */
export interface PointCloud {
  readonly frame: string;
  /** Robot time of the measurement [s]. */
  readonly stamp: number;
  readonly count: number;
  /** length 3·count */
  readonly positions: Float32Array;
  /** length 3·count, 0..255 */
  readonly colors?: Uint8Array;
  /** each of length count */
  readonly fields?: Readonly<Record<string, Float32Array>>;
}

export function emptyCloud(frame: string, stamp: number): PointCloud {
  return { frame, stamp, count: 0, positions: new Float32Array(0), colors: new Uint8Array(0) };
}

/** The points at `indices`, in that order, with every array carried along. */
export function selectPoints(cloud: PointCloud, indices: ArrayLike<number>): PointCloud {
  const n = indices.length;
  const positions = new Float32Array(3 * n);
  const colors = cloud.colors ? new Uint8Array(3 * n) : undefined;
  for (let i = 0; i < n; i++) {
    const from = 3 * (indices[i] as number);
    for (let k = 0; k < 3; k++) {
      positions[3 * i + k] = cloud.positions[from + k] as number;
      if (colors && cloud.colors) colors[3 * i + k] = cloud.colors[from + k] as number;
    }
  }
  const fields: Record<string, Float32Array> = {};
  for (const [name, values] of Object.entries(cloud.fields ?? {})) {
    fields[name] = Float32Array.from({ length: n }, (_, i) => values[indices[i] as number] as number);
  }
  return {
    frame: cloud.frame,
    stamp: cloud.stamp,
    count: n,
    positions,
    ...(colors ? { colors } : {}),
    ...(cloud.fields ? { fields } : {}),
  };
}
