import * as vscode from 'vscode';
import { SIMULATOR } from '../session/sessions.ts';
import type { Controllers } from '../kernel/controllers.ts';
import { currentNotebook, editorOf } from '../notebook/cells.ts';
import type { Secrets } from './secrets.ts';
import * as settings from './settings.ts';

/** From the side bar's drop-down: `simulator`, `robot:NAME` or `add`. */
export async function selectTarget(controllers: Controllers, id: string): Promise<void> {
  if (id === 'add') {
    await vscode.commands.executeCommand('waybook.addRobot');
    return;
  }
  if (id.startsWith('robot:')) await settings.update('robot', id.slice('robot:'.length));
  const notebook = currentNotebook();
  const editor = notebook && editorOf(notebook);
  if (editor) await controllers.select(editor, id === SIMULATOR ? 'simulator' : 'robot');
}

/** A person chooses the robot: the only way in which the Robot kernel gets selected. */
export async function selectRobot(controllers: Controllers): Promise<void> {
  const names = Object.keys(settings.robots().robots);
  if (names.length === 0) {
    await vscode.commands.executeCommand('waybook.addRobot');
    return;
  }
  const picked = await vscode.window.showQuickPick(names, {
    title: vscode.l10n.t('Robot that this machine talks to'),
  });
  if (picked !== undefined) await selectTarget(controllers, `robot:${picked}`);
}

export async function addRobot(secrets: Secrets): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add a robot: name'),
    prompt: vscode.l10n.t('Notebooks name it with "robot: NAME"'),
    validateInput: (value) =>
      /^[\w.-]+$/.test(value) ? undefined : vscode.l10n.t('Letters, digits, dot, dash and underscore'),
  });
  if (name === undefined) return;
  const url = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add a robot: URL'),
    value: 'ws://',
    prompt: vscode.l10n.t('WebSocket URL of its rosbridge server'),
    validateInput: (value) =>
      /^wss?:\/\/./.test(value) && URL.canParse(value)
        ? undefined
        : vscode.l10n.t('It begins with ws:// or wss://'),
  });
  if (url === undefined) return;
  const profile = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Profile of the robot (JSON); cancel to fill it in later'),
    canSelectMany: false,
    filters: { JSON: ['json'] },
  });
  const token = await vscode.window.showInputBox({
    title: vscode.l10n.t('Token, if the server wants one'),
    password: true,
  });
  if (token !== undefined && token !== '') await secrets.setRobotToken(name, token);
  const before = settings.robots().robots;
  await settings.update('robots', { ...before, [name]: { url, profile: profile?.[0]?.fsPath ?? {} } });
}
