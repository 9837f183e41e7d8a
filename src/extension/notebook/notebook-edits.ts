import * as vscode from 'vscode';

/**
 * Edits of notebooks, one after the other: VS Code refuses an edit whose document changed in the meantime, so each is
 * built from the notebook as it is when its turn comes.
 */
export class NotebookEdits {
  private tail: Promise<unknown> = Promise.resolve();

  /** `build` returns undefined where nothing is left to do. Resolves to false where VS Code refused twice. */
  apply(build: () => vscode.WorkspaceEdit | undefined): Promise<boolean> {
    const result = this.tail.then(async () => {
      for (let attempt = 0; attempt < 2; attempt++) {
        const edit = build();
        if (!edit) return true;
        if (await vscode.workspace.applyEdit(edit)) return true;
      }
      return false;
    });
    this.tail = result.catch(() => undefined);
    return result;
  }
}

/** The whole text of a document, for replacing it. */
export function wholeRange(document: vscode.TextDocument): vscode.Range {
  return new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
}
