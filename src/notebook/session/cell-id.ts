import { WaybookError } from '../../core/errors.ts';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';

/** Id of a runnable cell. Sessions only see documents in which every runnable cell has one. */
export function cellId(cell: NotebookCell): string {
  if (cell.id === undefined) {
    throw new WaybookError('input/reference', `The ${cell.kind} cell has no id.`, {
      place: { line: cell.line },
      hint: 'Write {#name} after its kind.',
    });
  }
  return cell.id;
}

/** The cell with that id; throws `input/reference` where there is none. */
export function cellById(document: NotebookDocument, id: string, from?: NotebookCell): NotebookCell {
  const cell = document.cells.find((candidate) => candidate.id === id);
  if (cell) return cell;
  const known = document.cells.flatMap((candidate) =>
    candidate.id === undefined ? [] : [`#${candidate.id}`],
  );
  throw new WaybookError('input/reference', `There is no cell #${id}.`, {
    place: { ...(from ? { line: from.line } : {}), ...(from?.id === undefined ? {} : { cell: from.id }) },
    hint: `The notebook has ${known.join(', ') || 'no cell with an id'}.`,
  });
}
