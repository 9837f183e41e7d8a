import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type {
  HostToSidebar,
  SidebarChoice,
  SidebarState,
  SidebarToHost,
} from '../../src/core/sidebar-messages.ts';
import { element } from '../viewer/dom.ts';
import css from './sidebar.css';

declare function acquireVsCodeApi(): { postMessage(message: SidebarToHost): void };

interface FormControl extends HTMLElement {
  value: string;
  disabled: boolean;
}

const host = acquireVsCodeApi();
const post = (message: SidebarToHost): void => host.postMessage(message);

const style = document.createElement('style');
style.textContent = css;
document.head.append(style);

const LINK_ICONS: Record<SidebarState['link']['state'], string> = {
  ok: '<circle cx="8" cy="8" r="6.500" fill="currentColor"/><path d="m5 8 2.200 2.200L11 6.300" fill="none" stroke="var(--vscode-sideBar-background)" stroke-width="1.500"/>',
  busy: '<circle cx="8" cy="8" r="5.500" fill="none" stroke="currentColor" stroke-width="1.500" stroke-dasharray="3 2"/>',
  off: '<circle cx="8" cy="8" r="5.500" fill="none" stroke="currentColor" stroke-width="1.500"/>',
  fault:
    '<circle cx="8" cy="8" r="5.500" fill="none" stroke="currentColor" stroke-width="1.500"/><path d="m6 6 4 4m0-4-4 4" stroke="currentColor" stroke-width="1.500"/>',
};

function row(label: string, content: HTMLElement): HTMLElement {
  const made = element('div', 'row');
  const caption = element('span', 'label', label);
  content.setAttribute('aria-label', label);
  made.append(caption, content);
  return made;
}

function select(
  choices: readonly SidebarChoice[],
  value: string,
  disabled: boolean,
  changed: (id: string) => void,
): HTMLElement {
  const made = document.createElement('vscode-single-select') as unknown as FormControl;
  for (const { id, label } of choices) {
    const option = document.createElement('vscode-option');
    option.setAttribute('value', id);
    if (id === value) option.setAttribute('selected', '');
    option.textContent = label;
    made.append(option);
  }
  if (disabled) made.setAttribute('disabled', '');
  made.addEventListener('change', () => changed(made.value));
  return made;
}

function button(label: string, disabled: boolean, pressed: () => void): HTMLElement {
  const made = document.createElement('vscode-button');
  made.setAttribute('secondary', '');
  if (disabled) made.setAttribute('disabled', '');
  made.textContent = label;
  made.addEventListener('click', pressed);
  return made;
}

function render(state: SidebarState): void {
  const { words } = state;
  const word = (key: string): string => words[key] ?? key;
  const locked = state.running || !state.trusted;
  const root = document.createElement('main');
  root.append(
    row(
      word('target'),
      select(state.targets, state.target, locked, (id) => post({ type: 'target', id })),
    ),
  );

  const link = element('div', 'link');
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.setAttribute('class', state.link.state);
  icon.setAttribute('aria-hidden', 'true');
  icon.innerHTML = LINK_ICONS[state.link.state];
  const linkText = element('span', '', state.link.text);
  linkText.title = state.link.text;
  link.append(icon, linkText);
  root.append(row(word('link'), link));
  root.append(
    row(
      word('planner'),
      select(state.planners, state.planner, locked, (id) => post({ type: 'planner', id })),
    ),
  );
  root.append(
    row(
      word('refiner'),
      select(state.refiners, state.refiner, locked, (id) => post({ type: 'refiner', id })),
    ),
  );

  if (state.simulator && state.notebook !== undefined) {
    const { scene, seed, scenes } = state.simulator;
    root.append(element('h2', '', word('sceneTitle')));
    root.append(
      row(
        word('scene'),
        select(scenes, scene, locked, (id) => post({ type: 'scene', scene: id, seed })),
      ),
    );
    const field = document.createElement('vscode-textfield') as unknown as FormControl;
    field.setAttribute('type', 'number');
    field.setAttribute('min', '0');
    field.setAttribute('value', String(seed));
    if (locked) field.setAttribute('disabled', '');
    field.addEventListener('change', () => {
      const next = Number(field.value);
      if (Number.isSafeInteger(next) && next >= 0) post({ type: 'scene', scene, seed: next });
      else field.value = String(seed);
    });
    const seedRow = element('div', 'seed');
    seedRow.append(
      field,
      button(word('reset'), locked, () => post({ type: 'reset' })),
    );
    root.append(row(word('seed'), seedRow));
  }
  if (!state.trusted) root.append(element('p', 'note', word('untrusted')));
  else if (state.notebook === undefined) root.append(element('p', 'note', word('noNotebook')));
  document.body.replaceChildren(root);
}

let shown = '';
window.addEventListener('message', ({ data }: MessageEvent<HostToSidebar>) => {
  // Rebuilding closes an open drop-down: only when something really changed.
  const text = JSON.stringify(data.state);
  if (text === shown) return;
  shown = text;
  render(data.state);
});
post({ type: 'ready' });
