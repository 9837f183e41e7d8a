/** The smallest rectangle round a set of points seen from above. */
export interface Footprint {
  /** [m] */
  readonly x: number;
  readonly y: number;
  /** turn of the longer side from base +X [rad], in (-π/2, π/2] */
  readonly yaw: number;
  readonly length: number;
  readonly width: number;
  /** hull's area over the rectangle's: 1 for a rectangle, π/4 for a disc */
  readonly fill: number;
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
    fill: polygonArea(hull) / best.area,
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

function polygonArea(polygon: readonly (readonly [number, number])[]): number {
  let twice = 0;
  polygon.forEach(([x, y], i) => {
    const [nx, ny] = polygon[(i + 1) % polygon.length]!;
    twice += x * ny - nx * y;
  });
  return Math.abs(twice) / 2;
}
