/** What a thing's points are compared with. */
export type SolidKind = 'box' | 'cylinder' | 'ball';

/** An upright solid through a thing's points. Lengths [m], in the frame of the points. */
export interface SolidFit {
  readonly kind: SolidKind;
  /** mean distance of the points from its surface [m] */
  readonly residual: number;
  readonly x: number;
  readonly y: number;
  /** turn about the vertical [rad]; 0 for round ones */
  readonly yaw: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
}

/** Where the search for a solid begins, and what it stands on. */
export interface SolidGuess {
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
  readonly length: number;
  readonly width: number;
  /** of its foot and its top over the table [m] */
  readonly bottom: number;
  readonly top: number;
}

/** Points that count: more do not tell more. */
const MOST_POINTS = 320;
/** A stray point counts as this far off, however far it is [m]. */
const STRAY = 0.012;
/** Steps that the search begins and ends with: lengths [m], turns [rad]. */
const FIRST_STEP = { length: 0.006, turn: 0.2 };
const HALVINGS = 4;

/**
 * The box, the cylinder and the ball that lie best on a thing's points, by descent along one parameter after another from
 * the guess. A box begins at two headings, the guess's and an eighth of a turn off. What lies under the foot is not
 * compared: no camera sees it. `points` holds x, y and height over the table, n x 3.
 */
export function fitSolids(points: Float32Array, guess: SolidGuess): Readonly<Record<SolidKind, SolidFit>> {
  const p = thinned(points);
  const round = (guess.length + guess.width) / 4;
  const { x, y, top, bottom } = guess;
  const boxes = [guess.yaw, guess.yaw + Math.PI / 4].map((yaw) =>
    descend(
      p,
      (q, i, at) => boxDistance(q, i, at, x, y),
      [-guess.length / 2, guess.length / 2, -guess.width / 2, guess.width / 2, top, yaw],
      (at) => (at[1]! - at[0]! + at[3]! - at[2]!) / 2,
      5,
    ),
  );
  const [one, other] = boxes as [Found, Found];
  const box = one.residual <= other.residual ? one : other;
  const [u0, u1, v0, v1, bt, yaw] = [...box.at] as [number, number, number, number, number, number];
  const [u, v] = [(u0 + u1) / 2, (v0 + v1) / 2];
  const cylinder = descend(p, cylinderDistance, [x, y, round, top], (at) => at[2]!);
  const [cx, cy, cr, ct] = [...cylinder.at] as [number, number, number, number];
  // a ball rests on what it stands on
  const ball = descend(p, (q, i, at) => ballDistance(q, i, at, bottom), [
    x,
    y,
    Math.max(bottom + 0.004, top),
  ]);
  const [sx, sy, st] = [...ball.at] as [number, number, number];
  const height = st - bottom;
  return {
    box: {
      kind: 'box',
      residual: box.residual,
      x: x + Math.cos(yaw) * u - Math.sin(yaw) * v,
      y: y + Math.sin(yaw) * u + Math.cos(yaw) * v,
      yaw,
      length: u1 - u0,
      width: v1 - v0,
      height: bt - bottom,
    },
    cylinder: {
      kind: 'cylinder',
      residual: cylinder.residual,
      x: cx,
      y: cy,
      yaw: 0,
      length: 2 * cr,
      width: 2 * cr,
      height: ct - bottom,
    },
    ball: {
      kind: 'ball',
      residual: ball.residual,
      x: sx,
      y: sy,
      yaw: 0,
      length: height,
      width: height,
      height,
    },
  };
}

/** A box has more to fit with than what is round, and has to be better by this much. */
const BOX_ALLOWANCE = 1.07;

/** Which solid the points of a thing are, from the mean distances of its points to the best of each kind [m]. */
export function likeliestSolid({ box, cylinder, ball }: Readonly<Record<SolidKind, number>>): SolidKind {
  if (BOX_ALLOWANCE * box < Math.min(cylinder, ball)) return 'box';
  return cylinder <= ball ? 'cylinder' : 'ball';
}

