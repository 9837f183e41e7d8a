import type { Pose } from '../core/geometry.ts';
import { Random } from '../core/random.ts';
import type { IkResult, RobotModel } from './robot-model.ts';

export interface IkOptions {
  /** m; default 0.1 mm */
  readonly positionTolerance?: number;
  /** rad; default 0.001 */
  readonly orientationTolerance?: number;
  /** Newton steps per start; default 60 */
  readonly iterations?: number;
  /** further starts when the seed's does not converge; default 0, so that a path keeps its branch */
  readonly restarts?: number;
  /** posture that a redundant arm is drawn to [rad]; default none */
  readonly posture?: ArrayLike<number>;
  /** 0..1, share of the way to `posture` taken per step in the null space; default 0.05 */
  readonly postureGain?: number;
}

/** Distance [m] that counts as much as 1 rad: the scale of an arm. */
const METRES_PER_RADIAN = 0.3;
/** Largest joint step of one iteration [rad]. */
const MAX_STEP = 0.3;
/** Solutions stay this far inside the limits, so that a smooth curve through them does too [rad]. */
const LIMIT_MARGIN = 0.005;

/**
 * Damped least squares with joint limits (Nakamura and Hanafusa 1986; Levenberg-Marquardt damping by the error, after
 * Sugihara 2011). Joints that would leave their range are held at it and the rest solved again. Buffers are kept, so
 * one solver serves one model at a time; it allocates only its results.
 */
export class IkSolver {
  readonly #model: RobotModel;
  readonly #d: number;
  readonly #jacobian: Float64Array;
  readonly #pose = new Float64Array(7);
  readonly #error = new Float64Array(6);
  readonly #gram = new Float64Array(36);
  readonly #solution = new Float64Array(6);
  readonly #step: Float64Array;
  readonly #drift: Float64Array;
  readonly #held: Uint8Array;

  constructor(model: RobotModel) {
    this.#model = model;
    this.#d = model.joints.length;
    this.#jacobian = new Float64Array(6 * this.#d);
    this.#step = new Float64Array(this.#d);
    this.#drift = new Float64Array(this.#d);
    this.#held = new Uint8Array(this.#d);
  }

