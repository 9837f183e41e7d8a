import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { StopReport } from '../../robot/robot-link.ts';
import { SIMULATOR, TOOLS, type Sessions } from '../session/sessions.ts';
import type { Log } from '../support/log.ts';

/**
 * Stops every robot that this window talks to, at once, and says what each of them confirmed. Always allowed; it asks
 * nobody and waits for nothing before it sends.
 */
export async function stopMotion(sessions: Sessions, log: Log, reason = 'Stop Motion'): Promise<void> {
  const alive = sessions.alive().filter(([target]) => target !== TOOLS);
  if (alive.length === 0) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Stop Motion: nothing is connected.'), 4000);
    return;
  }
  await Promise.all(
    alive.map(async ([target, client]) => {
      const name = target === SIMULATOR ? vscode.l10n.t('Simulator') : target;
      try {
        const { report } = await client.ask({ kind: 'stop-motion', reason }, 'stopped');
        tell(name, report, log);
      } catch (error) {
        log.error(`Stop Motion, ${name}`, error);
        void vscode.window.showErrorMessage(
          vscode.l10n.t(
            '{0} did not confirm that it stopped. It may still be moving: use its own emergency stop. ({1})',
            name,
            messageOf(error),
          ),
        );
      }
    }),
  );
}

function tell(name: string, report: StopReport, log: Log): void {
  const acknowledged =
    report.acknowledgedMs === undefined
      ? 'not acknowledged'
      : `acknowledged in ${report.acknowledgedMs.toFixed(0)} ms`;
  log.info(
    `Stop Motion, ${name}: ${acknowledged}, ${report.atRest ? `at rest after ${report.atRestMs?.toFixed(0) ?? '?'} ms` : 'not at rest'}.`,
  );
  if (report.atRest) {
    vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t('{0} is at rest.', name)}`, 5000);
  } else {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        '{0} is not at rest yet ({1}). Use its own emergency stop if it keeps moving.',
        name,
        acknowledged,
      ),
    );
  }
}
