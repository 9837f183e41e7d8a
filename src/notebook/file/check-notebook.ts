import type { Finding, NotebookCell, NotebookDocument } from './document.ts';
import { checkBody } from './cell-bodies.ts';
import { checkParameters } from './check-parameters.ts';
import { NO_PARAMS } from './parameters.ts';
import { readWithFindings } from './read-notebook.ts';
import { pendingPlans, referenceRules, referencesOf } from '../graph/references.ts';

/** Attributes beside references that some kind reads. */
const OTHER_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = { waypoints: ['planned'] };

/**
 * Everything that is wrong or doubtful in a notebook: format, parameters, bodies by schema, references; sorted by line. Throws a
 * WaybookError `input/format` or `input/limit` for a file that cannot be read as a notebook at all.
 */
export function checkNotebook(source: string | Uint8Array, fileName: string): Finding[] {
  const { document, findings } = readWithFindings(source, fileName);
  const params = document.frontMatter.params ?? NO_PARAMS;
  return [
    ...findings,
    ...checkParameters(document),
    ...document.cells.flatMap((cell) => checkBody(cell, params)),
    ...checkReferences(document),
  ].sort((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0));
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
  const names = listOf([...first.keys()]);
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
  findings.push(...cycles(first));
  return findings;
}

/** A few of the ids there are: the message is for reading. */
function listOf(ids: readonly string[]): string {
  const shown = ids.slice(0, 12).map((id) => `#${id}`);
  return ids.length > shown.length
    ? `${shown.join(', ')} and ${ids.length - shown.length} more`
    : shown.join(', ');
}

/** Cells that depend on themselves: possible only where a reference also names the wrong kind, but worth its own word. */
function cycles(byId: ReadonlyMap<string, { readonly cell: NotebookCell }>): Finding[] {
  // Cells whose references all resolve without themselves are taken away; what is left leads into a circle.
  const left = new Map(
    [...byId].map(([id, { cell }]) => [id, referencesOf(cell).map((reference) => reference.id)]),
  );
  const users = new Map<string, string[]>();
  for (const [id, targets] of left)
    for (const target of targets) users.set(target, [...(users.get(target) ?? []), id]);
  const waiting = new Map(
    [...left].map(([id, targets]) => [id, targets.filter((target) => left.has(target)).length]),
  );
  const free = [...waiting].filter(([, n]) => n === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id);
    for (const user of users.get(id) ?? []) {
      const n = (waiting.get(user) ?? 0) - 1;
      waiting.set(user, n);
      if (n === 0) free.push(user);
    }
  }
  const findings: Finding[] = [];
  const told = new Set<string>();
  for (const start of left.keys()) {
    const path: string[] = [];
    let id: string | undefined = start;
    while (id !== undefined && !path.includes(id) && !told.has(id)) {
      path.push(id);
      id = left.get(id)?.find((target) => left.has(target));
    }
    const loop = id === undefined ? -1 : path.indexOf(id);
    const cell = id === undefined ? undefined : byId.get(id)?.cell;
    path.forEach((visited) => told.add(visited));
    if (loop < 0 || !cell) continue;
    const round = [...path.slice(loop), path[loop]].map((name) => `#${name}`).join(' → ');
    findings.push(finding(cell, 'error', 'cycle', `References go round in a circle: ${round}.`));
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
