import type { Difference } from '../../src/core/viewer-messages.ts';
import { el } from '../viewer/dom.ts';

/** What differs between two runs: what the host knows of them, and what their scenes show besides. */
export function mergeDifferences(facts: readonly Difference[], shown: readonly Difference[]): Difference[] {
  const names = new Set(facts.map(({ name }) => name.toLowerCase()));
  return [...facts, ...shown.filter(({ name }) => !names.has(name.toLowerCase()))];
}

/** A table of the rows that differ, and one line of those that do not. */
export function differenceList(left: string, right: string, rows: readonly Difference[]): HTMLElement[] {
  const different = rows.filter((row) => row.left !== row.right);
  const same = rows.filter((row) => row.left === row.right).map(({ name }) => name.toLowerCase());
  const parts: HTMLElement[] = [];
  if (different.length === 0) parts.push(el('p', {}, 'Nothing differs.'));
  else {
    const head = ['', left, right].map((text) => el('th', { scope: 'col' }, text));
    const body = different.map((row) =>
      el('tr', {}, el('th', { scope: 'row' }, row.name), el('td', {}, row.left), el('td', {}, row.right)),
    );
    parts.push(el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)));
  }
  if (same.length > 0 && different.length > 0) parts.push(el('p', {}, `Same: ${same.join(', ')}.`));
  return parts;
}
