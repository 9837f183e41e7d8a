import type { Vec3 } from '../../src/core/geometry.ts';
import type { Difference } from '../../src/core/viewer-messages.ts';
import { el, replaceKeepingFocus } from '../viewer/dom.ts';
import { inFrame } from '../viewer/frames.ts';
import type { NamedFrame } from '../viewer/frames.ts';
import type { Bounds } from '../viewer/layers/layer.ts';
import { iconButton } from '../viewer/icon-button.ts';
import { twoDigits } from '../viewer/path-values.ts';
import type { Pick } from '../viewer/tools/pick.ts';
import { measureText } from '../viewer/tools/measure.ts';
import type { Measure } from '../viewer/tools/measure.ts';
import { differenceList } from './difference-list.ts';

type Row = readonly [string, string];

/** Read-out of what was picked and measured, and of what differs between two runs. */
export class ReadoutPanel {
  readonly element = el('div', {
    class: 'panel-side readout',
    role: 'complementary',
    'aria-label': 'Read-out',
    'aria-live': 'polite',
  });
  readonly #clearMeasure: () => void;
  readonly #setCrop: (box: Bounds) => void;
  #crop: Bounds | undefined;
  #frames: readonly NamedFrame[] = [];
  #frame = 'base';
  readonly #copy: (text: string) => void;
  readonly #below: HTMLElement;
  readonly #layout: HTMLElement;
  #pick: Pick | undefined;
  #measure: Measure | undefined;
  #compared:
    { readonly left: string; readonly right: string; readonly rows: readonly Difference[] } | undefined;

  /** `below`: what stands under the read-out whatever it says; `layout`: over the list of what differs */
  constructor(
    actions: { clearMeasure(): void; copy(text: string): void; setCrop(box: Bounds): void },
    { below, layout }: { readonly below: HTMLElement; readonly layout: HTMLElement },
  ) {
    this.#below = below;
    this.#layout = layout;
    this.#setCrop = (box) => actions.setCrop(box);
    this.#clearMeasure = () => actions.clearMeasure();
    this.#copy = (text) => actions.copy(text);
    this.#render();
  }

  setPick(pick: Pick | undefined): void {
    this.#pick = pick;
    this.#render();
  }

  setMeasure(measure: Measure | undefined): void {
    this.#measure = measure;
    this.#render();
  }

