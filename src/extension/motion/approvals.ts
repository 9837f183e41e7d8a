import * as vscode from 'vscode';
import type { ActiveRun, Runs } from '../kernel/runs.ts';
import type { Sessions } from '../session/sessions.ts';
import type { LinkStatuses } from '../status/robot-status.ts';
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
    private readonly links: LinkStatuses,
    private readonly log: Log,
  ) {
    this.subscription = runs.onEvent(({ run, event }) => {
      if (event.kind !== 'approval') return;
      if (this.links.get(run.target)?.state === 'monitoring') {
        this.refuseUnarmed(run, event.request.hash);
        return;
      }
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

  /** A person approves a motion that can happen: not one of a robot that is only watched. */
  private refuseUnarmed({ target }: ActiveRun, hash: string): void {
    const message = vscode.l10n.t('{0} is monitor only, so nothing moved.', target);
    const hint = vscode.l10n.t('Arm it first: Waybook: Arm Robot. Each motion is then asked for.');
    this.sessions.get(target).tell({ kind: 'refuse', hash, why: { message, hint } });
    const arm = vscode.l10n.t('Arm Robot');
    detach(
      this.log,
      'Approval',
      Promise.resolve(vscode.window.showWarningMessage(`${message} ${hint}`, arm)).then(async (picked) => {
        if (picked === arm) await vscode.commands.executeCommand('waybook.armRobot');
      }),
    );
  }

  private async load(): Promise<ApprovalPanels> {
    this.loading ??= import('./approval-panel.ts').then(
      ({ ApprovalPanels }) => new ApprovalPanels(this.dist, this.storage, this.runs, this.sessions),
    );
    this.panels = await this.loading;
    return this.panels;
  }
}
