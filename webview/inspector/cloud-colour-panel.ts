import { el } from '../viewer/dom.ts';
import { CLOUD_MAPS } from '../viewer/draw/color-map.ts';
import type { CloudMap } from '../viewer/draw/color-map.ts';
import type { CloudColor } from '../viewer/layers/cloud-layer.ts';
import type { Viewer } from '../viewer/viewer.ts';

type Scaled = Extract<CloudColor, { kind: 'height' | 'field' }>;

/** Map and range of a cloud that is coloured by a value; nothing while it has colours of its own. */
export class CloudColourPanel {
  readonly element: HTMLElement;
  readonly #viewer: () => Viewer;
  readonly #map = el('select', { 'aria-label': 'Colour map' });
  readonly #low = numberInput('Least value of the colour map');
  readonly #high = numberInput('Greatest value of the colour map');
  readonly #auto = el('button', { type: 'button', class: 'small-button' }, 'Own range');

  constructor(viewer: () => Viewer) {
    this.#viewer = viewer;
    this.#map.append(...CLOUD_MAPS.map(({ map, name }) => el('option', { value: map }, name)));
    this.#map.addEventListener('change', () => this.#apply({ map: this.#map.value as CloudMap }));
    for (const input of [this.#low, this.#high]) input.addEventListener('change', () => this.#applyRange());
    this.#auto.addEventListener('click', () => this.#apply({ range: undefined }));
    this.element = el(
      'section',
      { hidden: true },
      el('h2', {}, 'Cloud colour'),
      el(
        'dl',
        {},
        el('dt', {}, 'Map'),
        el('dd', {}, this.#map),
        el('dt', {}, 'Range'),
        el('dd', {}, this.#low, ' to ', this.#high),
        el('dt', {}),
        el('dd', {}, this.#auto),
      ),
    );
  }

  /** Shows what the viewer is set to. */
  update(): void {
    const { look } = this.#viewer();
    const color = scaledOf(look.cloudColor);
    this.element.hidden = color === undefined;
    const range = look.cloudRange;
    if (!color || !range) return;
    this.#map.value = color.map ?? (color.kind === 'field' ? 'cividis' : 'height');
    // What is being typed stays.
    const root = this.element.getRootNode();
    const active = root instanceof ShadowRoot ? root.activeElement : null;
    if (active !== this.#low) this.#low.value = String(Number(range[0].toPrecision(4)));
    if (active !== this.#high) this.#high.value = String(Number(range[1].toPrecision(4)));
    this.#auto.disabled = color.range === undefined;
  }

  #applyRange(): void {
    const [low, high] = [this.#low.valueAsNumber, this.#high.valueAsNumber];
    const isRange = Number.isFinite(low) && Number.isFinite(high) && low < high;
    for (const input of [this.#low, this.#high]) input.setAttribute('aria-invalid', String(!isRange));
    if (isRange) this.#apply({ range: [low, high] });
  }

  #apply(change: { map?: CloudMap; range?: readonly [number, number] | undefined }): void {
    const { look } = this.#viewer();
    const color = scaledOf(look.cloudColor);
    if (!color) return;
    const { range: before, ...rest } = color;
    const range = 'range' in change ? change.range : before;
    look.setCloudColor({
      ...rest,
      ...(change.map ? { map: change.map } : {}),
      ...(range ? { range } : {}),
    });
  }
}

const scaledOf = (color: CloudColor | undefined): Scaled | undefined =>
  color?.kind === 'height' || color?.kind === 'field' ? color : undefined;

const numberInput = (label: string): HTMLInputElement =>
  el('input', { type: 'number', step: 'any', 'aria-label': label });
