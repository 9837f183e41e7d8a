import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FragmentOp } from '../protocol/ops.ts';
import { FragmentAssembler } from './fragments.ts';

/** As a real bridge cuts it: id 0, a total that is the quotient of lengths. */
function cut(text: string, size: number, id = '0'): FragmentOp[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, num) => ({
    op: 'fragment',
    id,
    num,
    total: text.length / size,
    data: text.slice(num * size, (num + 1) * size),
  }));
}

describe('FragmentAssembler', () => {
  it('puts any message together again, in any order, with repeats', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 30 }),
        fc.infiniteStream(fc.nat()),
        (text, size, order) => {
          const parts = cut(text, size);
          const shuffled = parts
            .map((part) => ({ part, key: order.next().value }))
            .sort((a, b) => a.key - b.key);
          const assembler = new FragmentAssembler();
          const results = shuffled.flatMap(({ part }, i) => [
            assembler.add(part, i),
            ...(i < parts.length - 1 ? [assembler.add(part, i)] : []),
          ]);
          expect(results.filter((result) => result !== undefined)).toEqual([text]);
          expect(assembler.pending).toBe(0);
        },
      ),
    );
  });

  it('keeps interleaved ids apart, and starts anew when an id comes back', () => {
    const assembler = new FragmentAssembler();
    const [a0, a1] = cut('abcdef', 3, 'a') as [FragmentOp, FragmentOp];
    const [b0, b1] = cut('uvwxyz', 3, 'b') as [FragmentOp, FragmentOp];
    expect([a0, b0, a1, b1].map((part) => assembler.add(part, 0))).toEqual([
      undefined,
      undefined,
      'abcdef',
      'uvwxyz',
    ]);
    const [c0] = cut('lost-half', 5);
    const next = cut('second', 3);
    expect(assembler.add(c0 as FragmentOp, 0)).toBeUndefined();
    expect(next.map((part) => assembler.add(part, 0))).toEqual([undefined, 'second']);
  });

  it('gives up what never becomes complete, and says so', () => {
    const assembler = new FragmentAssembler({ timeoutMs: 100 });
    assembler.add(cut('never complete', 4)[0] as FragmentOp, 0);
    expect(() => assembler.add(cut('another one', 4, 'x')[0] as FragmentOp, 500)).toThrow(
      /never became complete/,
    );
    expect(assembler.pending).toBe(1);
  });

  it('bounds memory and refuses what cannot be', () => {
    const assembler = new FragmentAssembler({ maxCharacters: 100 });
    const part = (num: number, total: number, data = 'x'.repeat(60)): FragmentOp => ({
      op: 'fragment',
      id: '0',
      num,
      total,
      data,
    });
    assembler.add(part(0, 4), 0);
    expect(() => assembler.add(part(1, 4), 0)).toThrow(/exceed/);
    expect(assembler.pending).toBe(0);
    for (const bad of [part(5, 4), part(-1, 4), part(0, 0), part(0, 1e9)]) {
      expect(() => assembler.add(bad, 0)).toThrow(/cannot be/);
    }
  });
});
