import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { fakeOpenAi } from '../../../src/planning/testing/fake-openai.ts';
import { closeAll, edit, hooks, idsOf, openNotebook, PLANNED, runAll, SAMPLE, until } from './workbench.ts';

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
    // Our own check signs its findings, VS Code's JSON service does not.
    const saidByJson = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(cell.document.uri).filter(({ source }) => source !== 'waybook');
    await edit((e) => e.replace(cell.document.uri, new vscode.Range(0, 0, 0, 1000), '{ "speed": 7 }'));
    const found = await until('a diagnostic about the speed', () => saidByJson()[0]);
    assert.match(found.message, /maximum/, 'the schema could not be used');
    await edit((e) => e.replace(cell.document.uri, new vscode.Range(0, 0, 0, 1000), '{ "speed": 0.5 }'));
    await until('nothing is said of what is right', () => saidByJson().length === 0);
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

  it('a notebook of a virtual file system opens, and its cells do not run', async () => {
    const bytes = new TextEncoder().encode(PLANNED);
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length };
    const refuse = (): never => {
      throw vscode.FileSystemError.NoPermissions();
    };
    const registration = vscode.workspace.registerFileSystemProvider(
      'waybook-memory',
      {
        onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
        watch: () => new vscode.Disposable(() => undefined),
        stat: (uri) => {
          if (!uri.path.endsWith('.waybook.md')) throw vscode.FileSystemError.FileNotFound();
          return stat;
        },
        readFile: () => bytes,
        readDirectory: () => [],
        createDirectory: refuse,
        writeFile: refuse,
        delete: refuse,
        rename: refuse,
      },
      { isReadonly: true },
    );
    try {
      const uri = vscode.Uri.parse('waybook-memory:/far/away.waybook.md');
      const notebook = await vscode.workspace.openNotebookDocument(uri);
      await vscode.window.showNotebookDocument(notebook);
      assert.deepEqual(idsOf(notebook), [undefined, 'table', 'put-cube', 'grasp', 'go']);
      const { sessions } = await hooks();
      for (const [target] of sessions.alive()) sessions.restart(target);
      void runAll();
      await until('a cell says why', () =>
        notebook
          .getCells()
          .flatMap((cell) => cell.outputs.flatMap((o) => o.items))
          .some((item) => /on no disk of this machine/.test(new TextDecoder().decode(item.data))),
      );
      assert.deepEqual(sessions.alive(), []);
    } finally {
      await closeAll();
      registration.dispose();
    }
  });

  it('an instruction is completed with verbs, and with what the capture has found', async () => {
    const notebook = await openNotebook(SAMPLE);
    const { document } = notebook.cellAt(idsOf(notebook).indexOf('put-cube'));
    await edit((e) => e.replace(document.uri, new vscode.Range(0, 0, 0, 1000), 'pu'));
    const found = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(0, 2),
    );
    const labels = found.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('put') && labels.includes('push'), labels.join());
  });

  it('a cloud beside the notebook becomes a capture cell below the selected one', async () => {
    const notebook = await openNotebook(SAMPLE);
    const cloud = vscode.Uri.joinPath(notebook.uri, '..', 'table scan.pcd');
    await vscode.workspace.fs.writeFile(cloud, new Uint8Array());
    await vscode.commands.executeCommand('waybook.addCaptureFromFile', cloud);
    await until('the cell is there', () => notebook.cellCount === 5);
    const cell = notebook
      .getCells()
      .find((candidate) => candidate.document.getText().includes('table scan.pcd'));
    assert.equal(cell?.document.languageId, 'waybook-capture');
    assert.ok(idsOf(notebook).includes('table-scan'), idsOf(notebook).join());
  });

  it('git is told what to keep of runs, and the person sees it before it is saved', async () => {
    await vscode.commands.executeCommand('waybook.adviseGit');
    const ignore = await until('the file is open', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('/.gitignore')),
    );
    assert.match(ignore.getText(), /run\.mcap/);
    assert.equal(ignore.isDirty, true);
  });

  it('compares with the last commit: the plan that moved, over the one that was', async () => {
    const notebook = await openNotebook(PLANNED);
    const cwd = dirname(notebook.uri.fsPath);
    const git = (...args: string[]): void => {
      execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
        cwd,
        stdio: 'ignore',
      });
    };
    git('init');
    git('add', basename(notebook.uri.fsPath));
    git('commit', '-m', 'first');
    const { document } = notebook.cellAt(idsOf(notebook).indexOf('grasp'));
    const at = document.getText().indexOf('0.22');
    await edit((e) =>
      e.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 4)), '0.30'),
    );
    await vscode.commands.executeCommand('waybook.compareWithHead', notebook.uri);
    await until('an inspector shows both', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ input, label }) => input instanceof vscode.TabInputWebview && label.includes('#grasp')),
    );
  });

  it('Check Planner measures the endpoint that is set', async () => {
    const marks = [
      [180, 420],
      [760, 240],
      [540, 830],
    ];
    await using server = await fakeOpenAi([
      {
        kind: 'reply',
        text: JSON.stringify(marks.map((point, i) => ({ point_2d: point, label: String(i + 1) }))),
      },
    ]);
    const config = vscode.workspace.getConfiguration('waybook');
    const set = async (values: Record<string, string | undefined>): Promise<void> => {
      for (const [name, value] of Object.entries(values))
        await config.update(name, value, vscode.ConfigurationTarget.Global);
    };
    await set({ 'planner.provider': 'openai', 'openai.baseUrl': server.baseUrl, 'openai.model': 'qwen3-vl' });
    try {
      await vscode.commands.executeCommand('waybook.checkPlanner');
      const report = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(report, /Error 0\.0 px/);
    } finally {
      await set({ 'planner.provider': undefined, 'openai.baseUrl': undefined, 'openai.model': undefined });
    }
  });
});
