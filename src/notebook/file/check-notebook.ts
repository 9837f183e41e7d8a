import type { Finding, NotebookCell, NotebookDocument } from './document.ts';
import { checkBody } from './cell-bodies.ts';
import { readWithFindings } from './read-notebook.ts';
import { pendingPlans, referenceRules, referencesOf } from '../graph/references.ts';

/** Attributes beside references that some kind reads. */
const OTHER_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = { waypoints: ['planned'] };

/**
 * Everything that is wrong or doubtful in a notebook: format, bodies by schema, references; sorted by line. Throws a
 * WaybookError `input/format` or `input/limit` for a file that cannot be read as a notebook at all.
 */
export function checkNotebook(source: string | Uint8Array, fileName: string): Finding[] {
  const { document, findings } = readWithFindings(source, fileName);
  return [...findings, ...document.cells.flatMap(checkBody), ...checkReferences(document)].sort(
    (a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** Duplicate and missing ids; references that dangle, name the wrong kind, or point forwards. */
export function checkReferences(document: NotebookDocument): Finding[] {
  const findings: Finding[] = [];
  const first = new Map<string, { cell: NotebookCell; index: number }>();
  document.cells.forEach((cell, index) => {
    if (cell.kind === 'markdown') return;
    if (cell.id === undefined) {
      findings.push(finding(cell, 'warning', 'id', `This ${cell.kind} cell has no id: write {#name}.`));
      return;
    }
    const earlier = first.get(cell.id);
    if (!earlier) first.set(cell.id, { cell, index });
    else
      findings.push(
        finding(
          cell,
          'error',
          'id',
          `The id "${cell.id}" is already taken by the cell on line ${earlier.cell.line}.`,
        ),
      );
  });
  const pending = pendingPlans(document);
  const names = [...first.keys()].map((id) => `#${id}`).join(', ');
  document.cells.forEach((cell, index) => {
    for (const { attribute, id, target } of referencesOf(cell)) {
      const found = first.get(id);
      if (!found) {
        if (attribute === 'trajectory' && pending.has(id)) continue;
        const message = `${attribute}=${id} names a cell that does not exist. The notebook has ${names || 'no cell with an id'}.`;
        findings.push(finding(cell, 'error', 'reference', message));
      } else if (found.cell.kind !== target) {
        const message = `${attribute}=${id} must name a cell of kind ${target}; #${id} is of kind ${found.cell.kind}.`;
        findings.push(finding(cell, 'error', 'reference', message));
      } else if (found.index > index) {
        const message = `${attribute}=${id} names a cell further down, which Run All runs later.`;
        findings.push(finding(cell, 'warning', 'order', message));
      }
    }
    if (cell.kind === 'execute' && cell.attributes['trajectory'] === undefined) {
      findings.push(
        finding(cell, 'error', 'reference', 'An execute cell must name its waypoints cell: trajectory=ID.'),
      );
    }
    const known = [
      ...referenceRules(cell.kind).map((rule) => rule.attribute),
      ...(OTHER_ATTRIBUTES[cell.kind] ?? []),
    ];
    for (const key of Object.keys(cell.attributes).filter((name) => !known.some((k) => k === name))) {
      const message = `The attribute "${key}" is unknown on a ${cell.kind} cell; it is kept and has no effect.`;
      findings.push(finding(cell, 'warning', 'attribute', message));
    }
  });
  findings.push(...cycles(document, first));
  return findings;
}

/** Cells that depend on themselves: only possible where a reference also names the wrong kind, but worth its own word. */
function cycles(
  document: NotebookDocument,
  byId: ReadonlyMap<string, { readonly cell: NotebookCell }>,
): Finding[] {
  const findings: Finding[] = [];
  const done = new Set<string>();
  for (const start of document.cells) {
    const path: string[] = [];
    const walk = (at: NotebookCell): void => {
      if (at.id === undefined || done.has(at.id)) return;
      const loop = path.indexOf(at.id);
      if (loop >= 0) {
        const round = [...path.slice(loop), at.id].map((id) => `#${id}`).join(' → ');
        findings.push(finding(at, 'error', 'cycle', `References go round in a circle: ${round}.`));
        return;
      }
      path.push(at.id);
      for (const { id } of referencesOf(at)) {
        const next = byId.get(id)?.cell;
        if (next) walk(next);
      }
      path.pop();
      done.add(at.id);
    };
    walk(start);
  }
  return findings;
}

const finding = (
  cell: NotebookCell,
  severity: Finding['severity'],
  code: string,
  message: string,
): Finding => ({
  severity,
  code: `reference/${code}`,
  message,
  line: cell.line,
  ...(cell.id === undefined ? {} : { cell: cell.id }),
});
