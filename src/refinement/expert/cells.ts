/** Side of a cell where the points lie close enough together [m]. */
const SIDE = 0.02;
/** Cells of the grid at most: points spread farther get larger ones. */
const MOST = 1 << 16;

/** Points sorted by the cells of a grid: what lies together stands together. */
export interface Cells {
  /** numbers of the points, cell by cell, rising within a cell */
  readonly order: Int32Array;
  /** where each cell that has points begins in `order`, and where the last one ends */
  readonly first: Int32Array;
  /** [3 per cell] the cells' middles [m] */
  readonly middles: Float64Array;
  /** no point of a cell is farther from its middle than this [m] */
  readonly reach: number;
}

/** Sorts `count` points, three numbers each. */
export function cellsOf(positions: Float32Array, count: number): Cells {
  let [x0, y0, z0, x1, y1, z1] = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  for (let i = 0; i < 3 * count; i += 3) {
    const x = positions[i]!;
    const y = positions[i + 1]!;
    const z = positions[i + 2]!;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    if (z > z1) z1 = z;
  }
  let side = SIDE;
  const along = (span: number): number => Math.max(1, Math.floor(span / side) + 1);
  while (along(x1 - x0) * along(y1 - y0) * along(z1 - z0) > MOST) side *= 1.5;
  const [ny, nz] = [along(y1 - y0), along(z1 - z0)];
  const all = along(x1 - x0) * ny * nz;
  const starts = new Int32Array(all + 1);
  const cell = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const cx = Math.floor((positions[3 * i]! - x0) / side);
    const cy = Math.floor((positions[3 * i + 1]! - y0) / side);
    const cz = Math.floor((positions[3 * i + 2]! - z0) / side);
    const at = (cx * ny + cy) * nz + cz;
    cell[i] = at;
    starts[at + 1]!++;
  }
  const first: number[] = [];
  const middles: number[] = [];
  for (let at = 0; at < all; at++) {
    const here = starts[at + 1]!;
    starts[at + 1] = starts[at]! + here;
    if (here === 0) continue;
    first.push(starts[at]!);
    const cz = at % nz;
    const cy = ((at - cz) / nz) % ny;
    const cx = Math.floor(at / (ny * nz));
    middles.push(x0 + (cx + 0.5) * side, y0 + (cy + 0.5) * side, z0 + (cz + 0.5) * side);
  }
  first.push(count);
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[starts[cell[i]!]!++] = i;
  // Half a diagonal, and a little for rounding.
  return { order, first: Int32Array.from(first), middles: Float64Array.from(middles), reach: 0.8671 * side };
}
