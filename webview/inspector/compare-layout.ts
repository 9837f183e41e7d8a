import type { CompareLayout } from '../viewer/compare.ts';
import { el } from '../viewer/dom.ts';
import type { Viewer } from '../viewer/viewer.ts';

/** Two buttons: the compared run over this one, or beside it. */
export class CompareLayoutSwitch {
  readonly element: HTMLElement;
  readonly #buttons = new Map<CompareLayout, HTMLButtonElement>();
  readonly #viewer: () => Viewer;

  constructor(viewer: () => Viewer) {
    this.#viewer = viewer;
    const button = (layout: CompareLayout, text: string, title: string): HTMLButtonElement => {
      const node = el('button', { type: 'button', title }, text);
      node.addEventListener('click', () => void viewer().setCompareLayout(layout));
      this.#buttons.set(layout, node);
      return node;
    };
    this.element = el(
      'div',
      { class: 'group switch', role: 'group', 'aria-label': 'How the runs are shown' },
      button('overlay', 'Overlay', 'Over each other (Shift+X)'),
      button('side', 'Side by Side', 'Side by side, one camera and one clock (Shift+X)'),
    );
  }

  /** Shows what the viewer is set to. */
  update(): void {
    for (const [layout, node] of this.#buttons)
      node.setAttribute('aria-pressed', String(this.#viewer().compareLayout === layout));
  }
}