  /** Nearest solution from `seed`; with `restarts`, from further seeds that are the same for equal input. */
  solve(target: Pose, seed: ArrayLike<number>, options: IkOptions = {}): IkResult {
    let best = this.#from(target, Float64Array.from(seed), options);
    if (best.converged) return best;
    const random = new Random('ik', ...target.position.map((v) => Math.round(v * 1e6)));
    for (let k = 0; k < (options.restarts ?? 0) && !best.converged; k++) {
      const start = Float64Array.from(this.#model.joints, (limit, j) => {
        const lower = Math.max(limit.lower, -Math.PI);
        const upper = Math.min(limit.upper, Math.PI);
        // The first restarts stay near the seed, the later ones try everywhere.
        const spread = Math.min(1, 0.2 + k * 0.1);
        const centre = seed[j]! + (0.5 * (lower + upper) - seed[j]!) * Math.min(1, k * 0.15);
        return Math.min(
          upper,
          Math.max(lower, centre + spread * 0.5 * (upper - lower) * random.uniform(-1, 1)),
        );
      });
      const found = this.#from(target, start, options);
      if (found.converged || better(found, best)) best = found;
    }
    return best;
  }

  /**
   * One step along a path: a first-order step that also draws towards `posture` by `gain` (0..1), then Newton
   * steps of least norm. The posture enters once, so that the result varies smoothly along the path.
   */
  follow(
    target: Pose,
    from: ArrayLike<number>,
    posture: ArrayLike<number> | undefined,
    gain: number,
  ): IkResult {
    const q = Float64Array.from(from);
    if (posture && gain > 0) {
      this.#measure(target, q);
      this.#advance(q, 1e-6, posture, gain);
    }
    return this.#from(target, q, { iterations: 30, positionTolerance: 1e-6, orientationTolerance: 1e-5 });
  }

  #from(target: Pose, q: Float64Array, options: IkOptions): IkResult {
    const { positionTolerance = 1e-4, orientationTolerance = 1e-3, iterations = 60, posture } = options;
    const gain = posture ? (options.postureGain ?? 0.05) : 0;
    clampToLimits(this.#model, q);
    let bestError = Infinity;
    const best = Float64Array.from(q);
    let stuck = 0;
    for (let i = 0; i <= iterations; i++) {
      this.#measure(target, q);
      const e = this.#error;
      const position = Math.hypot(e[0]!, e[1]!, e[2]!);
      const orientation = Math.hypot(e[3]!, e[4]!, e[5]!);
      const size = position + METRES_PER_RADIAN * orientation;
      if (size < bestError * 0.999) stuck = 0;
      else if (++stuck > 15) break;
      if (size < bestError) {
        bestError = size;
        best.set(q);
      }
      if (position < positionTolerance && orientation < orientationTolerance) {
        return { joints: q, converged: true, positionError: position, orientationError: orientation };
      }
      if (i === iterations) break;
      this.#advance(q, 1e-9 + 0.02 * size * size, posture, gain);
    }
    this.#measure(target, best);
    const e = this.#error;
    return {
      joints: best,
      converged: false,
      positionError: Math.hypot(e[0]!, e[1]!, e[2]!),
      orientationError: Math.hypot(e[3]!, e[4]!, e[5]!),
    };
  }

  /** Error twist from the tool at `q` to the target, in base: metres, then radians. */
  #measure(target: Pose, q: Float64Array): void {
    const p = this.#pose;
    const e = this.#error;
    this.#model.forwardInto(q, p);
    for (let k = 0; k < 3; k++) e[k] = target.position[k]! - p[k]!;
    const [tx, ty, tz, tw] = target.orientation;
    const cx = -p[3]!;
    const cy = -p[4]!;
    const cz = -p[5]!;
    const cw = p[6]!;
    let x = tw * cx + tx * cw + ty * cz - tz * cy;
    let y = tw * cy - tx * cz + ty * cw + tz * cx;
    let z = tw * cz + tx * cy - ty * cx + tz * cw;
    let w = tw * cw - tx * cx - ty * cy - tz * cz;
    if (w < 0) {
      x = -x;
      y = -y;
      z = -z;
      w = -w;
    }
    const s = Math.hypot(x, y, z);
    const factor = s < 1e-12 ? 2 : (2 * Math.atan2(s, w)) / s;
    e[3] = x * factor;
    e[4] = y * factor;
    e[5] = z * factor;
  }

  /** One damped step on `q`, in place, for the error measured last. */
  #advance(q: Float64Array, damping: number, posture: ArrayLike<number> | undefined, gain: number): void {
    const { joints } = this.#model;
    const d = this.#d;
    this.#model.jacobian(q, this.#jacobian);
    this.#held.fill(0);
    for (let pass = 0; pass < d; pass++) {
      this.#solveStep(q, damping, posture, gain);
      let violated = false;
      for (let j = 0; j < d; j++) {
        if (this.#held[j]) continue;
        const next = q[j]! + this.#step[j]!;
        const lower = joints[j]!.lower + LIMIT_MARGIN;
        const upper = joints[j]!.upper - LIMIT_MARGIN;
        if ((next < lower && q[j]! <= lower + 1e-9) || (next > upper && q[j]! >= upper - 1e-9)) {
          this.#held[j] = 1;
          violated = true;
        }
      }
      if (!violated) break;
    }
    let largest = 0;
    for (let j = 0; j < d; j++) largest = Math.max(largest, Math.abs(this.#step[j]!));
    const shrink = largest > MAX_STEP ? MAX_STEP / largest : 1;
    for (let j = 0; j < d; j++) q[j] = q[j]! + shrink * this.#step[j]!;
    clampToLimits(this.#model, q);
  }

  /** step = Jᵀ(JJᵀ + λI)⁻¹(e - J z) + z, with z the null-space wish; held joints have zero columns. */
  #solveStep(q: Float64Array, damping: number, posture: ArrayLike<number> | undefined, gain: number): void {
    const d = this.#d;
    const J = this.#jacobian;
    const A = this.#gram;
    const b = this.#solution;
    const z = this.#drift;
    const held = this.#held;
    for (let j = 0; j < d; j++) z[j] = posture && !held[j] ? gain * (posture[j]! - q[j]!) : 0;
    for (let r = 0; r < 6; r++) {
      // Metres and radians are brought to one scale, so that damping treats them alike.
      const wr = r < 3 ? 1 : METRES_PER_RADIAN;
      let rhs = this.#error[r]!;
      for (let j = 0; j < d; j++) rhs -= J[r * d + j]! * z[j]!;
      b[r] = wr * rhs;
      for (let c = 0; c <= r; c++) {
        const wc = c < 3 ? 1 : METRES_PER_RADIAN;
        let sum = 0;
        for (let j = 0; j < d; j++) if (!held[j]) sum += J[r * d + j]! * J[c * d + j]!;
        A[6 * r + c] = wr * wc * sum + (r === c ? damping : 0);
      }
    }
    solveCholesky6(A, b);
    for (let j = 0; j < d; j++) {
      let sum = 0;
      if (!held[j]) {
        for (let r = 0; r < 6; r++) sum += (r < 3 ? 1 : METRES_PER_RADIAN) * J[r * d + j]! * b[r]!;
      }
      this.#step[j] = sum + z[j]!;
    }
  }
}

/**
 * Inverse kinematics for one pose: the nearest solution from `seed`, with restarts where that does not converge.
 * A result with `converged: false` holds the closest that was found.
 */
export function solveIk(
  model: RobotModel,
  target: Pose,
  seed: ArrayLike<number>,
  options: IkOptions = {},
): IkResult {
  return new IkSolver(model).solve(target, seed, { restarts: 24, ...options });
}

const better = (a: IkResult, b: IkResult): boolean =>
  a.positionError + METRES_PER_RADIAN * a.orientationError <
  b.positionError + METRES_PER_RADIAN * b.orientationError;

function clampToLimits(model: RobotModel, q: Float64Array): void {
  for (let j = 0; j < q.length; j++) {
    const { lower, upper } = model.joints[j]!;
    q[j] = Math.min(upper - LIMIT_MARGIN, Math.max(lower + LIMIT_MARGIN, q[j]!));
  }
}

/** Solves A x = b in place for a symmetric positive definite 6x6 `A` whose lower half is given, row-major. */
function solveCholesky6(A: Float64Array, b: Float64Array): void {
  for (let i = 0; i < 6; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[6 * i + j]!;
      for (let k = 0; k < j; k++) sum -= A[6 * i + k]! * A[6 * j + k]!;
      A[6 * i + j] = i === j ? Math.sqrt(Math.max(sum, 1e-15)) : sum / A[6 * j + j]!;
    }
  }
  for (let i = 0; i < 6; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= A[6 * i + k]! * b[k]!;
    b[i] = sum / A[6 * i + i]!;
  }
  for (let i = 5; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < 6; k++) sum -= A[6 * k + i]! * b[k]!;
    b[i] = sum / A[6 * i + i]!;
  }
}