  /** Frames that positions can be read in; the one chosen stays chosen where it is still there. */
  setFrames(frames: readonly NamedFrame[]): void {
    const names = (list: readonly NamedFrame[]): string => JSON.stringify(list);
    if (names(frames) === names(this.#frames)) return;
    this.#frames = frames;
    this.#frame = frames.some(({ name }) => name === this.#frame) ? this.#frame : 'base';
    this.#render();
  }

  setCrop(box: Bounds | undefined): void {
    const isSame = this.#crop !== undefined && box !== undefined;
    this.#crop = box;
    // While its sides are typed the inputs stay as they are.
    if (!isSame) this.#render();
  }

  setCompared(left: string, right: string, rows: readonly Difference[] | undefined): void {
    this.#compared = rows && { left, right, rows };
    this.#render();
  }

  #render(): void {
    const parts: HTMLElement[] = [];
    const pick = this.#pick;
    if (pick) {
      const frame = this.#frames.find(({ name }) => name === this.#frame);
      const place: Row = [
        `Position, ${frame?.name ?? 'base'}`,
        `${vec(frame ? inFrame(frame, pick.position) : pick.position)} m`,
      ];
      const rows = pick.kind === 'sample' ? sampleRows(pick, place) : pointRows(pick, place);
      parts.push(
        section(
          pick.kind === 'sample' ? 'Picked sample' : 'Picked point',
          [list(rows), ...this.#frameChoice()],
          iconButton('copy', 'Copy values', () =>
            this.#copy(rows.map(([name, value]) => `${name}\t${value}`).join('\n')),
          ),
        ),
      );
    } else {
      parts.push(section('Read-out', [el('p', {}, 'Press P and click the path or a point.')]));
    }
    if (this.#measure) {
      const { length, along } = measureText(this.#measure);
      parts.push(
        section(
          'Measure',
          [
            list([
              ['Distance', length],
              ['Along x, y, z', along],
            ]),
          ],
          iconButton('trash', 'Clear measure', this.#clearMeasure),
        ),
      );
    }
    if (this.#crop) parts.push(section('Crop', [this.#cropSides(this.#crop)]));
    if (this.#compared) {
      const { left, right, rows } = this.#compared;
      parts.push(
        section(`${left} compared with ${right}`, [this.#layout, ...differenceList(left, right, rows)]),
      );
    }
    replaceKeepingFocus(this.element, [...parts, this.#below]);
  }

  /** Which frame positions are read in, where there is more than base. */
  #frameChoice(): HTMLElement[] {
    if (this.#frames.length < 2) return [];
    const select = el('select', { 'aria-label': 'Frame of positions' });
    select.append(...this.#frames.map(({ name }) => el('option', { value: name }, name)));
    select.value = this.#frame;
    select.addEventListener('change', () => {
      this.#frame = select.value;
      this.#render();
    });
    return [el('dl', {}, el('dt', {}, 'Frame'), el('dd', {}, select))];
  }

  /** Six numbers in metres, applied as they are typed. */
  #cropSides(box: Bounds): HTMLElement {
    const sides = {
      min: [...box.min] as [number, number, number],
      max: [...box.max] as [number, number, number],
    };
    const input = (side: 'min' | 'max', axis: 0 | 1 | 2): HTMLElement => {
      const name = `${'XYZ'[axis] ?? ''} ${side === 'min' ? 'from' : 'to'}`;
      const field = el('input', {
        type: 'number',
        step: 0.01,
        value: sides[side][axis].toFixed(3),
        'aria-label': `${name}, m`,
      });
      field.addEventListener('input', () => {
        if (!Number.isFinite(field.valueAsNumber)) return;
        sides[side][axis] = field.valueAsNumber;
        this.#setCrop({ min: [...sides.min], max: [...sides.max] });
      });
      return field;
    };
    const row = (axis: 0 | 1 | 2): HTMLElement[] => [
      el('dt', {}, `${'XYZ'[axis] ?? ''}, m`),
      el('dd', {}, input('min', axis), ' to ', input('max', axis)),
    ];
    return el('dl', {}, ...row(0), ...row(1), ...row(2));
  }
}

function sampleRows(pick: Extract<Pick, { kind: 'sample' }>, place: Row): Row[] {
  return [
    ['Sample', `${pick.index} of ${pick.count}`],
    ['Time', `${pick.time.toFixed(3)} s`],
    place,
    ['Tool speed', `${twoDigits(pick.speed)} m/s`],
    ...(pick.clearance === undefined
      ? []
      : [['Clearance', `${twoDigits(pick.clearance * 1000)} mm`] as const]),
    ...(pick.deviation === undefined ? [] : [['Delta', `${twoDigits(pick.deviation * 1000)} mm`] as const]),
    ['Path', pick.label],
  ];
}

function pointRows(pick: Extract<Pick, { kind: 'point' }>, place: Row): Row[] {
  return [
    ['Point', pick.index.toLocaleString('en-US')],
    place,
    ...(pick.toPath === undefined
      ? []
      : [['Distance to path', `${twoDigits(pick.toPath * 1000)} mm`] as const]),
    ...(pick.color ? [['RGB', pick.color.join(', ')] as const] : []),
    ...Object.entries(pick.fields).map(([name, value]): Row => [name, twoDigits(value)]),
  ];
}

const vec = (v: Vec3): string => v.map((x) => x.toFixed(3)).join(', ');

const list = (rows: readonly Row[]): HTMLElement =>
  el('dl', {}, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));

const section = (title: string, body: readonly HTMLElement[], action?: HTMLElement): HTMLElement =>
  el('section', {}, el('h2', {}, el('span', {}, title), action), ...body);