type Distance = (p: Float32Array, i: number, at: Float64Array) => number;
interface Found {
  readonly at: Float64Array;
  readonly residual: number;
}

/** What a half extent costs [m/m]: points on a solid's top say nothing of how far out its sides are. */
const SNUG = 0.012;

/** Pattern search; `extent` is what is kept as small as the points allow, `turn` the index of a parameter that is an angle. */
function descend(
  p: Float32Array,
  distance: Distance,
  start: readonly number[],
  extent: (at: Float64Array) => number = () => 0,
  turn = -1,
): Found {
  const cost = (at: Float64Array): number => meanDistance(p, distance, at) + SNUG * extent(at);
  const at = Float64Array.from(start);
  let least = cost(at);
  let scale = 1;
  for (let halvings = 0; halvings <= HALVINGS; halvings++, scale /= 2) {
    for (let better = true, rounds = 0; better && rounds < 12; rounds++) {
      better = false;
      for (let k = 0; k < at.length; k++) {
        const step = scale * (k === turn ? FIRST_STEP.turn : FIRST_STEP.length);
        const before = at[k] as number;
        for (const sign of [1, -1]) {
          at[k] = before + sign * step;
          const now = cost(at);
          if (now < least - 1e-9) {
            least = now;
            better = true;
            break;
          }
          at[k] = before;
        }
      }
    }
  }
  return { at, residual: meanDistance(p, distance, at) };
}

function meanDistance(p: Float32Array, distance: Distance, at: Float64Array): number {
  const n = p.length / 3;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.min(STRAY, Math.abs(distance(p, 3 * i, at)));
  return sum / Math.max(1, n);
}

/** Signed distance of an upright box without a foot: its four sides as seen from (x, y), its top and its yaw. */
function boxDistance(p: Float32Array, i: number, at: Float64Array, x: number, y: number): number {
  const dx = p[i]! - x;
  const dy = p[i + 1]! - y;
  const c = Math.cos(at[5]!);
  const s = Math.sin(at[5]!);
  const along = c * dx + s * dy;
  const across = c * dy - s * dx;
  const u = Math.max(at[0]! - along, along - at[1]!);
  const v = Math.max(at[2]! - across, across - at[3]!);
  return outside(
    Math.max(u, v) > 0 ? Math.hypot(Math.max(0, u), Math.max(0, v)) : Math.max(u, v),
    p[i + 2]! - at[4]!,
  );
}

/** Signed distance of an upright cylinder without a foot: x, y, radius, top. */
function cylinderDistance(p: Float32Array, i: number, at: Float64Array): number {
  return outside(Math.hypot(p[i]! - at[0]!, p[i + 1]! - at[1]!) - at[2]!, p[i + 2]! - at[3]!);
}

/** Signed distance of a ball on a support: x, y, top. */
function ballDistance(p: Float32Array, i: number, at: Float64Array, bottom: number): number {
  const radius = (at[2]! - bottom) / 2;
  return Math.hypot(p[i]! - at[0]!, p[i + 1]! - at[1]!, p[i + 2]! - (bottom + radius)) - radius;
}

/** Signed distance from distances to the side and to the top. */
const outside = (side: number, over: number): number =>
  Math.max(side, over) > 0 ? Math.hypot(Math.max(0, side), Math.max(0, over)) : Math.max(side, over);

/** Not more than `MOST_POINTS` of the points, evenly but without the rhythm of a scan (golden-ratio sequence). */
function thinned(points: Float32Array): Float32Array {
  const n = points.length / 3;
  if (n <= MOST_POINTS) return points;
  const kept = new Float32Array(3 * MOST_POINTS);
  for (let k = 0; k < MOST_POINTS; k++) {
    const i = Math.floor(((k * GOLDEN) % 1) * n);
    kept.set(points.subarray(3 * i, 3 * i + 3), 3 * k);
  }
  return kept;
}

const GOLDEN = 0.6180339887498949;
