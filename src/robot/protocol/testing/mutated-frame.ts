import type { Random } from '../../../core/random.ts';

/** Values that break parsers: wrong types, edges of number ranges, deep and wide structures. */
const NASTY: readonly unknown[] = [
  ...[
    null,
    true,
    '',
    '\u0000',
    '💥',
    'NaN',
    -1,
    0.5,
    1e308,
    -1e308,
    2 ** 53,
    9007199254740993,
    4294967296,
    -0,
  ],
  ...[
    [],
    {},
    [[[[[[[[]]]]]]]],
    Array.from({ length: 300 }, () => 0),
    { __proto__: null, constructor: {} },
    'x'.repeat(5000),
  ],
];

/**
 * A broken variant of a valid frame, for fuzzing either end: members swapped for nasty values, deleted or doubled, or
 * bytes flipped, cut, doubled and spliced. The same seed gives the same frame.
 *
 * @param frames valid frames, as objects
 * @param encode the frame's bytes: JSON or CBOR
 */
export function mutatedFrame(
  random: Random,
  frames: readonly Record<string, unknown>[],
  encode: (frame: unknown) => Uint8Array,
): Uint8Array {
  let frame: unknown = structuredClone(random.pick(frames));
  const structural = random.below(3);
  for (let i = 0; i < structural; i++) frame = mutateValue(random, frame, 0);
  let bytes: Uint8Array = encode(frame).slice();
  const raw = structural === 0 ? 1 + random.below(4) : random.below(2);
  for (let i = 0; i < raw; i++) bytes = mutateBytes(random, bytes);
  return bytes;
}

function mutateValue(random: Random, value: unknown, depth: number): unknown {
  if (
    typeof value !== 'object' ||
    value === null ||
    ArrayBuffer.isView(value) ||
    random.next() < 0.15 * depth
  ) {
    return typeof value === 'number' && random.next() < 0.5
      ? value * random.uniform(-3, 3)
      : random.pick(NASTY);
  }
  if (Array.isArray(value)) {
    const copy = [...(value as unknown[])];
    if (copy.length === 0) return random.pick(NASTY);
    const at = random.below(copy.length);
    copy[at] = mutateValue(random, copy[at], depth + 1);
    return copy;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return random.pick(NASTY);
  const at = random.below(entries.length);
  const [key, member] = entries[at] as [string, unknown];
  const choice = random.next();
  if (choice < 0.15) entries.splice(at, 1);
  else if (choice < 0.25)
    entries.push([random.pick(['__proto__', 'constructor', 'toString', `${key}_`]), member]);
  else entries[at] = [key, mutateValue(random, member, depth + 1)];
  return Object.fromEntries(entries);
}

function mutateBytes(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.below(256));
  const at = random.below(bytes.length);
  const copy = bytes.slice();
  switch (random.below(5)) {
    case 0:
      copy[at] = random.below(256);
      return copy;
    case 1:
      copy[at] = (copy[at] as number) ^ (1 << random.below(8));
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3: {
      const length = random.below(Math.min(64, bytes.length));
      return Uint8Array.from([
        ...copy.subarray(0, at),
        ...copy.subarray(Math.max(0, at - length)),
        ...copy.subarray(at),
      ]);
    }
    default:
      return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(at + 1 + random.below(8))]);
  }
}
