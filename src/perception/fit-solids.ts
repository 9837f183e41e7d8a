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
    descend(p, boxDistance, [x, y, guess.length / 2, guess.width / 2, top, yaw], 5),
  );
  const box = (boxes[0] as Found).residual <= (boxes[1] as Found).residual ? boxes[0] : boxes[1];
  const [bx, by, bl, bw, bt, yaw] = [...(box as Found).at] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const cylinder = descend(p, cylinderDistance, [x, y, round, top]);
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
      residual: (box as Found).residual,
      x: bx,
      y: by,
      yaw,
      length: 2 * bl,
      width: 2 * bw,
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

/** Pattern search; `turn` is the index of a parameter that is an angle. */
function descend(p: Float32Array, distance: Distance, start: readonly number[], turn = -1): Found {
  const at = Float64Array.from(start);
  let residual = meanDistance(p, distance, at);
  let scale = 1;
  for (let halvings = 0; halvings <= HALVINGS; halvings++, scale /= 2) {
    for (let better = true, rounds = 0; better && rounds < 12; rounds++) {
      better = false;
      for (let k = 0; k < at.length; k++) {
        const step = scale * (k === turn ? FIRST_STEP.turn : FIRST_STEP.length);
        const before = at[k] as number;
        for (const sign of [1, -1]) {
          at[k] = before + sign * step;
          const now = meanDistance(p, distance, at);
          if (now < residual - 1e-9) {
            residual = now;
            better = true;
            break;
          }
          at[k] = before;
        }
      }
    }
  }
  return { at, residual };
}

function meanDistance(p: Float32Array, distance: Distance, at: Float64Array): number {
  const n = p.length / 3;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.min(STRAY, Math.abs(distance(p, 3 * i, at)));
  return sum / Math.max(1, n);
}

/** Signed distance of an upright box without a foot: x, y, half length, half width, top, yaw. */
function boxDistance(p: Float32Array, i: number, at: Float64Array): number {
  const dx = p[i]! - at[0]!;
  const dy = p[i + 1]! - at[1]!;
  const c = Math.cos(at[5]!);
  const s = Math.sin(at[5]!);
  const u = Math.abs(c * dx + s * dy) - at[2]!;
  const v = Math.abs(c * dy - s * dx) - at[3]!;
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

/** Every nth point, so that not too many are left. */
function thinned(points: Float32Array): Float32Array {
  const n = points.length / 3;
  const every = Math.ceil(n / MOST_POINTS);
  if (every <= 1) return points;
  const kept = new Float32Array(3 * Math.floor(n / every));
  for (let i = 0; i < kept.length / 3; i++)
    kept.set(points.subarray(3 * i * every, 3 * i * every + 3), 3 * i);
  return kept;
}
