import * as vscode from 'vscode';
import { RUNNABLE_LANGUAGES } from '../notebook/cell-data.ts';
import { NOTEBOOK_TYPE } from '../notebook/cells.ts';

/** Recorded clouds that are dropped on cells; what it takes to make a cell of one is loaded with the first drop. */
export const registerCaptureDrop = (): vscode.Disposable =>
  vscode.languages.registerDocumentDropEditProvider(
    [...RUNNABLE_LANGUAGES, 'markdown'].map((language) => ({ language, notebookType: NOTEBOOK_TYPE })),
    {
      async provideDocumentDropEdits(...dropped) {
        const { captureDropProvider } = await import('./capture-from-file.ts');
        return captureDropProvider.provideDocumentDropEdits(...dropped);
      },
    },
    { dropMimeTypes: ['text/uri-list'] },
  );
