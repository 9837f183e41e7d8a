/** Points of the surface round a hole lie within this of its height [m]. */
const LEVEL = 0.004;
/** A detector's height may be this far off [m]. */
const HEIGHT_OFF = 0.012;
/** A sector's edge is where this share of its surface points has begun: noise puts some inside the hole. */
const EDGE_SHARE = 0.08;
const SECTORS = 24;
/** Sectors that must have surface points, of all, for a fit. */
const LEAST = 0.7;
const ROUNDS = 6;

export interface RoundHole {
  /** of the mouth, in base [m] */
  readonly x: number;
  readonly y: number;
  /** height of the surface that it is in, in base [m] */
  readonly z: number;
  /** m */
  readonly radius: number;
}

/**
 * Where a round hole in a level surface is, from the points of that surface round it: the nearest of them in each of 24
 * directions mark its edge, through which a circle is laid (least squares, Kåsa 1976), again and again from the circle's
 * middle. `guess` is what a detector says. `positions` are x, y, z in base [m]. Undefined where too little of the surface was
 * seen, or the circle is not about as large and as near as was said.
 */
export function fitHole(positions: Float32Array, guess: RoundHole): RoundHole | undefined {
  const reach = 2.2 * guess.radius;
  const z = levelRound(positions, guess, reach);
  if (z === undefined) return undefined;
  const near: number[] = [];
  for (let i = 0; i < positions.length; i += 3) {
    const x = positions[i] as number;
    const y = positions[i + 1] as number;
    if (Math.abs((positions[i + 2] as number) - z) > LEVEL) continue;
    if (Math.hypot(x - guess.x, y - guess.y) < reach + guess.radius) near.push(x, y);
  }
  let { x, y, radius } = guess;
  for (let round = 0; round < ROUNDS; round++) {
    const edge = edgeAround(near, x, y, reach);
    if (edge.length < 2 * LEAST * SECTORS) return undefined;
    const circle = circleThrough(edge);
    if (circle === undefined) return undefined;
    ({ x, y, radius } = circle);
  }
  const moved = Math.hypot(x - guess.x, y - guess.y);
  if (moved > guess.radius || radius < 0.6 * guess.radius || radius > 1.5 * guess.radius) return undefined;
  return { x, y, z, radius };
}

/** Median height of what lies round the hole, not far from where the detector has it. */
function levelRound(positions: Float32Array, guess: RoundHole, reach: number): number | undefined {
  const heights: number[] = [];
  for (let i = 0; i < positions.length; i += 3) {
    const z = positions[i + 2] as number;
    if (Math.abs(z - guess.z) > HEIGHT_OFF) continue;
    const distance = Math.hypot((positions[i] as number) - guess.x, (positions[i + 1] as number) - guess.y);
    if (distance > guess.radius && distance < reach) heights.push(z);
  }
  heights.sort((a, b) => a - b);
  return heights[heights.length >> 1];
}

/** x, y of the nearest surface in each direction from a middle, where there is any. */
function edgeAround(near: readonly number[], x: number, y: number, reach: number): number[] {
  const sectors: number[][] = Array.from({ length: SECTORS }, () => []);
  for (let i = 0; i < near.length; i += 2) {
    const dx = (near[i] as number) - x;
    const dy = (near[i + 1] as number) - y;
    const distance = Math.hypot(dx, dy);
    if (distance > reach) continue;
    const turn = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) % 1;
    sectors[Math.floor(turn * SECTORS) % SECTORS]?.push(distance);
  }
  const edge: number[] = [];
  sectors.forEach((distances, k) => {
    if (distances.length < 3) return;
    distances.sort((a, b) => a - b);
    const rank = Math.ceil(EDGE_SHARE * distances.length);
    const found = distances[rank - 1] as number;
    // points spread evenly begin a little behind the edge, further where there are fewer
    const share = rank / (distances.length + 1);
    const at = Math.sqrt(Math.max(0, (found * found - share * reach * reach) / (1 - share)));
    const angle = ((k + 0.5) / SECTORS) * 2 * Math.PI;
    edge.push(x + at * Math.cos(angle), y + at * Math.sin(angle));
  });
  return edge;
}

/** Minimises the sum of (x² + y² + Dx + Ey + F)², about the points' mean. */
function circleThrough(points: readonly number[]): { x: number; y: number; radius: number } | undefined {
  const n = points.length / 2;
  let mx = 0;
  let my = 0;
  for (let i = 0; i < n; i++) {
    mx += (points[2 * i] as number) / n;
    my += (points[2 * i + 1] as number) / n;
  }
  let [uu, uv, vv, uuu, vvv, uvv, vuu] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const u = (points[2 * i] as number) - mx;
    const v = (points[2 * i + 1] as number) - my;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    uuu += u * u * u;
    vvv += v * v * v;
    uvv += u * v * v;
    vuu += v * u * u;
  }
  const det = uu * vv - uv * uv;
  if (Math.abs(det) < 1e-18) return undefined;
  const a = (uuu + uvv) / 2;
  const b = (vvv + vuu) / 2;
  const cx = (a * vv - b * uv) / det;
  const cy = (b * uu - a * uv) / det;
  return { x: cx + mx, y: cy + my, radius: Math.sqrt(cx * cx + cy * cy + (uu + vv) / n) };
}
