import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import { sessionOptions } from '../kernel/session-options.ts';
import { currentNotebook } from '../notebook/cells.ts';
import type { Sessions } from '../session/sessions.ts';
import * as settings from '../support/settings.ts';
import { whyNotRun } from '../support/trust.ts';

/**
 * Lets a real robot move from now on, once a goal that moves nothing has been cancelled as proof; each motion still needs
 * its approval. Connects first where nobody has. Throws why the robot stays as it is.
 */
export async function armRobot(sessions: Sessions): Promise<void> {
  const robot = chosenRobot();
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Arming {0}: proving that it stops', robot),
    },
    () => sessions.get(robot).ask({ kind: 'arm', robot }, 'armed'),
  );
  vscode.window.setStatusBarMessage(
    `$(unlock) ${vscode.l10n.t('{0} is armed; each motion still needs an approval.', robot)}`,
    5000,
  );
}

export function disarmRobot(sessions: Sessions): void {
  sessions.get(chosenRobot()).tell({ kind: 'disarm' });
}

/** The robot that the notebook in front would run on with the Robot kernel, else the one in the settings. */
function chosenRobot(): string {
  const refusal = whyNotRun();
  if (refusal) throw refusal;
  const notebook = currentNotebook();
  const robot = notebook ? sessionOptions(notebook, 'robot').robot : settings.defaultRobot();
  if (robot !== undefined) return robot;
  throw new WaybookError('input/usage', vscode.l10n.t('No robot is configured on this machine.'));
}
