import { INK, line, PALETTE, picture, px, text } from './svg.ts';

export interface ChartPoint {
  /** index into the labels of the x axis, or a value where `scale` is given */
  readonly x: number;
  /** 0..1 */
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly ChartPoint[];
  /** drawn thinner and dashed: a bound, or one of several runs */
  readonly faint?: boolean;
  /** index of the colour; default: its place in the list */
  readonly colour?: number;
}

export interface LineChart {
  readonly title: string;
  readonly subtitle: string;
  readonly xTitle: string;
  /** the places of the x axis, equally far apart; or numbers on a logarithmic one */
  readonly x:
    | { readonly labels: readonly string[] }
    | { readonly log: readonly [number, number]; readonly ticks: readonly number[] };
  readonly series: readonly Series[];
}

const WIDTH = 760;
const HEIGHT = 430;
const PLOT = { left: 62, right: 590, top: 74, bottom: 366 };
const LABEL_GAP = 15;
/** Intervals of one place stand side by side [px]. */
const DODGE = 5;

/** Shares of 0 to 100 % over noise or effort, each point with its interval, each line named where it ends. */
export function lineChart(chart: LineChart): string {
  const { x, series } = chart;
  const at = 'labels' in x ? equally(x.labels.length) : logarithmic(x.log);
  const y = (share: number): number => PLOT.bottom - share * (PLOT.bottom - PLOT.top);
  const body: string[] = [
    text(24, 32, chart.title, { size: 17, weight: 600 }),
    text(24, 52, chart.subtitle, { size: 12, colour: INK.soft }),
  ];
  for (const percent of [0, 20, 40, 60, 80, 100]) {
    body.push(
      line(PLOT.left, y(percent / 100), PLOT.right, y(percent / 100), percent === 0 ? INK.axis : INK.grid),
    );
    body.push(
      text(PLOT.left - 8, y(percent / 100) + 4, `${percent} %`, {
        size: 11,
        colour: INK.soft,
        anchor: 'end',
      }),
    );
  }
  const ticks =
    'labels' in x
      ? x.labels.map((label, i) => ({ value: i, label }))
      : x.ticks.map((value) => ({ value, label: value.toLocaleString('en-US') }));
  for (const { value, label } of ticks) {
    body.push(line(at(value), PLOT.bottom, at(value), PLOT.bottom + 4, INK.axis));
    body.push(text(at(value), PLOT.bottom + 19, label, { size: 11, colour: INK.soft, anchor: 'middle' }));
  }
  body.push(
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 42, chart.xTitle, {
      size: 12,
      colour: INK.soft,
      anchor: 'middle',
    }),
  );

  const ends: { name: string; colour: string; wanted: number; faint: boolean }[] = [];
  series.forEach((one, index) => {
    const points = one.points.filter((p) => Number.isFinite(p.y));
    const last = points.at(-1);
    if (!last) return;
    const colour = PALETTE[(one.colour ?? index) % PALETTE.length]!;
    const shift = 'labels' in x ? (index - (series.length - 1) / 2) * DODGE : 0;
    const place = (p: ChartPoint): number => at(p.x) + shift;
    for (const p of points) {
      if (p.low === undefined || p.high === undefined) continue;
      body.push(`<g opacity="0.45">${line(place(p), y(p.low), place(p), y(p.high), colour, 2)}</g>`);
    }
    const path = points.map((p, i) => `${i === 0 ? 'M' : 'L'}${px(place(p))} ${px(y(p.y))}`).join(' ');
    const style = one.faint === true ? 'stroke-width="1.5" stroke-dasharray="5 4"' : 'stroke-width="2.25"';
    body.push(`<path d="${path}" fill="none" stroke="${colour}" ${style} stroke-linejoin="round"/>`);
    for (const p of points) {
      body.push(
        `<circle cx="${px(place(p))}" cy="${px(y(p.y))}" r="3.5" fill="${colour}" stroke="${INK.paper}" stroke-width="1.5"/>`,
      );
    }
    ends.push({
      name: `${one.name}  ${(100 * last.y).toFixed(0)} %`,
      colour,
      wanted: y(last.y),
      faint: one.faint === true,
    });
  });
  for (const [end, placed] of spread(ends)) {
    const edge = PLOT.right + 8;
    body.push(line(PLOT.right - 4, end.wanted, edge + 4, placed, INK.grid));
    body.push(
      text(edge + 8, placed + 4, end.name, { size: 12, colour: end.colour, weight: end.faint ? 400 : 600 }),
    );
  }
  return picture(WIDTH, HEIGHT, `${chart.title}. ${chart.subtitle}`, body);
}

const equally =
  (count: number) =>
  (index: number): number =>
    PLOT.left + ((index + 0.5) / count) * (PLOT.right - PLOT.left);

const logarithmic =
  ([low, high]: readonly [number, number]) =>
  (value: number): number =>
    PLOT.left + 12 + (Math.log(value / low) / Math.log(high / low)) * (PLOT.right - PLOT.left - 24);

/** Labels beside their lines' ends, pushed apart where they would overlap. */
function spread<T extends { readonly wanted: number }>(ends: readonly T[]): [T, number][] {
  const sorted = [...ends].sort((a, b) => a.wanted - b.wanted);
  const placed: number[] = [];
  for (const end of sorted) placed.push(Math.max(end.wanted, (placed.at(-1) ?? -Infinity) + LABEL_GAP));
  let limit = PLOT.bottom + 6;
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.min(placed[i]!, limit);
    limit = placed[i]! - LABEL_GAP;
  }
  return sorted.map((end, i) => [end, placed[i]!]);
}
