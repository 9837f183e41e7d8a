/**
 * A cubic spline through vectors, twice continuously differentiable, at rest in direction (zero second derivative) at
 * both ends ("natural"). Knots must increase strictly.
 */
export class CubicSpline {
  readonly knots: Float64Array;
  readonly dimension: number;
  readonly #values: Float64Array;
  /** [n·d] second derivatives at the knots */
  readonly #curvatures: Float64Array;

  /** `values` is [n·dimension], row-major. */
  constructor(knots: Float64Array, values: Float64Array, dimension: number) {
    const n = knots.length;
    if (values.length !== n * dimension) throw new RangeError('CubicSpline: values do not fit the knots');
    for (let i = 1; i < n; i++) {
      if (!(knots[i]! > knots[i - 1]!)) throw new RangeError('CubicSpline: knots must increase');
    }
    this.knots = knots;
    this.dimension = dimension;
    this.#values = values;
    this.#curvatures = naturalCurvatures(knots, values, dimension);
  }

  /** Value, first and second derivative at `s`, each of length `dimension`; `s` is held inside the knots. */
  evaluate(s: number, value: Float64Array, first?: Float64Array, second?: Float64Array): void {
    const { knots, dimension: d } = this;
    const i = this.#segment(s);
    const h = knots[i + 1]! - knots[i]!;
    const u = Math.min(Math.max(s, knots[0]!), knots[knots.length - 1]!);
    const a = (knots[i + 1]! - u) / h;
    const b = (u - knots[i]!) / h;
    for (let k = 0; k < d; k++) {
      const y0 = this.#values[i * d + k]!;
      const y1 = this.#values[(i + 1) * d + k]!;
      const m0 = this.#curvatures[i * d + k]!;
      const m1 = this.#curvatures[(i + 1) * d + k]!;
      value[k] = a * y0 + b * y1 + (((a * a * a - a) * m0 + (b * b * b - b) * m1) * h * h) / 6;
      if (first) first[k] = (y1 - y0) / h + (((1 - 3 * a * a) * m0 + (3 * b * b - 1) * m1) * h) / 6;
      if (second) second[k] = a * m0 + b * m1;
    }
  }

  #segment(s: number): number {
    const { knots } = this;
    let low = 0;
    let high = knots.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (knots[middle]! > s) high = middle;
      else low = middle;
    }
    return low;
  }
}

/** Solves the tridiagonal system of a natural spline (Thomas algorithm), all dimensions at once. */
function naturalCurvatures(knots: Float64Array, values: Float64Array, d: number): Float64Array {
  const n = knots.length;
  const m = new Float64Array(n * d);
  const upper = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const h0 = knots[i]! - knots[i - 1]!;
    const h1 = knots[i + 1]! - knots[i]!;
    const pivot = 2 * (h0 + h1) - h0 * upper[i - 1]!;
    upper[i] = h1 / pivot;
    for (let k = 0; k < d; k++) {
      const slope1 = (values[(i + 1) * d + k]! - values[i * d + k]!) / h1;
      const slope0 = (values[i * d + k]! - values[(i - 1) * d + k]!) / h0;
      m[i * d + k] = (6 * (slope1 - slope0) - h0 * m[(i - 1) * d + k]!) / pivot;
    }
  }
  for (let i = n - 2; i > 0; i--) {
    for (let k = 0; k < d; k++) m[i * d + k] = m[i * d + k]! - upper[i]! * m[(i + 1) * d + k]!;
  }
  return m;
}
