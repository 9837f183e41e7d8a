/** The smallest rectangle round a set of points seen from above. */
export interface Footprint {
  /** [m] */
  readonly x: number;
  readonly y: number;
  /** turn of the longer side from base +X [rad], in (-π/2, π/2] */
  readonly yaw: number;
  readonly length: number;
  readonly width: number;
  /** the outline lies nearer to a circle than to the rectangle */
  readonly round: boolean;
}

/**
 * Minimum-area rectangle round points given as x, y pairs: one side lies on an edge of the convex hull (Freeman and
 * Shapira 1975). Undefined for fewer than three points or none that span an area.
 */
export function footprint(points: readonly (readonly [number, number])[]): Footprint | undefined {
  const hull = convexHull(points);
  if (hull.length < 3) return undefined;
  let best: { area: number; angle: number; box: [number, number, number, number] } | undefined;
  for (let i = 0; i < hull.length; i++) {
    const [ax, ay] = hull[i]!;
    const [bx, by] = hull[(i + 1) % hull.length]!;
    const angle = Math.atan2(by - ay, bx - ax);
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    let [u0, u1, v0, v1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of hull) {
      const u = c * x + s * y;
      const v = c * y - s * x;
      u0 = Math.min(u0, u);
      u1 = Math.max(u1, u);
      v0 = Math.min(v0, v);
      v1 = Math.max(v1, v);
    }
    const area = (u1 - u0) * (v1 - v0);
    if (!best || area < best.area) best = { area, angle, box: [u0, u1, v0, v1] };
  }
  if (!best || best.area < 1e-10) return undefined;
  const [u0, u1, v0, v1] = best.box;
  const u = 0.5 * (u0 + u1);
  const v = 0.5 * (v0 + v1);
  const c = Math.cos(best.angle);
  const s = Math.sin(best.angle);
  const turned = v1 - v0 > u1 - u0;
  return {
    x: c * u - s * v,
    y: s * u + c * v,
    yaw: halfTurn(best.angle + (turned ? Math.PI / 2 : 0)),
    length: Math.max(u1 - u0, v1 - v0),
    width: Math.min(u1 - u0, v1 - v0),
    round: isRound(hull, best.angle, best.box),
  };
}

/** The same line's direction in (-π/2, π/2]. */
export function halfTurn(angle: number): number {
  const turns = Math.ceil(angle / Math.PI - 0.5);
  return angle - Math.PI * turns;
}

/** Counter-clockwise hull (Andrew's monotone chain). */
function convexHull(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly (readonly [number, number])[]): (readonly [number, number])[] => {
    const chain: (readonly [number, number])[] = [];
    for (const p of ordered) {
      while (chain.length >= 2) {
        const a = chain[chain.length - 2]!;
        const b = chain[chain.length - 1]!;
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Compares mean distances of the outline to the rectangle's sides and to the circle of its mean radius. */
function isRound(
  hull: readonly (readonly [number, number])[],
  angle: number,
  [u0, u1, v0, v1]: readonly [number, number, number, number],
): boolean {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const outline = alongOutline(hull, 96).map(([x, y]) => [c * x + s * y, c * y - s * x] as const);
  const toSides = outline.map(([u, v]) => Math.max(0, Math.min(u - u0, u1 - u, v - v0, v1 - v)));
  const radii = outline.map(([u, v]) => Math.hypot(u - 0.5 * (u0 + u1), v - 0.5 * (v0 + v1)));
  const radius = mean(radii);
  return mean(radii.map((r) => Math.abs(r - radius))) < mean(toSides);
}

/** `count` points evenly spaced along a closed polygon. */
function alongOutline(polygon: readonly (readonly [number, number])[], count: number): [number, number][] {
  const lengths = polygon.map(([x, y], i) => {
    const [nx, ny] = polygon[(i + 1) % polygon.length]!;
    return Math.hypot(nx - x, ny - y);
  });
  const step = lengths.reduce((a, b) => a + b, 0) / count;
  const points: [number, number][] = [];
  let left = 0;
  polygon.forEach(([x, y], i) => {
    const [nx, ny] = polygon[(i + 1) % polygon.length]!;
    for (; left < lengths[i]!; left += step) {
      const share = left / lengths[i]!;
      points.push([x + (nx - x) * share, y + (ny - y) * share]);
    }
    left -= lengths[i]!;
  });
  return points;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
