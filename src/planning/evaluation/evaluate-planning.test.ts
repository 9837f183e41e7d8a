import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluatePlanning } from './evaluate-planning.ts';
import { formatPlanningReport, upperBound } from './planning-report.ts';
import { canonicalStep, parseInstructionSet } from './instruction-set.ts';

const folder = fileURLToPath(new URL('../../../test/planning', import.meta.url));

describe('the labelled instructions', () => {
  it('are at least 400, about a third of them not to be planned', async () => {
    const halves = await Promise.all(
      (['development', 'test'] as const).map((half) => evaluatePlanning(half, { folder })),
    );
    const total = halves.reduce((n, r) => n + r.cases.length, 0);
    const unanswerable = halves.reduce((n, r) => n + r.unanswerable.total, 0);
    expect(total).toBeGreaterThanOrEqual(400);
    expect(unanswerable / total).toBeGreaterThan(0.3);
    for (const report of halves) {
      expect(report.answerable.right / report.answerable.total).toBeGreaterThanOrEqual(0.9);
      expect(report.unanswerable.wrong).toBe(0);
      expect(formatPlanningReport(report)).toContain('95 % upper bound');
    }
  });
});

describe('measuring', () => {
  it('reads sets, and names the line that it cannot read', () => {
    expect(parseInstructionSet('# table\nput a in b -> put a in b; pick c | refuse\n')).toEqual([
      {
        scene: 'table',
        instruction: 'put a in b',
        line: 2,
        expected: [{ kind: 'steps', steps: ['pick c', 'put a in b'] }, { kind: 'refuse' }],
      },
    ]);
    expect(() => parseInstructionSet('# table\nput a in b')).toThrow(/Line 2/);
  });

  it('writes steps as labels do', () => {
    const step = { text: '', verb: 'stack', object: 'a', relation: 'on', destination: 'b' };
    expect(canonicalStep(step)).toBe('put a on b');
    expect(canonicalStep({ text: '', verb: 'push', object: 'a', relation: 'left', shift: true })).toBe(
      'push a >left',
    );
    expect(
      canonicalStep({
        text: '',
        verb: 'put',
        object: 'a',
        relation: 'between',
        destination: 'b',
        references: ['b', 'c'],
      }),
    ).toBe('put a between b c');
  });

  it('bounds a rate of which nothing was seen by the rule of three, exactly', () => {
    expect(upperBound(0, 100)).toBeCloseTo(1 - 0.05 ** 0.01, 9);
    expect(upperBound(2, 50)).toBeGreaterThan(0.04);
    expect(upperBound(50, 50)).toBe(1);
  });
});
