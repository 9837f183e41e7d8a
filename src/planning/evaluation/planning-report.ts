import type { PlanningCase, PlanningHalf, PlanningOutcome } from './evaluate-planning.ts';

export interface PlanningReport {
  readonly half: PlanningHalf;
  readonly planner: string;
  readonly answerable: {
    readonly total: number;
    readonly right: number;
    readonly missed: number;
    readonly wrong: number;
  };
  /** the unanswerable and ambiguous part */
  readonly unanswerable: { readonly total: number; readonly refused: number; readonly wrong: number };
  /** wrong actions among the unanswerable: exact one-sided 95 % upper bound of their rate (Clopper and Pearson) */
  readonly wrongActionUpperBound: number;
  readonly medianMilliseconds: number;
  readonly slowestMilliseconds: number;
  readonly completionMilliseconds: number;
  readonly cases: readonly PlanningCase[];
}

export function summarize(
  half: PlanningHalf,
  planner: string,
  cases: readonly PlanningCase[],
): PlanningReport {
  const count = (of: readonly PlanningCase[], outcome: PlanningOutcome) =>
    of.filter((c) => c.outcome === outcome).length;
  const answerable = cases.filter((c) => c.answerable);
  const unanswerable = cases.filter((c) => !c.answerable);
  const wrong = count(unanswerable, 'wrong');
  const times = cases.map((c) => c.milliseconds).sort((a, b) => a - b);
  const completions = cases.map((c) => c.completionMilliseconds).sort((a, b) => a - b);
  return {
    half,
    planner,
    answerable: {
      total: answerable.length,
      right: count(answerable, 'right'),
      missed: count(answerable, 'missed'),
      wrong: count(answerable, 'wrong'),
    },
    unanswerable: { total: unanswerable.length, refused: count(unanswerable, 'right'), wrong },
    wrongActionUpperBound: upperBound(wrong, unanswerable.length),
    medianMilliseconds: times[Math.floor(times.length / 2)] ?? 0,
    slowestMilliseconds: times[times.length - 1] ?? 0,
    completionMilliseconds: completions[Math.floor(completions.length / 2)] ?? 0,
    cases,
  };
}

/** Largest rate at which seeing at most `hits` of `n` still has a chance of 5 % (Clopper and Pearson 1934, one-sided). */
export function upperBound(hits: number, n: number): number {
  if (n === 0 || hits >= n) return 1;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const p = (low + high) / 2;
    let term = (1 - p) ** n;
    let sum = term;
    for (let k = 1; k <= hits; k++) {
      term *= ((n - k + 1) / k) * (p / (1 - p));
      sum += term;
    }
    if (sum > 0.05) low = p;
    else high = p;
  }
  return high;
}

/** The report as lines for people, failures last. */
export function formatPlanningReport(report: PlanningReport): string {
  const { answerable: a, unanswerable: u } = report;
  return [
    `${report.planner}, ${report.half}: ${report.cases.length} instructions`,
    `  answerable    ${a.right}/${a.total} right (${percent(a.right, a.total)}), ${a.missed} refused, ${a.wrong} wrong`,
    `  unanswerable  ${u.refused}/${u.total} refused (${percent(u.refused, u.total)}), ${u.wrong} wrong actions, 95 % upper bound ${(100 * report.wrongActionUpperBound).toFixed(1)} %`,
    `  ${report.medianMilliseconds.toFixed(1)} ms per instruction (median; slowest ${report.slowestMilliseconds.toFixed(0)} ms), completions in ${report.completionMilliseconds.toFixed(1)} ms`,
    '  answerable, right by what is asked for:',
    ...byClass(report.cases.filter((c) => c.answerable)),
    '  unanswerable, by why they were refused:',
    ...byClass(report.cases.filter((c) => !c.answerable)),
    ...report.cases
      .filter((c) => c.outcome !== 'right')
      .map((c) => `  ${c.outcome.padEnd(6)} [${c.scene}] ${c.instruction}\n         ${c.got}`),
  ].join('\n');
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

function byClass(cases: readonly PlanningCase[]): string[] {
  const rows = new Map<string, { right: number; total: number }>();
  for (const c of cases) {
    const row = rows.get(c.class) ?? { right: 0, total: 0 };
    rows.set(c.class, { right: row.right + (c.outcome === 'right' ? 1 : 0), total: row.total + 1 });
  }
  return [...rows]
    .sort((a, b) => b[1].total - a[1].total)
    .map(([name, row]) => `    ${name.padEnd(16)} ${row.right}/${row.total}`);
}
