import type * as vscode from 'vscode';
import type { Runs } from '../kernel/runs.ts';
import type { Sessions } from '../session/sessions.ts';
import { detach, type Log } from '../support/log.ts';
import type { ApprovalPanels } from './approval-panel.ts';

/** Asks a person wherever a run wants an approval; the panel's code is loaded with the first. */
export class Approvals implements vscode.Disposable {
  private loading: Promise<ApprovalPanels> | undefined;
  private panels: ApprovalPanels | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly dist: vscode.Uri,
    private readonly storage: vscode.Uri,
    private readonly runs: Runs,
    private readonly sessions: Sessions,
    log: Log,
  ) {
    this.subscription = runs.onEvent(({ run, event }) => {
      if (event.kind !== 'approval') return;
      detach(
        log,
        'Approval',
        this.load().then((panels) => {
          // Loading takes a moment, in which the run may have been stopped.
          if (this.runs.all().includes(run)) panels.ask(run, event.request);
        }),
      );
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.panels?.dispose();
  }

  private async load(): Promise<ApprovalPanels> {
    this.loading ??= import('./approval-panel.ts').then(
      ({ ApprovalPanels }) => new ApprovalPanels(this.dist, this.storage, this.runs, this.sessions),
    );
    this.panels = await this.loading;
    return this.panels;
  }
}
