import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, edit, hooks, idsOf, openNotebook, PLANNED, SAMPLE, until } from './workbench.ts';

describe('extension', () => {
  afterEach(closeAll);

  it('starts no process when it activates and when a notebook opens', async () => {
    const { sessions, activationMs } = await hooks();
    for (const [target] of sessions.alive()) sessions.restart(target);
    const notebook = await openNotebook(SAMPLE);
    await until('a kernel is selected', async () => (await hooks()).controllers.kindOf(notebook));
    assert.equal(sessions.alive().length, 0);
    console.log(`activate() took ${activationMs.toFixed(1)} ms`);
  });

  it('a file of ours opens as a notebook although a setting sends Markdown to the preview', async () => {
    const config = vscode.workspace.getConfiguration('workbench');
    await config.update(
      'editorAssociations',
      { '*.md': 'vscode.markdown.preview.editor' },
      vscode.ConfigurationTarget.Global,
    );
    try {
      const { uri } = await openNotebook(SAMPLE);
      await closeAll();
      await vscode.commands.executeCommand('vscode.open', uri);
      await until(
        'a notebook editor is active',
        () => vscode.window.activeNotebookEditor?.notebook.uri.toString() === uri.toString(),
      );
    } finally {
      await config.update('editorAssociations', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('opens as text and back', async () => {
    const { uri } = await openNotebook(SAMPLE);
    await vscode.commands.executeCommand('waybook.openAsText');
    await until(
      'a text editor is active',
      () => vscode.window.activeTextEditor?.document.uri.toString() === uri.toString(),
    );
    await vscode.commands.executeCommand('waybook.openAsNotebook');
    await until(
      'the notebook is back',
      () => vscode.window.activeNotebookEditor?.notebook.uri.toString() === uri.toString(),
    );
  });

  it('findings of the check are diagnostics in their cells', async () => {
    const notebook = await openNotebook(SAMPLE.replace('capture=table', 'capture=nowhere'));
    const cell = notebook.cellAt(idsOf(notebook).indexOf('put-cube'));
    const found = await until('a diagnostic', () => vscode.languages.getDiagnostics(cell.document.uri)[0]);
    assert.match(found.message, /nowhere/);
  });

  it('renaming a cell changes its references in one edit', async () => {
    const notebook = await openNotebook(
      PLANNED.replace('put the red cube in the blue bowl', 'as in #grasp, but slower'),
    );
    const text = notebook.cellAt(idsOf(notebook).indexOf('put-cube')).document;
    const at = text.positionAt(text.getText().indexOf('#grasp') + 2);
    const rename = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      text.uri,
      at,
      'pick',
    );
    assert.equal(rename.get(text.uri).length, 1);
    // The command drops the notebook part of an edit, so the rest goes the way that "Rename Cell" goes.
    await (await hooks()).references.renameTo(notebook, 'grasp', 'pick');
    await until('renamed', () => idsOf(notebook).includes('pick'));
    const go = notebook.cellAt(idsOf(notebook).indexOf('go'));
    assert.equal(
      (go.metadata['waybook'] as { attributes: { trajectory: string } }).attributes.trajectory,
      'pick',
    );
    assert.match(text.getText(), /as in #pick, but/);
  });

  it('references resolve when the file is open as text', async () => {
    const { uri } = await openNotebook(PLANNED);
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf('trajectory=grasp') + 'trajectory='.length + 1);
    const found = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      uri,
      at,
    );
    assert.equal(found.length, 1);
    assert.match(document.lineAt(found[0]?.range.start.line ?? 0).text, /waypoints \{#grasp/);
  });

  it('JSON of a cell is checked and completed without a language server of ours', async () => {
    const notebook = await openNotebook(SAMPLE);
    const cell = notebook.cellAt(idsOf(notebook).indexOf('go'));
    await edit((e) => e.replace(cell.document.uri, new vscode.Range(0, 0, 0, 1000), '{ "speed": 7 }'));
    await until(
      'a diagnostic about the speed',
      () => vscode.languages.getDiagnostics(cell.document.uri).length > 0,
    );
  });

  it('a new notebook starts from a template', async () => {
    await vscode.commands.executeCommand('waybook.newNotebook', 'pick-place');
    const editor = await until('a notebook', () => vscode.window.activeNotebookEditor);
    assert.equal(editor.notebook.isUntitled, true);
    assert.deepEqual(idsOf(editor.notebook), [undefined, 'table', 'task', 'go']);
  });

  it('every contributed command is registered, and every registered one is contributed', async () => {
    await hooks();
    const all = (await vscode.commands.getCommands(true)).filter((name) => /^waybook\.[a-zA-Z]+$/.test(name));
    const { packageJSON } = vscode.extensions.getExtension('waybook.waybook') as {
      packageJSON: { contributes: { commands: { command: string }[] } };
    };
    const contributed = packageJSON.contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      contributed.filter((name) => !all.includes(name)),
      [],
    );
  });

  it('tools plan and inspect, and say that nothing moved', async () => {
    const result = await vscode.lm.invokeTool('waybook_plan', {
      input: { instruction: 'put the red cube in the blue bowl' },
      toolInvocationToken: undefined,
    });
    const text = (result.content[0] as vscode.LanguageModelTextPart).value;
    const answer = JSON.parse(text) as { moved: boolean; waypoints: { waypoints: unknown[] } };
    assert.equal(answer.moved, false);
    assert.equal(answer.waypoints.waypoints.length, 5);
    await openNotebook(PLANNED);
    const inspected = await vscode.lm.invokeTool('waybook_inspect', {
      input: {},
      toolInvocationToken: undefined,
    });
    assert.match((inspected.content[0] as vscode.LanguageModelTextPart).value, /"id": "grasp"/);
  });
});
