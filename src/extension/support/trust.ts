import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';

/**
 * Why cells of a notebook must not run, or undefined. Checked where a run starts, so that no command, key, tool or
 * other extension gets round it.
 */
export function whyNotRun(notebook?: vscode.NotebookDocument): WaybookError | undefined {
  if (!vscode.workspace.isTrusted) {
    return new WaybookError(
      'input/usage',
      vscode.l10n.t(
        'Cells do not run in Restricted Mode: planning may use the network, and running moves a robot.',
      ),
      {
        hint: vscode.l10n.t('Trust this workspace to run them.'),
      },
    );
  }
  if (notebook && !notebook.isUntitled && notebook.uri.scheme !== 'file') {
    return new WaybookError(
      'input/usage',
      vscode.l10n.t('Cells of a notebook that is on no disk of this machine do not run.'),
      {
        hint: vscode.l10n.t('Save a copy to a folder on this machine.'),
      },
    );
  }
  return undefined;
}
