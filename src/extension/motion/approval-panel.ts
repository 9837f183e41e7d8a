import * as vscode from 'vscode';
import type {
  ApprovalRow,
  ApprovalToHost,
  ApprovalView,
  HostToApproval,
} from '../../core/approval-messages.ts';
import type { ApprovalRequest } from '../../notebook/session/session-api.ts';
import { attributesOf, findCell, runnableCells, runnableKindOf } from '../notebook/cells.ts';
import type { Scene } from '../../core/scene.ts';
import { runsFolderName } from '../notebook/runs-location.ts';
import { sceneOf } from '../outputs/cell-output.ts';
import type { ActiveRun, Runs } from '../kernel/runs.ts';
import type { Sessions } from '../session/sessions.ts';
import { webviewPage } from '../support/webview-page.ts';

/** An approval not given in this time lapses: what the robot sees may have changed. */
const VALID_SECONDS = 60;

/**
 * Asks before a real robot moves: an editor tab in a modal look, which never covers the status bar. It is bound to
 * the hash of the request; when that changes, it closes and says why.
 */
export class ApprovalPanels implements vscode.Disposable {
  private panel:
    { readonly panel: vscode.WebviewPanel; readonly request: ApprovalRequest; answered: boolean } | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly dist: vscode.Uri,
    private readonly storage: vscode.Uri,
    runs: Runs,
    private readonly sessions: Sessions,
  ) {
    this.subscriptions = [
      runs.onDidEnd(() => this.close(vscode.l10n.t('The run ended before it was approved. Nothing moved.'))),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.close();
  }

  ask(run: ActiveRun, request: ApprovalRequest): void {
    if (this.panel && this.panel.request.hash !== request.hash)
      this.close(vscode.l10n.t('What was to be approved has changed. Look at it again.'));
    const panel = vscode.window.createWebviewPanel(
      'waybook.approval',
      vscode.l10n.t('Approve motion: {0}', request.robot),
      vscode.ViewColumn.Active,
      {
        enableScripts: true,
        localResourceRoots: [this.dist, this.storage, vscode.Uri.joinPath(run.notebook.uri, '..')],
        retainContextWhenHidden: true,
      },
    );
    const state = { panel, request, answered: false };
    this.panel = state;
    const answer = (granted: boolean): void => {
      if (state.answered) return;
      state.answered = true;
      clearTimeout(timer);
      this.sessions.get(run.target).tell({ kind: granted ? 'approve' : 'refuse', hash: request.hash });
      panel.dispose();
    };
    const timer = setTimeout(() => {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The approval lapsed after {0} s. Nothing moved.', VALID_SECONDS),
      );
      answer(false);
    }, VALID_SECONDS * 1000);
    panel.onDidDispose(() => {
      answer(false);
      if (this.panel === state) this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((message: ApprovalToHost) => {
      switch (message.type) {
        case 'ready':
          void panel.webview.postMessage({
            type: 'show',
            view: { ...viewOf(run, request), base: baseOf(panel.webview, run) },
          } satisfies HostToApproval);
          return;
        case 'approve':
          answer(message.hash === request.hash);
          return;
        case 'cancel':
          answer(false);
          return;
        case 'stop':
          void vscode.commands.executeCommand('waybook.stopMotion');
          return;
      }
    });
    panel.webview.html = webviewPage(
      panel.webview,
      this.dist,
      'approval.mjs',
      vscode.l10n.t('Approve motion'),
    );
  }

  private close(why?: string): void {
    const { panel } = this;
    if (!panel) return;
    this.panel = undefined;
    panel.panel.dispose();
    if (why !== undefined) void vscode.window.showInformationMessage(why);
  }
}

function viewOf(run: ActiveRun, request: ApprovalRequest): ApprovalView {
  const cell =
    run.view.tag === 'idle' || run.view.cell === undefined
      ? undefined
      : findCell(run.notebook, run.view.cell);
  const plan = cell && attributesOf(cell)['trajectory'];
  const source = plan === undefined ? cell : findCell(run.notebook, plan);
  const scene = source && sceneOf(source);
  const instruction = runnableCells(run.notebook).find(
    (candidate) => runnableKindOf(candidate) === 'instruction',
  );
  const name = run.notebook.uri.path.split('/').at(-1) ?? '';
  const where = run.view.tag === 'idle' || run.view.cell === undefined ? name : `${name}, #${run.view.cell}`;
  return {
    hash: request.hash,
    title: vscode.l10n.t('Approve motion on a real robot'),
    subtitle: instruction ? `${where}: ${instruction.document.getText().trim()}` : where,
    rows: approvalRows(request),
    checked: checkedBefore(scene),
    validFor: VALID_SECONDS,
    scene,
    tube: request.tube,
    words: {
      confirm: vscode.l10n.t(
        'I can see the robot, its space is clear, and its own emergency stop is within reach.',
      ),
      cancel: vscode.l10n.t('Cancel'),
      approve: vscode.l10n.t('Approve and Move'),
      stop: vscode.l10n.t('Stop Motion'),
      stopTitle: vscode.l10n.t('Stop Motion, not an emergency stop'),
      notEmergency: vscode.l10n.t('Stop Motion is not an emergency stop.'),
      mayFail: vscode.l10n.t('It asks the robot to stop over the network, and that can fail.'),
      valid: vscode.l10n.t('Valid for this path only, {0} s', VALID_SECONDS),
      checked: vscode.l10n.t('Checked before asking'),
    },
  };
}

/** What the gate and arming have established by the time that a person is asked: neither asks before. */
function checkedBefore(scene: Scene | undefined): string[] {
  const path = scene?.layers.find((layer) => layer.kind === 'trajectory');
  const samples = path?.kind === 'trajectory' ? path.times.shape[0] : undefined;
  return [
    samples === undefined
      ? vscode.l10n.t('Limits, self-collision and clearance, every sample')
      : vscode.l10n.t('Limits, self-collision and clearance, all {0} samples', samples),
    vscode.l10n.t('Stop proven: a goal that moves nothing was cancelled'),
  ];
}

/** Where the run's record lies, for the buffers that are too large for the preview itself. */
function baseOf(webview: vscode.Webview, { notebook, record }: ActiveRun): string | undefined {
  if (record === undefined || notebook.isUntitled) return undefined;
  const name = notebook.uri.path.slice(notebook.uri.path.lastIndexOf('/') + 1);
  const folder = vscode.Uri.joinPath(notebook.uri, '..', runsFolderName(name), record);
  return `${webview.asWebviewUri(folder).toString()}/`;
}

/** Never "0" for a share that is not none. */
const percent = (share: number): string => (share > 0 && share < 0.01 ? '< 1' : (share * 100).toFixed(0));

/** Everything that the approval binds, with units and limits. */
export function approvalRows(request: ApprovalRequest): ApprovalRow[] {
  const { t } = vscode.l10n;
  const hash = (value: string): string => value.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ');
  return [
    { name: t('Target'), value: request.robot },
    { name: t('URL'), value: request.url, code: true },
    {
      name: t('Speed'),
      value: t(
        '{0} % of full speed, tool {1} m/s at most',
        (request.speed * 100).toFixed(0),
        request.toolSpeed.toFixed(2),
      ),
    },
    {
      name: t('Duration'),
      value: t('{0} s, deadline {1} s', request.duration.toFixed(1), request.deadline.toFixed(1)),
    },
    {
      name: t('Least clearance'),
      value:
        request.clearance === undefined
          ? t('unknown: unseen space is not free space')
          : `${(request.clearance * 1000).toFixed(0)} mm`,
    },
    ...(request.unseen === undefined
      ? []
      : [
          { name: t('Unseen'), value: t('{0} % of its way the camera did not see', percent(request.unseen)) },
        ]),
    {
      name: t('Tube'),
      value: t('{0} mm round the path; outside it the arm holds and asks', (request.tube * 1000).toFixed(0)),
    },
    { name: t('Plan'), value: hash(request.planHash), code: true },
    { name: t('Path'), value: hash(request.trajectoryHash), code: true },
    { name: t('Approval'), value: hash(request.hash), code: true },
  ];
}
