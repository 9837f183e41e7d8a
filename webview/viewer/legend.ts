import { el } from './dom.ts';
import type { LegendEntry } from './layers/layer.ts';

/** Draws entries, one per key: two layers of the same meaning share a line. */
export function renderLegend(container: HTMLElement, entries: readonly LegendEntry[]): void {
  const seen = new Set<string>();
  const rows: HTMLElement[] = [];
  for (const entry of entries) {
    if (seen.has(entry.key)) continue;
    seen.add(entry.key);
    rows.push(el('div', { class: 'legend-row' }, swatch(entry), el('span', {}, entry.text)));
  }
  container.replaceChildren(...rows);
  container.hidden = rows.length === 0;
}

/** A picture of the thing itself, since colour alone must not carry meaning. */
export function swatch(entry: Pick<LegendEntry, 'swatch'>): HTMLElement {
  const { swatch: form } = entry;
  const node = el('span', { class: `swatch ${form.kind}`, 'aria-hidden': 'true' });
  switch (form.kind) {
    case 'ramp':
      node.style.background = form.gradient;
      break;
    case 'line':
      node.style.color = form.color;
      node.classList.toggle('dotted', form.dotted === true);
      break;
    case 'tube':
    case 'ring':
    case 'corners':
    case 'refused':
      node.style.color = form.color;
      break;
  }
  return node;
}
