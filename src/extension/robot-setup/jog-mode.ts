import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { JogAxis } from '../../notebook/session/manual/manual-api.ts';
import { ManualClient, type RobotSetup } from './manual-client.ts';

const CONTEXT = 'waybook.jogging';
/** Nobody has pressed a key for so long: jogging ends, so that the keys are the editor's again [ms]. */
const IDLE_MS = 30_000;

interface Mode {
  readonly client: ManualClient;
  readonly item: vscode.StatusBarItem;
  readonly setup: RobotSetup;
  idle: NodeJS.Timeout;
  busy: boolean;
}

let mode: Mode | undefined;

/**
 * While it lasts, arrow and page keys move the tool, slowly and only while they are held: a held key repeats its command,
 * each repeat says "go on", and without one the arm brakes. Escape ends it.
 */
export async function jogMode(setup: RobotSetup): Promise<void> {
  endJog();
  const client = new ManualClient(setup);
  await client.do({ kind: 'look' });
  const item = vscode.window.createStatusBarItem('waybook.jog', vscode.StatusBarAlignment.Left, 1000);
  item.name = vscode.l10n.t('Waybook: jogging');
  item.text = `$(move) ${vscode.l10n.t('Jogging {0}: hold arrows (x, y), Page Up/Down (z), Home/End (turn); Escape ends', client.robot)}`;
  item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  item.command = 'waybook.endJog';
  item.show();
  mode = { client, item, setup, idle: setTimeout(endJog, IDLE_MS), busy: false };
  await vscode.commands.executeCommand('setContext', CONTEXT, true);
}

/** `direction` is one of `+x`, `-x`, …, `+rz`, from a key binding; a held key says it again and again. */
export async function pressed(direction: unknown): Promise<void> {
  const current = mode;
  const match = /^([+-])(r?[xyz])$/.exec(String(direction));
  if (!current || !match) return;
  clearTimeout(current.idle);
  current.idle = setTimeout(endJog, IDLE_MS);
  if (current.busy) {
    current.client.session.tell({ kind: 'jog-hold' });
    return;
  }
  current.busy = true;
  try {
    const axis = match[2] as Extract<JogAxis, string>;
    const report = await current.client.do({ kind: 'jog', axis, sign: match[1] === '+' ? 1 : -1 });
    if (report.kind === 'moved') vscode.window.setStatusBarMessage(report.text, 2000);
  } catch (error) {
    current.setup.log.error('jog', error);
    void vscode.window.showErrorMessage(messageOf(error));
  } finally {
    current.busy = false;
  }
}

export function endJog(): void {
  const current = mode;
  mode = undefined;
  if (!current) return;
  clearTimeout(current.idle);
  current.client.session.tell({ kind: 'jog-release' });
  current.item.dispose();
  void vscode.commands.executeCommand('setContext', CONTEXT, false);
}
