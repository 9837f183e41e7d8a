import { el, replaceKeepingFocus } from './dom.ts';
import { swatch } from './legend.ts';
import type { LayerView } from './layers/layer.ts';

/** The list of layers with check boxes, as a pop-up over the view. */
export class LayerMenu {
  readonly element = el('div', { class: 'panel', role: 'group', 'aria-label': 'Layers', hidden: true });
  readonly #toggled: (id: string, visible: boolean) => void;

  constructor(toggled: (id: string, visible: boolean) => void) {
    this.#toggled = toggled;
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  toggle(): void {
    this.element.hidden = !this.element.hidden;
    if (this.isOpen) this.element.querySelector('input')?.focus();
  }

  setLayers(layers: readonly LayerView[], isVisible: (id: string) => boolean): void {
    replaceKeepingFocus(
      this.element,
      layers.map((layer) => layerRow(layer, isVisible(layer.data.id), this.#toggled)),
    );
  }
}

/** One layer: check box, the form it has in the picture, its name and how much there is of it. */
export function layerRow(
  layer: LayerView,
  visible: boolean,
  toggled: (id: string, visible: boolean) => void,
): HTMLElement {
  const box = el('input', { type: 'checkbox' });
  box.checked = visible;
  box.addEventListener('change', () => toggled(layer.data.id, box.checked));
  const [entry] = layer.legend?.() ?? [];
  return el(
    'label',
    { class: 'layer-row' },
    box,
    entry && swatch(entry),
    el('span', {}, layer.data.label),
    el('span', { class: 'detail' }, layer.detail()),
  );
}
