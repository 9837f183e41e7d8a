/** Parallel arrays of a cloud, as read. */
export interface RawCloud {
  /** [n,3] */
  readonly positions: Float32Array;
  readonly colors?: Uint8Array | undefined;
  readonly fields: Readonly<Record<string, Float32Array>>;
}

export interface FilteredCloud {
  readonly count: number;
  readonly positions: Float32Array;
  readonly colors?: Uint8Array;
  readonly fields: Readonly<Record<string, Float32Array>>;
  readonly dropped: number;
}

/**
 * The points with a finite position, at most `budget` of them, evenly thinned in the order given. Arrays are handed
 * through untouched where nothing has to go. Parallel arrays of another length are left out.
 */
export function finiteCloud(cloud: RawCloud, budget: number): FilteredCloud {
  // Self-contained: a worker is made from this function's source (filter-cloud.ts).
  const { positions } = cloud;
  // A sum of finite values is finite at these magnitudes; one test instead of three on the hot path.
  const isFinitePoint = (i: number): boolean =>
    Number.isFinite(
      (positions[3 * i] as number) + (positions[3 * i + 1] as number) + (positions[3 * i + 2] as number),
    );
  const n = Math.floor(positions.length / 3);
  let finite = 0;
  for (let i = 0; i < n; i++) if (isFinitePoint(i)) finite++;
  const colors = cloud.colors?.length === 3 * n ? cloud.colors : undefined;
  const fields = Object.fromEntries(Object.entries(cloud.fields).filter(([, values]) => values.length === n));
  if (finite === n && n <= budget) {
    return { count: n, positions, ...(colors ? { colors } : {}), fields, dropped: 0 };
  }
  const count = Math.min(finite, budget);
  const rows = new Uint32Array(count);
  // Bresenham's walk: keeps exactly `count` of `finite`, spread evenly.
  let seen = 0;
  let kept = 0;
  for (let i = 0; i < n && kept < count; i++) {
    if (!isFinitePoint(i)) continue;
    seen++;
    if (Math.floor((seen * count) / finite) > kept) rows[kept++] = i;
  }
  const outPositions = new Float32Array(3 * count);
  const outColors = colors ? new Uint8Array(3 * count) : undefined;
  for (let i = 0; i < count; i++) {
    const from = 3 * (rows[i] as number);
    for (let k = 0; k < 3; k++) {
      outPositions[3 * i + k] = positions[from + k] as number;
      if (outColors && colors) outColors[3 * i + k] = colors[from + k] as number;
    }
  }
  const outFields = Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [
      name,
      Float32Array.from(rows, (row) => values[row] as number),
    ]),
  );
  return {
    count,
    positions: outPositions,
    ...(outColors ? { colors: outColors } : {}),
    fields: outFields,
    dropped: n - finite,
  };
}
