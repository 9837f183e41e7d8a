import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';
import type { Delivery } from './run-row.ts';

const delivery = (index: number, reason = 'fine'): Delivery => ({
  row: {
    index,
    key: `k${index}`,
    notebook: 'n',
    values: { seed: index },
    success: true,
    outcome: 'succeeded',
    exitCode: 0,
    reason,
    metrics: {},
  },
  attempts: 1,
  seconds: 1,
  where: 'here',
});

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybook-journal-'));
  file = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (runs: number, seen: number[] = []): Journal =>
  Journal.open(
    file,
    runs,
    ({ row }) => row.key === `k${row.index}`,
    ({ row }) => seen.push(row.index),
  );

describe('Journal', () => {
  it('gives rows back in the order of the sweep, whatever order they came in', () => {
    using journal = open(5);
    for (const index of [3, 0, 4]) expect(journal.append(delivery(index))).toBe(true);
    expect([...journal.deliveries()].map(({ row }) => row.index)).toEqual([0, 3, 4]);
    expect([1, 3].map((index) => journal.has(index))).toEqual([false, true]);
  });

  it('counts a run once', () => {
    using journal = open(2);
    expect(journal.append(delivery(1, 'first'))).toBe(true);
    expect(journal.append(delivery(1, 'second'))).toBe(false);
    expect([...journal.deliveries()].map(({ row }) => row.reason)).toEqual(['first']);
  });

  it('keeps whole lines wherever a kill cut the file, and goes on behind them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.string(), (cut, reason) => {
        rmSync(file, { force: true });
        {
          using journal = open(4);
          for (let i = 0; i < 3; i++) journal.append(delivery(i, reason));
        }
        const bytes = readFileSync(file);
        const left = Math.min(cut, bytes.length);
        truncateSync(file, left);
        const whole = bytes.subarray(0, left).filter((byte) => byte === 10).length;
        const seen: number[] = [];
        using journal = open(4, seen);
        expect(seen).toEqual([0, 1, 2].slice(0, whole));
        journal.append(delivery(3, reason));
        expect([...journal.deliveries()].map(({ row }) => row.index)).toEqual([...seen, 3]);
      }),
      { numRuns: 60 },
    );
  });

  it('passes over lines of another sweep and lines that are none', () => {
    appendFileSync(
      file,
      `nonsense\n${JSON.stringify({ ...delivery(0), row: { ...delivery(0).row, key: 'old' } })}\n`,
    );
    using journal = open(2);
    expect(journal.done).toBe(0);
    expect(journal.lines).toBe(2);
    journal.append(delivery(0));
    expect([...journal.deliveries()]).toEqual([delivery(0)]);
  });
});
