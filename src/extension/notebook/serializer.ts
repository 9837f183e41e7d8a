import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import { composeNotebook } from '../../notebook/file/compose.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import {
  documentMetadata,
  NEW_DOCUMENT,
  toDocumentMetadata,
  toEditedCell,
  toPlainCell,
  withDocument,
} from './cell-data.ts';
import { NOTEBOOK_TYPE } from './cells.ts';

/**
 * Between the bytes of a `*.waybook.md` file and VS Code's notebook. A file that cannot be read throws and opens as
 * text: an empty notebook in its place would be saved over it.
 */
export class TaskNotebookSerializer implements vscode.NotebookSerializer {
  deserializeNotebook(bytes: Uint8Array): vscode.NotebookData {
    // A new untitled notebook comes as no bytes.
    if (bytes.length === 0) {
      const data = new vscode.NotebookData([]);
      data.metadata = withDocument(undefined, NEW_DOCUMENT);
      return data;
    }
    try {
      const document = readNotebook(bytes, 'notebook');
      const data = new vscode.NotebookData(
        document.cells.map((cell) => {
          const { markup, language, text, metadata } = toPlainCell(cell);
          const kind = markup ? vscode.NotebookCellKind.Markup : vscode.NotebookCellKind.Code;
          return Object.assign(new vscode.NotebookCellData(kind, text, language), { metadata });
        }),
      );
      data.metadata = withDocument(undefined, toDocumentMetadata(document));
      return data;
    } catch (error) {
      throw error instanceof WaybookError ? readable(error) : error;
    }
  }

  serializeNotebook(data: vscode.NotebookData): Uint8Array {
    const { frontMatterRaw, eol } = documentMetadata(data.metadata);
    const cells = data.cells.map(({ kind, languageId, value, metadata }) =>
      toEditedCell({
        markup: kind === vscode.NotebookCellKind.Markup,
        language: languageId,
        text: value,
        metadata,
      }),
    );
    return new TextEncoder().encode(composeNotebook({ frontMatterRaw, eol, cells }));
  }
}

/** VS Code shows only the message, so the line belongs in it. */
function readable(error: WaybookError): WaybookError {
  const line = error.details.place?.line;
  const where = line === undefined ? '' : `${vscode.l10n.t('Line {0}', line)}: `;
  const hint = error.details.hint === undefined ? '' : ` ${error.details.hint}`;
  return new WaybookError(error.code, `${where}${error.message}${hint}`, error.details);
}

export const registerSerializer = (): vscode.Disposable =>
  vscode.workspace.registerNotebookSerializer(NOTEBOOK_TYPE, new TaskNotebookSerializer(), {
    transientOutputs: true,
  });
