import { INK, line, PALETTE, picture, px, text } from './svg.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly note: string;
  readonly colour?: number;
}

export interface BarChart {
  readonly title: string;
  readonly subtitle: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const ROW = 34;
const PLOT = { left: 220, right: 600, top: 84 };

/** Horizontal bars of shares with their intervals; the axis runs from 0 to 100 %, or as far as an interval reaches. */
export function barChart({ title, subtitle, bars }: BarChart): string {
  const most = Math.max(1, ...bars.map((bar) => (Number.isFinite(bar.high) ? Math.min(bar.high, 2) : 0)));
  const least = Math.min(0, ...bars.map((bar) => (Number.isFinite(bar.low) ? Math.max(bar.low, -1) : 0)));
  const x = (share: number): number =>
    PLOT.left +
    ((Math.min(most, Math.max(least, share)) - least) / (most - least)) * (PLOT.right - PLOT.left);
  const bottom = PLOT.top + ROW * bars.length;
  const body = [
    text(24, 32, title, { size: 17, weight: 600 }),
    text(24, 52, subtitle, { size: 12, colour: INK.soft }),
  ];
  for (let percent = Math.ceil(4 * least) * 25; percent <= 100 * most; percent += 25) {
    body.push(
      line(x(percent / 100), PLOT.top - 6, x(percent / 100), bottom, percent === 0 ? INK.axis : INK.grid),
    );
    body.push(
      text(x(percent / 100), bottom + 17, `${percent} %`, { size: 11, colour: INK.soft, anchor: 'middle' }),
    );
  }
  bars.forEach((bar, i) => {
    const middle = PLOT.top + ROW * (i + 0.5);
    const colour = PALETTE[(bar.colour ?? 0) % PALETTE.length]!;
    const [from, to] = [x(Math.min(0, bar.value)), x(Math.max(0, bar.value))];
    body.push(text(PLOT.left - 10, middle + 4, bar.name, { anchor: 'end' }));
    body.push(
      `<rect x="${px(from)}" y="${px(middle - 8)}" width="${px(Math.max(1, to - from))}" height="16" rx="2" fill="${colour}" opacity="0.85"/>`,
    );
    body.push(line(x(bar.low), middle, x(bar.high), middle, INK.text, 1.5));
    for (const end of [bar.low, bar.high])
      body.push(line(x(end), middle - 4, x(end), middle + 4, INK.text, 1.5));
    body.push(text(PLOT.right + 12, middle + 4, bar.note, { size: 11, colour: INK.soft }));
  });
  return picture(WIDTH, bottom + 34, `${title}. ${subtitle}`, body);
}
