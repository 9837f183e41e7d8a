import * as vscode from 'vscode';
import type { ApprovalRequest } from '../../notebook/session/session-api.ts';

const VALID_MS = 60_000;

/**
 * Asks before a real robot moves. Cancel comes first and has the focus, Escape cancels, Enter approves nothing; everything
 * that the approval binds is in the list. Lapses after a minute.
 */
export async function askApproval(request: ApprovalRequest): Promise<boolean> {
  const { t } = vscode.l10n;
  const hash = (value: string): string => value.slice(0, 12);
  const fact = (label: string, description: string): vscode.QuickPickItem => ({ label, description });
  const approve = {
    label: `$(check) ${t('Approve and move {0}', request.robot)}`,
    detail: t('I can see the robot, its space is clear, and its own emergency stop is within reach.'),
  };
  const items: vscode.QuickPickItem[] = [
    { label: `$(close) ${t('Cancel')}`, detail: t('Nothing moves.') },
    { label: t('What would move'), kind: vscode.QuickPickItemKind.Separator },
    fact(t('Robot'), `${request.robot}, ${request.url}`),
    fact(
      t('Speed'),
      t(
        '{0} % of full speed, tool {1} m/s at most',
        (request.speed * 100).toFixed(0),
        request.toolSpeed.toFixed(2),
      ),
    ),
    fact(t('Duration'), t('{0} s, deadline {1} s', request.duration.toFixed(1), request.deadline.toFixed(1))),
    fact(t('Tube'), `${(request.tube * 1000).toFixed(0)} mm`),
    ...(request.unseen === undefined
      ? []
      : [fact(t('Unseen space on its way'), `${(request.unseen * 100).toFixed(0)} %`)]),
    fact(t('Path'), hash(request.trajectoryHash)),
    fact(t('Approval'), hash(request.hash)),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    approve,
  ];
  const source = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => source.cancel(), VALID_MS);
  try {
    const picked = await vscode.window.showQuickPick(
      items,
      { title: t('Approve motion on a real robot'), ignoreFocusOut: true, matchOnDetail: false },
      source.token,
    );
    return picked === approve;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
