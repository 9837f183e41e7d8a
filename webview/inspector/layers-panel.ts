import { el, replaceKeepingFocus } from '../viewer/dom.ts';
import { icon } from '../viewer/icons.ts';
import { layerRow } from '../viewer/layer-menu.ts';
import type { LayerView } from '../viewer/layers/layer.ts';
import type { LoadedScene } from '../viewer/scene-data.ts';
import type { Viewer } from '../viewer/viewer.ts';

/** The tree of layers, grouped by what made them. */
export class LayersPanel {
  readonly element: HTMLElement;
  readonly #body = el('div', { role: 'group', 'aria-label': 'Layers' });
  readonly #closed = new Set<string>();

  constructor() {
    this.element = el('div', { class: 'panel-side layers' }, el('h2', {}, 'Layers'), this.#body);
  }

  update(viewer: Viewer): void {
    const groups = new Map<string, LayerView[]>();
    for (const layer of viewer.view.layers.values()) {
      const name = groupOf(layer);
      groups.set(name, [...(groups.get(name) ?? []), layer]);
    }
    replaceKeepingFocus(
      this.#body,
      GROUPS.flatMap((name) => {
        const layers = groups.get(name);
        if (!layers) return [];
        const cell = layers.map(({ data }) => data.cell).find((id) => id && hasMade(viewer.loaded, name, id));
        return [this.#group(name, cell === undefined ? name : `${name} #${cell}`, layers, viewer)];
      }),
    );
  }

  #group(name: string, title: string, layers: readonly LayerView[], viewer: Viewer): HTMLElement {
    const visible = layers.map((layer) => viewer.view.isLayerVisible(layer.data.id));
    const all = el('input', { type: 'checkbox', 'aria-label': `${name}, all layers` });
    all.checked = visible.every(Boolean);
    all.indeterminate = !all.checked && visible.some(Boolean);
    all.addEventListener('change', () => {
      for (const layer of layers) viewer.setLayerVisible(layer.data.id, all.checked);
    });
    const isOpen = (): boolean => !this.#closed.has(name);
    const twisty = el('button', {
      type: 'button',
      class: 'twisty',
      'aria-label': `Layers of ${name}`,
      'aria-expanded': String(isOpen()),
    });
    twisty.append(icon('chevron-right'));
    const group = el(
      'div',
      { class: `tree-group${isOpen() ? '' : ' closed'}`, role: 'group', 'aria-label': title },
      el('div', { class: 'layer-row' }, twisty, all, el('span', {}, title)),
      el(
        'div',
        { class: 'tree-children' },
        ...layers.map((layer, i) =>
          layerRow(layer, visible[i] ?? true, (id, shown) => viewer.setLayerVisible(id, shown)),
        ),
      ),
    );
    twisty.addEventListener('click', () => {
      if (!this.#closed.delete(name)) this.#closed.add(name);
      group.classList.toggle('closed', !isOpen());
      twisty.setAttribute('aria-expanded', String(isOpen()));
    });
    return group;
  }
}

const GROUPS = ['Capture', 'Plan', 'Refined', 'Executed', 'Robot'] as const;
type Group = (typeof GROUPS)[number];

/** Kinds of scenes whose cell makes what is in a group. */
const MADE_BY: Readonly<Record<Group, readonly LoadedScene['kind'][]>> = {
  Capture: ['capture'],
  Plan: ['refined', 'plan'],
  Refined: ['refined'],
  Executed: ['executed'],
  Robot: [],
};

/** A scene also holds what its cell merely rests on, which does not have the cell's name. */
const hasMade = (scenes: readonly LoadedScene[], name: Group, cell: string): boolean =>
  scenes.every((scene) => scene.cell !== cell || MADE_BY[name].includes(scene.kind));

function groupOf({ data }: LayerView): Group {
  switch (data.kind) {
    case 'cloud':
    case 'camera':
      return 'Capture';
    case 'boxes':
      if (data.boxes.every((box) => box.role === 'workspace')) return 'Robot';
      return data.boxes.some((box) => box.role === 'target' || box.role === 'held') ? 'Plan' : 'Capture';
    case 'waypoints':
      return 'Plan';
    case 'trajectory':
      return data.role === 'refined' ? 'Refined' : 'Executed';
    case 'robot':
    case 'urdf':
    case 'frames':
      return 'Robot';
  }
}
