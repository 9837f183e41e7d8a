import uPlot from 'uplot';
import uplotStyle from 'uplot/dist/uPlot.min.css';
import { el } from '../dom.ts';
import { digitsBeside, twoDigits } from '../path-values.ts';
import type { Palette } from '../theme.ts';
import type { TimelineMark } from '../time/timeline.ts';
import { valueAt } from './plot-data.ts';
import type { PlotData, PlotTone } from './plot-data.ts';
import style from './plot-strip.css';

export interface PlotStripOptions {
  /** side: title over each plot; below: title and value in columns beside it, on the slider's own axis */
  readonly layout: 'side' | 'below';
  readonly palette: Palette;
  seek(time: number): void;
}

interface Strip {
  readonly data: PlotData;
  readonly box: HTMLElement;
  readonly value: HTMLElement;
  readonly dot: HTMLElement;
  plot: uPlot | undefined;
}

/** Plots of one trajectory over one time axis, with one line at the slider's time through all of them. */
export class PlotStrip {
  readonly element: HTMLElement;
  readonly #options: PlotStripOptions;
  #palette: Palette;
  #strips: Strip[] = [];
  #start = 0;
  #end = 1;
  #time = 0;
  #marks: readonly TimelineMark[] = [];
  readonly #cursor = el('div', { class: 'cursor' });
  readonly #lane = el('div', { class: 'lane' }, this.#cursor);
  readonly #rows = el('div', { class: 'rows' });
  readonly #axis = el('div', { class: 'axis' });
  readonly #sizes: ResizeObserver;

