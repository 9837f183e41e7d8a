import * as assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { SUMMARY_FILE } from '../../../src/sweep/sweep-folder.ts';
import { closeAll, hooks, SAMPLE, until, writeNotebookFile } from './workbench.ts';

describe('commands of the views', () => {
  before(hooks);
  afterEach(closeAll);

  it('a failed run of a sweep opens as the notebook of its record', async () => {
    const folder = join(process.env['WAYBOOK_TEST_WORKSPACE'] ?? '', 'sweep');
    mkdirSync(join(folder, 'records'), { recursive: true });
    const { fsPath } = writeNotebookFile(SAMPLE, join('sweep', 'records', '00001-abcdef01.waybook.md'));
    writeFileSync(join(folder, SUMMARY_FILE), '{}');
    await vscode.commands.executeCommand('waybook.sweeps.focus');
    await vscode.commands.executeCommand('waybook.refreshSweeps');
    await vscode.commands.executeCommand('waybook.openSweepRun', {
      kind: 'failure',
      sweep: { folder },
      failure: { index: 1, label: 'seed 0', reason: 'missed', record: '00001-abcdef01' },
    });
    await until(
      'its notebook is open',
      () => vscode.window.activeNotebookEditor?.notebook.uri.fsPath === fsPath,
    );
  });

  it('Connect to Robot asks first, and given up leaves the settings as they were', async () => {
    const robots = (): string =>
      JSON.stringify(vscode.workspace.getConfiguration('waybook').get('robots') ?? {});
    const before = robots();
    let over = false;
    const asked = Promise.resolve(vscode.commands.executeCommand('waybook.connectRobot')).then(
      () => (over = true),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(over, false, 'it ended without asking anything');
    await until('it is given up', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return over;
    });
    await asked;
    assert.equal(robots(), before);
  });
});
