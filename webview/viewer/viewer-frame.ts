import { el } from './dom.ts';
import { iconButton } from './icon-button.ts';
import type { ViewCommand } from './keyboard.ts';
import type { Palette } from './theme.ts';
import type { ViewerHost } from './viewer-host.ts';
import layerMenuStyle from './layer-menu.css';
import overlayStyle from './overlays.css';
import tableStyle from './table-view.css';
import timeBarStyle from './time/time-bar.css';
import frameStyle from './viewer.css';

/** In this order: later ones add to earlier ones. */
const STYLES = [frameStyle, overlayStyle, timeBarStyle, layerMenuStyle, tableStyle];

/** What stands round the pictures: a shadow root of its own, the host's panels, buttons, a line of words, the plots' place. */
export class ViewerFrame {
  readonly shadow: ShadowRoot;
  readonly root: HTMLElement;
  readonly aside = el('aside', { class: 'aside', 'aria-label': 'Plots', hidden: true });
  readonly message = el('div', { class: 'message', hidden: true, role: 'status' });
  readonly tools: HTMLElement;
  readonly #box = el('div', { class: 'waybook-viewer' });
  readonly #panes = el('div', { class: 'panes' });
  readonly #picture: HTMLElement;

  /** `run` carries out what the buttons over the picture ask. */
  constructor(host: ViewerHost, run: (command: ViewCommand) => void) {
    // A box of our own: not every element may have a shadow root.
    this.#box.style.cssText = 'position:absolute;inset:0';
    if (getComputedStyle(host.element).position === 'static') host.element.style.position = 'relative';
    host.element.append(this.#box);
    this.shadow = this.#box.attachShadow({ mode: 'open' });
    this.shadow.adoptedStyleSheets = [...STYLES, host.style ?? ''].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    this.tools = el(
      'div',
      { class: 'tools' },
      iconButton('table', 'Show as table (T)', () => run({ kind: 'table' })),
      iconButton('layers', 'Layers (Y)', () => run({ kind: 'layers' })),
      iconButton('home', 'Fit (F)', () => run({ kind: 'fit' })),
      iconButton('screen-full', 'Full view', () => expand(host)),
    );
    this.#picture = el(
      'div',
      { class: 'picture' },
      host.panels?.top,
      el('div', { class: 'middle' }, host.panels?.left, this.#panes, host.panels?.right),
    );
    this.root = el(
      'div',
      { class: `viewer plots-${host.plots ?? 'side'} chrome-${host.chrome ?? 'full'}` },
      this.#picture,
      this.aside,
    );
    this.shadow.replaceChildren(this.root);
  }

  addPane(element: HTMLElement): void {
    this.#panes.append(element);
  }

  addTimeBar(element: HTMLElement): void {
    this.#picture.append(element);
  }

  /** One line over the picture, with a button where something can be done about it; nothing takes it away. */
  say(text: string, action?: { label: string; act: () => void }): void {
    this.message.hidden = text === '';
    const node = action && el('button', { type: 'button' }, action.label);
    node?.addEventListener('click', () => action?.act());
    this.message.replaceChildren(el('span', {}, text), ...(node ? [node] : []));
  }

  setPalette(palette: Palette): void {
    const { style: css } = this.root;
    css.setProperty('--wb-canvas', palette.canvas);
    css.setProperty('--wb-coarse', palette.coarse);
    css.setProperty('--wb-refused', palette.refused);
    // A button's background is the page's own in high contrast, where a checked box would have no edge.
    if (palette.scheme.startsWith('hc')) css.setProperty('--wb-check', palette.focus);
    else css.removeProperty('--wb-check');
    const isLight = palette.scheme.endsWith('light');
    css.setProperty('--wb-thumb', isLight ? '#1f1f1f' : '#ffffff');
    css.colorScheme = isLight ? 'light' : 'dark';
  }

  dispose(): void {
    this.#box.remove();
  }
}

function expand(host: ViewerHost): void {
  if (host.onExpand) host.onExpand();
  else if (document.fullscreenElement) void document.exitFullscreen();
  else void host.element.requestFullscreen?.();
}
