import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crashedDelivery } from '../../sweep/engine.ts';
import { orderOf } from '../../sweep/description.ts';
import { Tally } from '../../sweep/tally.ts';
import { SUMMARY_FILE, type StoredSummary } from '../../sweep/sweep-folder.ts';
import { sampleSweep } from '../../sweep/testing/sample-sweep.ts';
import { childrenOf, describeRate, notebookOf, sweepsIn } from './sweep-nodes.ts';

let base: string;
beforeEach(() => (base = mkdtempSync(join(tmpdir(), 'waybook-view-'))));
afterEach(() => rmSync(base, { recursive: true, force: true }));

function store(name: string, updated: string): string {
  const description = sampleSweep(2);
  const tally = new Tally(description, 4);
  const order = orderOf(description, 1);
  tally.add({ ...crashedDelivery(order, 3, 'x', 'x').row, outcome: 'failed', reason: 'missed' });
  tally.add({
    ...crashedDelivery(orderOf(description, 0), 1, 'x', 'x').row,
    outcome: 'succeeded',
    success: true,
  });
  const summary: StoredSummary = {
    version: 1,
    title: name,
    updated,
    state: 'finished',
    ...tally.summary(),
    failures: [{ index: 1, label: 'seed 0, noise 10 mm', reason: 'missed', record: order.record }],
  };
  mkdirSync(join(base, name));
  const file = join(base, name, SUMMARY_FILE);
  writeFileSync(file, JSON.stringify(summary));
  return file;
}

describe('the nodes of the Sweeps view', () => {
  it('lists sweeps, newest first, and nothing else that has such a file', () => {
    const files = [store('old', '2026-01-01T00:00:00Z'), store('new', '2026-02-01T00:00:00Z')];
    writeFileSync(join(base, SUMMARY_FILE), '{"version": 1, "title": "of something else"}');
    expect(sweepsIn([...files, join(base, SUMMARY_FILE)]).map(({ summary }) => summary.title)).toEqual([
      'new',
      'old',
    ]);
  });

  it('shows factors with rates, and failures with the notebooks of their records', () => {
    const [sweep] = sweepsIn([store('one', '2026-01-01T00:00:00Z')]);
    const [factor, failures] = childrenOf({ kind: 'sweep', sweep: sweep! });
    expect(factor).toMatchObject({ kind: 'factor', name: 'noise' });
    const rates = childrenOf(factor!).map((node) =>
      node.kind === 'rate' ? [node.rate.label, describeRate(node.rate)] : [],
    );
    expect(rates).toEqual([
      ['0 mm', '100.0 % (20.7 to 100.0), 1 of 1'],
      ['10 mm', '0.0 % (0.0 to 79.3), 0 of 1'],
    ]);
    const [failure] = childrenOf(failures!);
    if (failure?.kind !== 'failure') throw new Error('the failure is missing');
    expect(failure.failure.label).toBe('seed 0, noise 10 mm');
    expect(notebookOf(failure.failure)).toMatch(/^records\/00001-[0-9a-f]{8}\.waybook\.md$/);
  });
});
