import fc from 'fast-check';
import { PCDLoader } from 'three/examples/jsm/loaders/PCDLoader.js';
import { PLYLoader } from 'three/examples/jsm/loaders/PLYLoader.js';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { Random } from '../../core/random.ts';
import { readCloud, readCloudTable } from './cloud-file.ts';
import { compressLzf, decompressLzf } from './lzf.ts';
import { readNpy } from './npy.ts';
import { readPcd, writePcd, type PcdEncoding } from './pcd.ts';
import { readPly, writePly, type PlyEncoding } from './ply.ts';
import {
  arrayOf,
  BYTES,
  fromPointCloud,
  toPointCloud,
  type FieldType,
  type PointTable,
} from './point-table.ts';

const TYPES = Object.keys(BYTES) as FieldType[];
const PCD: PcdEncoding[] = ['ascii', 'binary', 'binary_compressed'];
const PLY: PlyEncoding[] = ['ascii', 'binary_little_endian', 'binary_big_endian'];

/** Tables of arbitrary bits, NaN payloads and denormals among them. */
const tableArbitrary = (types: readonly FieldType[], counts: boolean): fc.Arbitrary<PointTable> =>
  fc
    .record({
      points: fc.integer({ min: 0, max: 12 }),
      fields: fc.array(
        fc.record({
          type: fc.constantFrom(...types),
          count: counts ? fc.integer({ min: 1, max: 3 }) : fc.constant(1),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      bytes: fc.infiniteStream(fc.nat(255)),
    })
    .map(({ points, fields, bytes }) => ({
      count: points,
      fields: fields.map(({ type, count }, i) => {
        const buffer = new ArrayBuffer(BYTES[type] * count * points);
        new Uint8Array(buffer).set([...bytes.take(buffer.byteLength)]);
        return { name: `f${i}`, type, count, values: arrayOf(type, buffer) };
      }),
    }));

const bitsOf = (table: PointTable): unknown[] =>
  table.fields.map((f) => [
    f.name,
    f.count,
    BYTES[f.type],
    [...new Uint8Array(f.values.buffer, f.values.byteOffset, f.values.byteLength)],
  ]);
const typesOf = (table: PointTable): string[] => table.fields.map((f) => f.type);

describe('PCD and PLY', () => {
  it.each(PCD)('PCD %s gives back every bit of every field', (encoding) => {
    fc.assert(
      fc.property(tableArbitrary(TYPES, true), (table) => {
        const read = readPcd(writePcd(table, encoding));
        expect(bitsOf(read)).toEqual(bitsOf(table));
        if (encoding !== 'ascii') expect(typesOf(read)).toEqual(typesOf(table));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it.each(PLY)('PLY %s gives back every bit of every field', (encoding) => {
    // As text, a float64 with an odd NaN would become a 64-bit integer, which PLY does not have.
    const types = TYPES.filter((t) => t !== 'i64' && t !== 'u64' && !(encoding === 'ascii' && t === 'f64'));
    fc.assert(
      fc.property(tableArbitrary(types, false), (table) => {
        const read = readPly(writePly(table, encoding));
        expect(bitsOf(read)).toEqual(bitsOf(table));
        if (encoding !== 'ascii') expect(typesOf(read)).toEqual(typesOf(table));
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('give the same points and colours as independent readers', () => {
    const cloud = randomCloud(7, 300);
    for (const encoding of PCD) {
      const bytes = writePcd(fromPointCloud(cloud, 'packed'), encoding);
      const points = new PCDLoader().parse(bytes.slice().buffer);
      expect([...points.geometry.getAttribute('position').array]).toEqual([...cloud.positions]);
      expect([...points.geometry.getAttribute('intensity').array]).toEqual([
        ...(cloud.fields?.['intensity'] ?? []),
      ]);
    }
    for (const encoding of PLY) {
      const geometry = new PLYLoader().parse(
        writePly(fromPointCloud(cloud, 'channels'), encoding).slice().buffer,
      );
      expect([...geometry.getAttribute('position').array]).toEqual([...cloud.positions]);
    }
  });

  it('give a cloud back whole, through either kind of colour', () => {
    const cloud = randomCloud(8, 100);
    const written = [
      ...PCD.map((e) => ['a.pcd', writePcd(fromPointCloud(cloud, 'packed'), e)] as const),
      ...PLY.map((e) => ['a.PLY', writePly(fromPointCloud(cloud, 'channels'), e)] as const),
    ];
    for (const [name, bytes] of written)
      expect({ ...readCloud(bytes, name), stamp: cloud.stamp }).toEqual(cloud);
  });

  it('read what other programs write: comments, faces before vertices, CR LF, odd spacing', () => {
    const pcd =
      'VERSION .5\r\nCOLUMNS x y z label\r\n# note\r\nSIZE 4 4 4 2\r\nTYPE F F F U\r\nWIDTH 2\r\nHEIGHT 1\r\nDATA ascii\r\n1 2 3 7\r\n\r\n nan -INF 1e-3   65535\r\n';
    const table = readPcd(new TextEncoder().encode(pcd));
    expect(table.fields.map((f) => [...f.values])).toEqual([
      [1, NaN],
      [2, -Infinity],
      [3, Math.fround(1e-3)],
      [7, 65535],
    ]);
    const header =
      'ply\nformat binary_big_endian 1.0\ncomment made by hand\nelement face 2\nproperty list uchar int vertex_indices\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n';
    const body = new Uint8Array(1 + 8 + 1 + 12);
    const view = new DataView(body.buffer);
    view.setUint8(0, 2);
    [1.5, -2, 3].forEach((v, i) => view.setFloat32(10 + 4 * i, v, false));
    const ply = new Uint8Array([...new TextEncoder().encode(header), ...body]);
    expect([...toPointCloud(readPly(ply)).positions]).toEqual([1.5, -2, 3]);
  });

  it.each([
    [
      'more points than the file has',
      'FIELDS x\nSIZE 4\nTYPE F\nCOUNT 1\nWIDTH 1000000000\nHEIGHT 1\nPOINTS 1000000000\nDATA binary\n0000',
    ],
    [
      'more rows than the file has',
      'FIELDS x\nSIZE 8\nTYPE F\nCOUNT 1\nWIDTH 400000000\nHEIGHT 1\nPOINTS 400000000\nDATA ascii\n1 2',
    ],
    [
      'a count that overflows',
      'FIELDS x\nSIZE 8\nTYPE F\nCOUNT 99999999\nWIDTH 1\nHEIGHT 1\nPOINTS 1\nDATA binary\n0000',
    ],
    [
      'an expansion that cannot be',
      'FIELDS x\nSIZE 4\nTYPE F\nCOUNT 1\nWIDTH 1000000000\nHEIGHT 1\nPOINTS 1000000000\nDATA binary_compressed\n\u0001\0\0\0\0\u0028\u006b\u006e1',
    ],
    ['text for numbers', 'FIELDS x\nSIZE 4\nTYPE F\nCOUNT 1\nWIDTH 1\nHEIGHT 1\nPOINTS 1\nDATA ascii\nhello'],
    [
      'a number out of range',
      'FIELDS x\nSIZE 1\nTYPE U\nCOUNT 1\nWIDTH 1\nHEIGHT 1\nPOINTS 1\nDATA ascii\n256',
    ],
    ['no header', 'just text\n'],
  ])('refuse a PCD with %s', (_name, text) => {
    expect(() => readPcd(Uint8Array.from(text, (c) => c.charCodeAt(0)))).toThrow(WaybookError);
  });
});

describe('NPY', () => {
  it('reads arrays of either order and byte order, and structured ones', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(
      columns(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }", f32(values, true))),
    ).toEqual([
      [1, 5],
      [2, 6],
      [3, 7],
      [4, 8],
    ]);
    expect(
      columns(npy("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 4), }", f32(values, false))),
    ).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    const record = npy(
      "{'descr': [('x', '<f4'), ('y', '<f4'), ('z', '<f4'), ('n', '<f4', (1,))], 'fortran_order': False, 'shape': (2,), }",
      f32(values, true),
    );
    expect(readNpy(record).fields.map((f) => f.name)).toEqual(['x', 'y', 'z', 'n']);
    expect(columns(record)).toEqual([
      [1, 5],
      [2, 6],
      [3, 7],
      [4, 8],
    ]);
  });
  it.each([
    "{'descr': '<f4', 'shape': (99999999, 3), 'fortran_order': False}",
    "{'descr': 'O', 'shape': (1, 3)}",
    '((((((((((',
    "{'shape': (2,2), 'descr': '<f4'}",
    '{',
    '',
  ])('refuses the header %s', (header) => {
    expect(() => readNpy(npy(header, new Uint8Array(24)))).toThrow(WaybookError);
  });
});

describe('LZF', () => {
  it('gives data back and never writes out of bounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 9 }), fc.nat(80)), { maxLength: 20 }),
        (runs) => {
          const data = Uint8Array.from(
            runs.flatMap(([bytes, n]) => Array.from({ length: n }, () => [...bytes]).flat()),
          );
          expect(decompressLzf(compressLzf(data), data.length)).toEqual(data);
        },
      ),
      { numRuns: 200, seed: 4 },
    );
  });

  it('refuses before it allocates', () => {
    const allocated: number[] = [];
    const Original = globalThis.Uint8Array;
    // Four bytes that are no literals and no whole match, with a gigabyte announced.
    const bad = Original.of(0xe0, 0x0a, 0x01, 0xe0);
    globalThis.Uint8Array = new Proxy(Original, {
      construct(target, args: [number]) {
        allocated.push(args[0]);
        return new target(...args);
      },
    });
    try {
      expect(() => decompressLzf(bad, 2 ** 30)).toThrow(RangeError);
    } finally {
      globalThis.Uint8Array = Original;
    }
    expect(allocated).toEqual([]);
  });
});

/** All 200,000, in a chunk: WAYBOOK_MUTATIONS=200000 npx vitest run src/perception/codecs --reporter=verbose */
const MUTATIONS = Number(process.env['WAYBOOK_MUTATIONS'] ?? 6000);
/** number, and so seed, of the first: WAYBOOK_MUTATIONS_FROM=100000 begins another chunk */
const FIRST = Number(process.env['WAYBOOK_MUTATIONS_FROM'] ?? 0);

describe('mutated files', () => {
  it(
    `give an error or a cloud of at most four times their size, ${MUTATIONS} times`,
    { timeout: 60_000 + MUTATIONS * 5 },
    () => {
      const cloud = randomCloud(9, 40);
      const seeds: (readonly [string, Uint8Array])[] = [
        ...PCD.map((e) => [`${e}.pcd`, writePcd(fromPointCloud(cloud, 'packed'), e)] as const),
        ...PLY.map((e) => [`${e}.ply`, writePly(fromPointCloud(cloud, 'channels'), e)] as const),
        [
          'a.npy',
          npy("{'descr': '<f4', 'fortran_order': False, 'shape': (20, 4), }", new Uint8Array(320).fill(65)),
        ],
      ];
      let clouds = 0;
      let refused = 0;
      let most = 0;
      for (let i = FIRST; i < FIRST + MUTATIONS; i++) {
        const random = new Random(i, 'mutation');
        const [name, bytes] = random.pick(seeds);
        const bad = mutate(random, bytes);
        try {
          const table = readCloudTable(bad, name);
          const held = table.fields.reduce((n, f) => n + f.values.byteLength, 0);
          if (held > 4 * bad.length) throw new Error(`file ${i} (${name}): ${held} bytes from ${bad.length}`);
          most = Math.max(most, held / bad.length);
          clouds += 1;
        } catch (error) {
          if (!(error instanceof WaybookError)) throw error;
          refused += 1;
        }
      }
      expect(clouds).toBeGreaterThan(MUTATIONS / 20);
      expect(refused).toBeGreaterThan(MUTATIONS / 20);
      console.log(
        `${MUTATIONS} mutated files from ${FIRST}: ${clouds} clouds of at most ${most.toFixed(2)} times the file, ${refused} refused`,
      );
    },
  );
});

function mutate(random: Random, bytes: Uint8Array): Uint8Array {
  let bad = bytes.slice();
  const header = Math.min(bad.length, 260);
  for (let k = random.below(4); k >= 0; k--) {
    switch (random.below(5)) {
      case 0:
        bad = bad.slice(0, random.below(bad.length + 1));
        break;
      case 1:
        if (bad.length > 0) bad[random.below(bad.length)] = random.below(256);
        break;
      case 2:
        if (bad.length > 0) bad[random.below(Math.min(header, bad.length))] = 48 + random.below(10);
        break;
      case 3: {
        const from = random.below(bad.length + 1);
        bad = new Uint8Array([
          ...bad.slice(0, from),
          ...bad.slice(random.below(bad.length + 1)).slice(0, 60),
          ...bad.slice(from),
        ]);
        break;
      }
      default:
        if (bad.length > 0) bad[random.below(bad.length)] = random.pick([0, 10, 32, 45, 255]);
    }
  }
  return bad;
}

function randomCloud(seed: number, count: number): PointCloud {
  const random = new Random(seed, 'cloud');
  return {
    frame: 'base',
    stamp: 0,
    count,
    positions: Float32Array.from({ length: 3 * count }, () => random.uniform(-2, 2)),
    colors: Uint8Array.from({ length: 3 * count }, () => random.below(256)),
    fields: { intensity: Float32Array.from({ length: count }, () => random.next()) },
  };
}

function npy(header: string, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  return new Uint8Array([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...data,
  ]);
}

function f32(values: readonly number[], littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((v, i) => view.setFloat32(4 * i, v, littleEndian));
  return new Uint8Array(view.buffer);
}

const columns = (bytes: Uint8Array): number[][] =>
  readNpy(bytes).fields.map((f) => [...f.values].map(Number));
