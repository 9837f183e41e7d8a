import * as vscode from 'vscode';
import { findCell } from '../notebook/cells.ts';
import type { PlanWritten } from './plan-writer.ts';

const SCHEME = 'waybook-plan';

/** Plans that were not written because a person had edited the cell: shown as a difference, taken only when asked. */
export class PlanProposals implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly bodies = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.bodies.get(uri.toString()) ?? '';
  }

  /** Asks without blocking the run, which goes on with the person's plan. */
  offer(notebook: vscode.NotebookDocument, event: PlanWritten, replace: () => Promise<void>): void {
    void this.ask(notebook, event, replace);
  }

  dispose(): void {
    this.registration.dispose();
  }

  private async ask(
    notebook: vscode.NotebookDocument,
    event: PlanWritten,
    replace: () => Promise<void>,
  ): Promise<void> {
    const compare = vscode.l10n.t('Compare');
    const take = vscode.l10n.t('Replace My Plan');
    const keep = vscode.l10n.t('Keep My Plan');
    let answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('The plan in #{0} was edited by hand, so planning again left it as it is.', event.cell),
      compare,
      take,
      keep,
    );
    if (answer === compare) {
      const shown = await this.compare(notebook, event);
      answer = await vscode.window.showWarningMessage(
        vscode.l10n.t('Replace the edited plan in #{0} by the new one on the right?', event.cell),
        take,
        keep,
      );
      if (shown) await this.close(shown);
    }
    if (answer === take) await replace();
  }

  /** Once it is answered, the difference has done its work. */
  private async close(proposed: vscode.Uri): Promise<void> {
    this.bodies.delete(proposed.toString());
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(
        ({ input }) =>
          input instanceof vscode.TabInputTextDiff && input.modified.toString() === proposed.toString(),
      );
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  }

  private async compare(
    notebook: vscode.NotebookDocument,
    event: PlanWritten,
  ): Promise<vscode.Uri | undefined> {
    const cell = findCell(notebook, event.cell);
    if (!cell) return undefined;
    const proposed = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${event.cell}.json`,
      query: notebook.uri.toString(),
    });
    this.bodies.set(proposed.toString(), event.body);
    await vscode.commands.executeCommand(
      'vscode.diff',
      cell.document.uri,
      proposed,
      vscode.l10n.t('#{0}: my plan and the new plan', event.cell),
    );
    return proposed;
  }
}
