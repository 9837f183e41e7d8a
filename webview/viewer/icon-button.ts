import { el } from './dom.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';

/** A button that shows an icon alone; `label` is its name and its tooltip. */
export function iconButton(name: IconName, label: string, act: () => void): HTMLButtonElement {
  const node = el('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label });
  node.append(icon(name));
  node.addEventListener('click', act);
  return node;
}
