import type { ReportColumn, SweepReportData } from '../../src/core/sweep-report.ts';
import { axisOf, scatterOf, type Axis } from './axis.ts';

const OUTCOMES = ['failed', 'succeeded', 'not run'] as const;
const MARGIN = { left: 64, right: 14, top: 12, bottom: 44 };
/** How near the pointer must be to a point [px]. */
const NEAR = 10;
/** Width that a written tick needs [px]. */
const TICK_PX = 56;

/** Every run as a point; one that was kept opens its page in 3D. */
export class RunPlot {
  readonly #data: SweepReportData;
  readonly #canvas = document.createElement('canvas');
  readonly #readout = document.createElement('p');
  readonly #x: HTMLSelectElement;
  readonly #y: HTMLSelectElement;
  readonly #show: HTMLSelectElement;
  #points: { run: number; x: number; y: number }[] = [];
  #at = -1;

  constructor(host: HTMLElement, data: SweepReportData) {
    this.#data = data;
    const names = data.columns.map(({ name }) => name);
    const varied = data.columns.findIndex((c) => c.kind === 'words' && c.words.length > 1);
    const measured = data.columns.findIndex(({ name }) => name.startsWith('metric '));
    this.#x = select('Across', names, Math.max(0, varied));
    this.#y = select('Up', ['outcome', ...names], measured + 1);
    this.#show = select('Show', ['every run', ...OUTCOMES, 'runs in 3D'], 0);
    const controls = document.createElement('div');
    controls.className = 'controls';
    for (const choice of [this.#x, this.#y, this.#show]) controls.append(labelled(choice));
    controls.append(...OUTCOMES.map(key));
    const plot = document.createElement('div');
    plot.className = 'plot';
    this.#canvas.tabIndex = 0;
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute(
      'aria-label',
      `${data.index.length} runs as points. Arrow keys go from run to run, Enter opens one in 3D.`,
    );
    plot.append(this.#canvas);
    this.#readout.className = 'readout';
    this.#readout.setAttribute('aria-live', 'polite');
    host.append(controls, plot, this.#readout);
    for (const choice of [this.#x, this.#y, this.#show])
      choice.addEventListener('change', () => this.#draw());
    this.#canvas.addEventListener('pointermove', (event) => this.#hover(event));
    this.#canvas.addEventListener('click', () => this.#open());
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(plot);
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => this.#draw());
    this.#select(-1);
  }

  #axes(): { x: Axis; y: Axis } {
    const { columns, outcome, index } = this.#data;
    const spread =
      (salt: number) =>
      (run: number): number =>
        scatterOf(index[run] ?? 0, salt);
    const outcomes: ReportColumn = { name: 'outcome', kind: 'words', words: OUTCOMES, of: outcome };
    const x = columns[this.#x.selectedIndex] ?? outcomes;
    const y = this.#y.selectedIndex === 0 ? outcomes : (columns[this.#y.selectedIndex - 1] ?? outcomes);
    return { x: axisOf(x, spread(0)), y: axisOf(y, spread(77)) };
  }

  #isShown(run: number): boolean {
    const choice = this.#show.selectedIndex;
    if (choice === 0) return true;
    if (choice === OUTCOMES.length + 1) return this.#data.page[run] !== '';
    return this.#data.outcome[run] === choice - 1;
  }

  #draw(): void {
    const canvas = this.#canvas;
    const { width, height } = canvas.getBoundingClientRect();
    const scale = devicePixelRatio;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext('2d');
    if (!context || width === 0) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = '12px system-ui, sans-serif';
    const plot = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
    const { x, y } = this.#axes();
    const px = (share: number): number => MARGIN.left + share * plot.width;
    const py = (share: number): number => MARGIN.top + (1 - share) * plot.height;
    context.strokeStyle = colour('line');
    context.fillStyle = colour('dim');
    context.textAlign = 'center';
    const every = Math.max(1, Math.ceil((x.ticks.length * TICK_PX) / plot.width));
    x.ticks.forEach((tick, i) => {
      if (i % every === 0) context.fillText(tick.label, px(tick.at), height - 26, TICK_PX * every);
    });
    context.fillText(x.name, px(0.5), height - 8);
    context.textAlign = 'right';
    context.beginPath();
    for (const tick of y.ticks) {
      context.fillText(tick.label, MARGIN.left - 8, py(tick.at) + 4, MARGIN.left - 12);
      context.moveTo(px(0), py(tick.at));
      context.lineTo(px(1), py(tick.at));
    }
    context.stroke();
    this.#points = [];
    const colours = [colour('bad'), colour('good'), colour('lost')];
    const { outcome, page, index } = this.#data;
    // Failures last, so that they are never hidden under successes.
    for (const kind of [1, 2, 0]) {
      context.fillStyle = colours[kind] ?? '';
      context.strokeStyle = colours[kind] ?? '';
      for (let run = 0; run < index.length; run++) {
        if (outcome[run] !== kind || !this.#isShown(run)) continue;
        const [cx, cy] = [px(x.at(run)), py(y.at(run))];
        if (Number.isNaN(cx) || Number.isNaN(cy)) continue;
        this.#points.push({ run, x: cx, y: cy });
        context.globalAlpha = page[run] === '' ? 0.45 : 0.9;
        context.beginPath();
        context.arc(cx, cy, page[run] === '' ? 2 : 3.2, 0, 2 * Math.PI);
        context.fill();
      }
    }
    context.globalAlpha = 1;
    const here = this.#points.find(({ run }) => run === this.#at);
    if (here) {
      context.strokeStyle = colour('fg');
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(here.x, here.y, 6, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  #hover(event: PointerEvent): void {
    const box = this.#canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1;
    let least = NEAR * NEAR;
    for (const point of this.#points) {
      const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
      if (distance > least) continue;
      least = distance;
      best = point.run;
    }
    if (best !== this.#at && best >= 0) this.#select(best);
    this.#canvas.classList.toggle('link', best >= 0 && this.#data.page[best] !== '');
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#open();
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const shown = this.#points.map(({ run }) => run).sort((a, b) => a - b);
    const place = shown.indexOf(this.#at);
    this.#select(
      shown[(Math.max(place, place < 0 && step < 0 ? 0 : place) + step + shown.length) % shown.length] ?? -1,
    );
  }

  #open(): void {
    const page = this.#data.page[this.#at];
    if (page) location.assign(page);
  }

  #select(run: number): void {
    this.#at = run;
    const { index, outcome, reason, reasons, page, columns } = this.#data;
    if (run < 0) {
      this.#readout.textContent = 'Point at a run. Large points were kept and open in 3D.';
      return;
    }
    const values = columns
      .filter((c) => !c.name.startsWith('metric '))
      .map((c) => `${c.name} ${axisOf(c, () => 0).text(run)}`);
    const text = `Run ${index[run] ?? ''}: ${values.join(', ')}. ${OUTCOMES[outcome[run] ?? 0] ?? ''}: ${reasons[reason[run] ?? -1] ?? ''} `;
    this.#readout.replaceChildren(text);
    const target = page[run];
    if (target) {
      const link = document.createElement('a');
      link.href = target;
      link.textContent = 'Open in 3D';
      this.#readout.append(link);
    }
    this.#draw();
  }
}

function select(name: string, choices: readonly string[], chosen: number): HTMLSelectElement {
  const element = document.createElement('select');
  element.name = name;
  element.append(...choices.map((text) => new Option(text)));
  element.selectedIndex = chosen;
  return element;
}

function labelled(choice: HTMLSelectElement): HTMLLabelElement {
  const label = document.createElement('label');
  label.append(`${choice.name} `, choice);
  return label;
}

function key(outcome: (typeof OUTCOMES)[number]): HTMLElement {
  const element = document.createElement('span');
  element.className = 'key';
  const dot = document.createElement('span');
  dot.className = 'dot';
  dot.style.background = `var(--${outcome === 'failed' ? 'bad' : outcome === 'succeeded' ? 'good' : 'lost'})`;
  element.append(dot, outcome);
  return element;
}
