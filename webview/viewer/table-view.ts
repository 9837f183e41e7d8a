import { el } from './dom.ts';
import { twoDigits } from './path-values.ts';
import type { LayerData, TrajectoryData, WaypointsData } from './scene-data.ts';

/** The scene as tables, for screen readers and whoever prefers numbers; shares the view's selection. */
export class TableView {
  readonly element = el('div', {
    class: 'tables',
    hidden: true,
    tabindex: 0,
    role: 'region',
    'aria-label': 'Scene as tables',
  });
  readonly #select: (waypoint: number) => void;
  readonly #seek: (time: number) => void;
  #layers: readonly LayerData[] = [];
  #rows: HTMLElement[] = [];
  #selected = -1;

  constructor(select: (waypoint: number) => void, seek: (time: number) => void) {
    this.#select = select;
    this.#seek = seek;
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  toggle(): void {
    this.element.hidden = !this.element.hidden;
    if (this.isOpen) {
      this.#render();
      this.element.focus();
    }
  }

  setLayers(layers: readonly LayerData[]): void {
    this.#layers = layers;
    if (this.isOpen) this.#render();
  }

  setSelected(waypoint: number): void {
    this.#selected = waypoint;
    this.#rows.forEach((row, i) => row.setAttribute('aria-current', String(i === waypoint)));
  }

  #render(): void {
    const plan = this.#layers.find((l): l is WaypointsData => l.kind === 'waypoints');
    const path = this.#layers.find(
      (l): l is TrajectoryData => l.kind === 'trajectory' && l.role !== 'compared',
    );
    const parts: HTMLElement[] = [];
    this.#rows = [];
    if (plan) {
      this.#rows = plan.waypoints.map((w, i) =>
        row(
          [
            String(i + 1),
            w.label,
            w.position.map((v) => v.toFixed(3)).join(', '),
            `${Math.round(w.gripper * 100)} %`,
            `${Math.round(w.radius * 1000)}`,
          ],
          () => this.#select(i),
        ),
      );
      parts.push(table('Waypoints', ['#', 'Label', 'Position, m', 'Gripper', 'Radius, mm'], this.#rows));
    }
    if (path) {
      const events = path.events.map((e) => row([e.t.toFixed(2), e.label, e.kind], () => this.#seek(e.t)));
      parts.push(table('Events', ['Time, s', 'Event', 'Kind'], events));
      const refused = path.refused
        .slice(0, 100)
        .map((r) =>
          row(
            [
              String(r.sample),
              (path.times[r.sample] ?? 0).toFixed(2),
              r.limitName,
              `${twoDigits(r.value)} ${r.unit}`,
              `${twoDigits(r.limit)} ${r.unit}`,
            ],
            () => this.#seek(path.times[r.sample] ?? 0),
          ),
        );
      if (refused.length > 0)
        parts.push(table('Refused samples', ['Sample', 'Time, s', 'Limit', 'Value', 'Allowed'], refused));
      parts.push(this.#samples(path));
    }
    if (parts.length === 0) parts.push(el('p', {}, 'No waypoints, events or samples in this scene.'));
    this.element.replaceChildren(...parts);
    this.setSelected(this.#selected);
  }

  /** At most fifty rows, evenly spread: a table is read, not scrolled for ever. */
  #samples(path: TrajectoryData): HTMLElement {
    const step = Math.max(1, Math.ceil(path.count / 50));
    const rows: HTMLElement[] = [];
    for (let i = 0; i < path.count; i += step) {
      const position = [0, 1, 2].map((k) => (path.tool[7 * i + k] ?? 0).toFixed(3)).join(', ');
      const clearance = path.clearance
        ? `${twoDigits((path.clearance[i] ?? Number.NaN) * 1000)} mm`
        : 'unknown';
      const t = path.times[i] ?? 0;
      rows.push(
        row(
          [String(i), t.toFixed(2), position, `${Math.round((path.gripper[i] ?? 0) * 100)} %`, clearance],
          () => this.#seek(t),
        ),
      );
    }
    const caption =
      step === 1 ? `Samples, ${path.label}` : `Samples, ${path.label}: every ${step}th of ${path.count}`;
    return table(caption, ['Sample', 'Time, s', 'Position, m', 'Gripper', 'Clearance'], rows);
  }
}

function row(cells: readonly string[], act: () => void): HTMLElement {
  // A button is what the keyboard reaches and a screen reader names; the pointer has the whole row.
  const [first = '', ...rest] = cells;
  const name = el('button', { type: 'button', 'aria-label': cells.join(', ') }, first);
  const node = el('tr', {}, el('td', {}, name), ...rest.map((cell) => el('td', {}, cell)));
  node.addEventListener('click', act);
  return node;
}

const table = (caption: string, heads: readonly string[], rows: readonly HTMLElement[]): HTMLElement =>
  el(
    'table',
    {},
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, ...heads.map((h) => el('th', { scope: 'col' }, h)))),
    el('tbody', {}, ...rows),
  );
