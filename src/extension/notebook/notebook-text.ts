import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import { composeNotebook } from '../../notebook/file/compose.ts';
import type { FrontMatter, NotebookDocument } from '../../notebook/file/document.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { documentMetadata, toEditedCell, type PlainCell } from './cell-data.ts';

export const plainCell = (cell: vscode.NotebookCell): PlainCell => ({
  markup: cell.kind === vscode.NotebookCellKind.Markup,
  language: cell.document.languageId,
  text: cell.document.getText(),
  metadata: cell.metadata,
});

/** The file's text as the editor stands now. */
export function textOf(notebook: vscode.NotebookDocument): string {
  const { frontMatterRaw, eol } = documentMetadata(notebook.metadata);
  return composeNotebook({
    frontMatterRaw,
    eol,
    cells: notebook.getCells().map((cell) => toEditedCell(plainCell(cell))),
  });
}

/** What the editor's cells say as a document; throws where a body makes the text no notebook (a conflict marker). */
export const documentOf = (notebook: vscode.NotebookDocument): NotebookDocument =>
  readNotebook(textOf(notebook), nameOf(notebook));

export const nameOf = (notebook: vscode.NotebookDocument): string =>
  notebook.uri.path.split('/').at(-1) ?? '';

const parsed = new Map<string, FrontMatter>();

/** The front matter now. Broken front matter reads as empty here: the check reports it. */
export function frontMatterOf(notebook: vscode.NotebookDocument): FrontMatter {
  const { frontMatterRaw } = documentMetadata(notebook.metadata);
  const known = parsed.get(frontMatterRaw);
  if (known) return known;
  let found: FrontMatter = { waybook: 1, unknown: {} };
  try {
    found = readNotebook(frontMatterRaw, nameOf(notebook)).frontMatter;
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
  }
  // Typing in the form makes a new text each time; a few are enough to spare the parser.
  if (parsed.size > 32) parsed.clear();
  parsed.set(frontMatterRaw, found);
  return found;
}
