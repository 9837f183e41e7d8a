import { escapeHtml, htmlPage, inlineScript } from '../core/html-page.ts';
import { SWEEP_REPORT_DATA_ID, type ReportColumn, type SweepReportData } from '../core/sweep-report.ts';
import { describeValue, type Factor } from './factor.ts';
import { REPORT_STYLE } from './report-style.ts';
import type { RunRow } from './run-row.ts';
import { RECORDS_FOLDER, type StoredSummary } from './sweep-folder.ts';
import { NOTEBOOK, valueOf, type RateOf } from './tally.ts';

const OUTCOME = { failed: 0, succeeded: 1, crashed: 2 } as const;
/** A factor with more values is an axis of numbers, where its values are numbers. */
const MOST_WORDS = 40;

/** Takes rows one at a time into the columns that the report's plot draws. */
export class ReportColumns {
  readonly #factors: readonly Factor[];
  readonly #columns: { readonly column: ReportColumn; readonly add: (row: RunRow) => void }[];
  readonly #reasons = new Map<string, number>();
  readonly #data = {
    index: [] as number[],
    outcome: [] as number[],
    reason: [] as number[],
    page: [] as string[],
  };

  constructor(factors: readonly Factor[], metrics: readonly string[]) {
    this.#factors = factors;
    this.#columns = [...factors.map((factor) => factorColumn(factor)), ...metrics.map(metricColumn)];
  }

  add(row: RunRow): void {
    const data = this.#data;
    data.index.push(row.index);
    data.outcome.push(OUTCOME[row.outcome]);
    let reason = this.#reasons.get(row.reason);
    if (reason === undefined) this.#reasons.set(row.reason, (reason = this.#reasons.size));
    data.reason.push(reason);
    data.page.push(row.record === undefined ? '' : `${RECORDS_FOLDER}/${row.record}.html`);
    for (const { add } of this.#columns) add(row);
  }

  get factors(): readonly Factor[] {
    return this.#factors;
  }

  data(): SweepReportData {
    return {
      version: 1,
      ...this.#data,
      reasons: [...this.#reasons.keys()],
      columns: this.#columns.map(({ column }) => column),
    };
  }
}

function factorColumn(factor: Factor): { column: ReportColumn; add: (row: RunRow) => void } {
  const { name } = factor;
  if (factor.values.length > MOST_WORDS && factor.values.every((value) => typeof value === 'number')) {
    const of: (number | null)[] = [];
    const add = (row: RunRow): void => {
      const value = valueOf(row, name);
      of.push(typeof value === 'number' ? value : null);
    };
    return { column: { name, kind: 'numbers', of }, add };
  }
  const of: number[] = [];
  const places = new Map(factor.values.map((value, i) => [value, i]));
  const words = factor.values.map((value) => describeValue(factor, value));
  const add = (row: RunRow): void => void of.push(places.get(valueOf(row, name) ?? '') ?? -1);
  return { column: { name, kind: 'words', words, of }, add };
}

function metricColumn(name: string): { column: ReportColumn; add: (row: RunRow) => void } {
  const of: (number | null)[] = [];
  const add = (row: RunRow): void => {
    const value = row.metrics[name];
    of.push(value === undefined ? null : Number(value.toPrecision(5)));
  };
  return { column: { name: `metric ${name}`, kind: 'numbers', of }, add };
}

/**
 * The report as one HTML file: rates with their intervals as tables and bars, which read with scripts off, and a plot of
 * every run whose points open its page in 3D. `script` is the built `dist/sweep-report.js`. No network.
 */
export function renderReport(summary: StoredSummary, columns: ReportColumns, script: string): string {
  const sections = [
    header(summary),
    ...summary.byFactor.map(({ factor, rates }) => section(`By ${factor}`, rates, [factor])),
    summary.combinations
      ? section('By combination', summary.combinations, Object.keys(summary.combinations[0]?.values ?? {}))
      : '',
    '<section id="runs" aria-label="Every run"><h2>Every run</h2><noscript><p class="note">Scripts are off: the plot is not shown.</p></noscript></section>',
    reasons(summary),
  ];
  return htmlPage({
    title: `${summary.title}: sweep`,
    style: REPORT_STYLE,
    script: inlineScript(script),
    main: sections.join('\n'),
    dataId: SWEEP_REPORT_DATA_ID,
    data: columns.data(),
  });
}

function header(summary: StoredSummary): string {
  const { rate, crashed } = summary.overall;
  const state =
    summary.state === 'finished'
      ? ''
      : ` The sweep is ${summary.state}: ${summary.done} of ${summary.runs} runs are here.`;
  const lost = crashed > 0 ? ` ${crashed} could not be run at all and are in no rate.` : '';
  return `<header><h1>${escapeHtml(summary.title)}</h1><p class="rate"><strong>${share(rate.rate)}</strong> of ${rate.total} runs succeeded <span class="interval">${interval(rate.low, rate.high)}, 95 % Wilson interval</span></p><p class="note">${lost}${state}</p></header>`;
}

function section(title: string, rates: readonly RateOf[], names: readonly string[]): string {
  const rows = rates.map((of) => {
    const { rate } = of;
    const label = of.label === '' ? '–' : of.label;
    const crashed = of.crashed > 0 ? ` (+${of.crashed} not run)` : '';
    return `<tr><th scope="row">${escapeHtml(label)}</th><td class="n">${rate.successes} of ${rate.total}${crashed}</td><td class="n">${share(rate.rate)}</td><td class="n">${interval(rate.low, rate.high)}</td><td>${bar(of)}</td></tr>`;
  });
  return `<section><h2>${escapeHtml(title)}</h2><table><thead><tr><th scope="col">${escapeHtml(names.map((n) => (n === NOTEBOOK ? 'notebook' : n)).join(', '))}</th><th scope="col">succeeded</th><th scope="col">rate</th><th scope="col">95 % interval</th><th scope="col"><span class="axis"><span>0</span><span>50</span><span>100 %</span></span></th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

/** The rate as a point on its interval, from 0 to 100 %. */
function bar({ rate }: RateOf): string {
  if (rate.total === 0) return '';
  const x = (share: number): string => (share * 200).toFixed(1);
  return `<svg viewBox="-4 0 208 14" width="208" height="14" role="img" aria-label="${share(rate.rate)}, ${interval(rate.low, rate.high)}"><path class="grid" d="M0 1V13M100 1V13M200 1V13"/><path class="range" d="M${x(rate.low)} 7H${x(rate.high)}"/><circle cx="${x(rate.rate)}" cy="7" r="3.5"/></svg>`;
}

function reasons({ reasons: list }: StoredSummary): string {
  if (list.length === 0) return '';
  const rows = list.map(
    ({ reason, count }) => `<tr><td class="n">${count}</td><td>${escapeHtml(reason)}</td></tr>`,
  );
  return `<section><h2>Why runs failed</h2><table><thead><tr><th scope="col">runs</th><th scope="col">reason (# stands for a number)</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

const share = (rate: number): string => (Number.isNaN(rate) ? '–' : `${(100 * rate).toFixed(1)} %`);
const interval = (low: number, high: number): string =>
  `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %`;
