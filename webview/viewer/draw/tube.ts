import { BufferAttribute, BufferGeometry, Sphere } from 'three';

/** Corners of the tube's cross-section. */
export const TUBE_SIDES = 8;

/**
 * A tube through the positions of `tool` ([n, stride], x y z first). The vertex shader pushes vertices out along
 * their normal by the radius, so one geometry serves tube, halo and any thickness. Attribute `sample` is the index of
 * the sample each vertex belongs to; ring i of the index buffer is quads between sample i and i + 1, so a draw range
 * shows any stretch of samples.
 */
export function tubeGeometry(tool: ArrayLike<number>, stride: number): BufferGeometry {
  const n = Math.floor(tool.length / stride);
  const rings = n === 1 ? 2 : n;
  const positions = new Float32Array(rings * TUBE_SIDES * 3);
  const normals = new Float32Array(rings * TUBE_SIDES * 3);
  const samples = new Float32Array(rings * TUBE_SIDES);
  // Rotation-minimising frame by projecting the last normal off each new tangent.
  let nx = 0;
  let ny = 0;
  let nz = 0;
  const tangent: [number, number, number] = [0, 0, 1];
  for (let i = 0; i < rings; i++) {
    const sample = Math.min(i, n - 1);
    tangentAt(tool, stride, n, sample, tangent);
    const [tx, ty, tz] = tangent;
    const d = nx * tx + ny * ty + nz * tz;
    nx -= d * tx;
    ny -= d * ty;
    nz -= d * tz;
    let length = Math.hypot(nx, ny, nz);
    if (length < 1e-6) {
      // First sample, or a turn straight back: the axis least along the tangent, projected off it.
      const alongX = Math.abs(tx) < 0.9;
      const dot = alongX ? tx : ty;
      nx = (alongX ? 1 : 0) - dot * tx;
      ny = (alongX ? 0 : 1) - dot * ty;
      nz = -dot * tz;
      length = Math.hypot(nx, ny, nz) || 1;
    }
    nx /= length;
    ny /= length;
    nz /= length;
    const bx = ty * nz - tz * ny;
    const by = tz * nx - tx * nz;
    const bz = tx * ny - ty * nx;
    for (let s = 0; s < TUBE_SIDES; s++) {
      const angle = (2 * Math.PI * s) / TUBE_SIDES;
      const c = Math.cos(angle);
      const q = Math.sin(angle);
      const v = i * TUBE_SIDES + s;
      positions[3 * v] = tool[sample * stride] as number;
      positions[3 * v + 1] = tool[sample * stride + 1] as number;
      positions[3 * v + 2] = tool[sample * stride + 2] as number;
      normals[3 * v] = nx * c + bx * q;
      normals[3 * v + 1] = ny * c + by * q;
      normals[3 * v + 2] = nz * c + bz * q;
      samples[v] = sample;
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 3));
  geometry.setAttribute('sample', new BufferAttribute(samples, 1));
  geometry.setIndex(new BufferAttribute(tubeIndices(rings), 1));
  geometry.boundingSphere = new Sphere();
  return geometry;
}

/** Indices per stretch between two samples. */
export const INDICES_PER_RING = TUBE_SIDES * 6;

function tubeIndices(rings: number): Uint32Array {
  const indices = new Uint32Array(Math.max(0, rings - 1) * INDICES_PER_RING);
  let at = 0;
  for (let i = 0; i + 1 < rings; i++) {
    for (let s = 0; s < TUBE_SIDES; s++) {
      const a = i * TUBE_SIDES + s;
      const b = i * TUBE_SIDES + ((s + 1) % TUBE_SIDES);
      indices[at++] = a;
      indices[at++] = b;
      indices[at++] = a + TUBE_SIDES;
      indices[at++] = b;
      indices[at++] = b + TUBE_SIDES;
      indices[at++] = a + TUBE_SIDES;
    }
  }
  return indices;
}

/** Direction of travel at sample i, looking as far as needed past samples at rest; unchanged where there is none. */
function tangentAt(
  tool: ArrayLike<number>,
  stride: number,
  n: number,
  i: number,
  out: [number, number, number],
): void {
  let before = i;
  let after = i;
  for (let reach = 1; reach <= n; reach++) {
    if (after < n - 1) after++;
    if (before > 0) before--;
    const dx = (tool[after * stride] as number) - (tool[before * stride] as number);
    const dy = (tool[after * stride + 1] as number) - (tool[before * stride + 1] as number);
    const dz = (tool[after * stride + 2] as number) - (tool[before * stride + 2] as number);
    const length = Math.hypot(dx, dy, dz);
    if (length > 1e-5) {
      out[0] = dx / length;
      out[1] = dy / length;
      out[2] = dz / length;
      return;
    }
    if (before === 0 && after === n - 1) return;
  }
}
