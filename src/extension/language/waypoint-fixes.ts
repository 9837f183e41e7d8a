import * as vscode from 'vscode';
import { languageOfKind } from '../notebook/cell-data.ts';
import type { FailedCells } from './failed-cells.ts';
import { fixesFor } from './fix-proposals.ts';
import { cellOf } from './notebook-references.ts';
import { idOf } from '../notebook/cells.ts';

/** Light bulbs for refused waypoints: raise to clearance, bring within reach. */
export const registerWaypointFixes = (failed: FailedCells): vscode.Disposable =>
  vscode.languages.registerCodeActionsProvider(
    { language: languageOfKind('waypoints'), notebookType: 'waybook' },
    {
      provideCodeActions(document, _range, context) {
        const cell = cellOf(document);
        const id = cell && idOf(cell);
        const failure = cell && id !== undefined ? failed.get(cell.notebook, id) : undefined;
        const diagnostics = context.diagnostics.filter(({ source }) => source === 'waybook');
        if (!failure || diagnostics.length === 0) return [];
        return fixesFor(document.getText(), failure).map((fix) => {
          const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
          action.edit = new vscode.WorkspaceEdit();
          action.edit.replace(
            document.uri,
            new vscode.Range(document.positionAt(fix.start), document.positionAt(fix.end)),
            fix.text,
          );
          action.diagnostics = diagnostics;
          action.isPreferred = true;
          return action;
        });
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