  constructor(root: ShadowRoot, options: PlotStripOptions) {
    this.#options = options;
    this.#palette = options.palette;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`${uplotStyle}\n${style}`);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    this.element = el('div', { class: `plots ${options.layout}` }, this.#rows, this.#axis, this.#lane);
    this.#lane.addEventListener('pointerdown', (event) => {
      this.#lane.setPointerCapture(event.pointerId);
      this.#seekTo(event);
    });
    this.#lane.addEventListener('pointermove', (event) => {
      if (this.#lane.hasPointerCapture(event.pointerId)) this.#seekTo(event);
    });
    this.#sizes = new ResizeObserver(() => this.#layOut());
    this.#sizes.observe(this.#rows);
  }

  setPlots(plots: readonly PlotData[], start: number, end: number, marks: readonly TimelineMark[]): void {
    this.#start = start;
    this.#end = Math.max(end, start + 1e-9);
    this.#marks = marks;
    for (const strip of this.#strips) strip.plot?.destroy();
    this.#strips = plots.map((data) => {
      const value = el('output', { class: 'value' });
      const dot = el('div', { class: 'dot' });
      const box = el('div', { class: 'box' }, dot);
      return { data, box, value, dot, plot: undefined };
    });
    this.#rows.replaceChildren(...this.#strips.map((strip) => this.#row(strip)));
    this.#drawAxis();
    this.#layOut();
    this.setTime(this.#time);
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    for (const strip of this.#strips) {
      strip.plot?.destroy();
      strip.plot = undefined;
    }
    this.#layOut();
  }

  setTime(time: number): void {
    this.#time = time;
    const share = (time - this.#start) / (this.#end - this.#start);
    this.#cursor.style.left = `${Math.min(1, Math.max(0, share)) * 100}%`;
    for (const { data, value, dot } of this.#strips) {
      const v = valueAt(data, data.main, time);
      value.textContent = v === null ? '' : digitsBeside(v, data.summary.value);
      dot.hidden = v === null;
      if (v === null) continue;
      const [low, high] = data.range;
      dot.style.left = `${Math.min(1, Math.max(0, share)) * 100}%`;
      dot.style.top = `${(1 - (v - low) / (high - low)) * 100}%`;
      dot.style.background = toneColor(data.lines[data.main]?.tone ?? 'text', this.#palette);
    }
  }

  dispose(): void {
    this.#sizes.disconnect();
    for (const strip of this.#strips) strip.plot?.destroy();
    this.element.remove();
  }

  #row({ data, box, value }: Strip): HTMLElement {
    const limit = data.limit ? `, limit ${twoDigits(data.limit.value)}` : '';
    const summary = `${data.summary.word} ${twoDigits(data.summary.value)}`;
    const title = el(
      'div',
      { class: 'title' },
      el('b', {}, data.title),
      el('span', { class: 'unit' }, `${data.unit}${this.#options.layout === 'below' ? limit : ''}`),
    );
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', `${data.title}, ${data.unit}${limit}, ${summary}`);
    if (this.#options.layout === 'side') {
      title.append(value);
      return el('div', { class: 'row' }, title, box);
    }
    return el('div', { class: 'row' }, title, box, value, el('span', { class: 'summary' }, summary));
  }

  #layOut(): void {
    for (const strip of this.#strips) {
      const width = Math.round(strip.box.clientWidth);
      const height = Math.round(strip.box.clientHeight);
      if (width < 8 || height < 8) continue;
      if (strip.plot) strip.plot.setSize({ width, height });
      else strip.plot = this.#create(strip, width, height);
    }
  }

  #create({ data, box }: Strip, width: number, height: number): uPlot {
    const palette = this.#palette;
    const bare = { show: false, size: 0 };
    return new uPlot(
      {
        width,
        height,
        padding: [0, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [this.#start, this.#end] },
          y: { range: [data.range[0], data.range[1]] },
        },
        axes: [bare, bare],
        series: [
          {},
          ...data.lines.map((line) => ({
            label: line.name,
            stroke: toneColor(line.tone, palette),
            width: line.tone === 'quiet' ? 0.75 : 1.5,
            ...(line.tone === 'compared' ? { dash: [2, 3] } : {}),
            points: { show: false },
          })),
        ],
        hooks: { drawClear: [(plot) => this.#drawBack(plot, data)] },
      },
      [[...data.times], ...data.lines.map((line) => [...line.values])],
      box,
    );
  }

  /** Waypoint times as dotted verticals, the limit dashed with its forbidden side hatched. */
  #drawBack(plot: uPlot, data: PlotData): void {
    const { ctx, bbox } = plot;
    const palette = this.#palette;
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = palette.gridCoarse;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    for (const mark of this.#marks) {
      if (mark.kind !== 'waypoint') continue;
      const x = plot.valToPos(mark.t, 'x', true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    if (data.limit) {
      const y = plot.valToPos(data.limit.value, 'y', true);
      const bottom = data.limit.side === 'below' ? bbox.top + bbox.height : bbox.top;
      ctx.strokeStyle = palette.refused;
      ctx.setLineDash([4 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.globalAlpha = 0.4;
      ctx.beginPath();
      ctx.rect(bbox.left, Math.min(y, bottom), bbox.width, Math.abs(bottom - y));
      ctx.clip();
      ctx.beginPath();
      for (let x = bbox.left - Math.abs(bottom - y); x < bbox.left + bbox.width + 40; x += 6 * ratio) {
        ctx.moveTo(x, bottom);
        ctx.lineTo(x + (bottom - y), y);
      }
      ctx.stroke();
    }
    ctx.restore();
  }

  #drawAxis(): void {
    const span = this.#end - this.#start;
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500].find((s) => span / s <= 10) ?? span;
    const ticks: HTMLElement[] = [];
    for (let t = 0; t <= span + 1e-9; t += step) {
      const tick = el('span', {}, String(Number(t.toFixed(2))));
      tick.style.left = `${(100 * t) / span}%`;
      ticks.push(tick);
    }
    this.#axis.replaceChildren(...ticks);
  }

  #seekTo(event: PointerEvent): void {
    const rect = this.#lane.getBoundingClientRect();
    if (rect.width === 0) return;
    const share = Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
    this.#options.seek(this.#start + share * (this.#end - this.#start));
  }
}

function toneColor(tone: PlotTone, palette: Palette): string {
  switch (tone) {
    case 'refined':
      return palette.refined;
    case 'executed':
      return palette.executed;
    case 'compared':
      return palette.compared;
    case 'text':
      return palette.text;
    case 'quiet':
      return palette.scheme.startsWith('hc') ? palette.neutral : `${palette.neutral}99`;
  }
}
