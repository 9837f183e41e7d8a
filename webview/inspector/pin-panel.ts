import { el } from '../viewer/dom.ts';
import type { PinKind } from '../viewer/tools/pin-marker.ts';
import type { Viewer } from '../viewer/viewer.ts';

const KINDS: readonly (readonly [PinKind, string])[] = [
  ['thing', 'A thing or a place'],
  ['slides', 'A handle that is pulled along a line'],
  ['swings', 'A handle on a hinge'],
];

/** What kind of pin is made, and what to click next: there while the pin tool is in hand. */
export class PinPanel {
  readonly element = el('div', { class: 'pin-panel', hidden: true });
  readonly #kind = el('select', { 'aria-label': 'What is pinned' });
  readonly #next = el('p', { role: 'status' });

  constructor(viewer: () => Viewer) {
    for (const [kind, text] of KINDS) this.#kind.append(el('option', { value: kind }, text));
    this.#kind.addEventListener('change', () => {
      const found = KINDS.find(([kind]) => kind === this.#kind.value);
      if (found)
        void viewer()
          .tools()
          .then((tools) => tools.setPinKind(found[0]));
    });
    this.element.append(el('h2', {}, 'Pin a name'), this.#kind, this.#next);
  }

  setActive(active: boolean): void {
    this.element.hidden = !active;
  }

  setNext(kind: PinKind, next: string): void {
    this.#kind.value = kind;
    this.#next.textContent = next;
  }
}
