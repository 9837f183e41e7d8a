import * as assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync, utimesSync } from 'node:fs';
import * as vscode from 'vscode';
import { SCENE_MIME } from '../../../src/core/scene.ts';
import { readNotebook } from '../../../src/notebook/file/read-notebook.ts';
import { outputKeys } from '../../../src/notebook/graph/output-key.ts';
import {
  DEFAULT_PLANNER,
  DEFAULT_REFINER,
  keyEnvironment,
} from '../../../src/notebook/session/key-environment.ts';
import {
  closeAll,
  edit,
  fileText,
  hooks,
  idsOf,
  openNotebook,
  PLANNED,
  reread,
  runAll,
  SAMPLE,
  until,
  writeNotebookFile,
} from './workbench.ts';

const done = (cell: vscode.NotebookCell, success: boolean): boolean =>
  cell.executionSummary?.success === success;
const sceneOf = (cell: vscode.NotebookCell): { kind: string } | undefined => {
  const item = cell.outputs.flatMap((o) => o.items).find(({ mime }) => mime === SCENE_MIME);
  return item && (JSON.parse(new TextDecoder().decode(item.data)) as { kind: string });
};
const cellCalled = (notebook: vscode.NotebookDocument, id: string): vscode.NotebookCell => {
  const index = idsOf(notebook).indexOf(id);
  assert.ok(index >= 0, `no cell #${id} in ${idsOf(notebook).join()}`);
  return notebook.cellAt(index);
};

/** So slow that a test has all the time to interfere. */
const SLOW = PLANNED.replace('"speed": 0.5', '"speed": 0.01');
const speedUp = async (notebook: vscode.NotebookDocument): Promise<void> => {
  const { document } = cellCalled(notebook, 'go');
  await edit((e) => e.replace(document.uri, new vscode.Range(0, 0, 0, 1000), '{ "speed": 0.5 }'));
};

describe('runs', () => {
  afterEach(async () => {
    const { runs } = await hooks();
    for (const run of runs.all()) runs.cancel(run);
    await until('no run is left', () => runs.all().length === 0);
    await closeAll();
  });

  it('Run All asks nothing, selects Simulator, writes the plan below the instruction and runs it', async () => {
    const notebook = await openNotebook(SAMPLE);
    await runAll();
    await until(
      'the execute cell succeeded',
      () => idsOf(notebook).includes('go') && done(cellCalled(notebook, 'go'), true),
    );
    assert.deepEqual(idsOf(notebook), [undefined, 'table', 'put-cube', 'grasp', 'go']);
    assert.deepEqual(
      ['table', 'put-cube', 'grasp', 'go'].map((id) => sceneOf(cellCalled(notebook, id))?.kind),
      ['capture', 'plan', 'refined', 'executed'],
    );
    const { controllers } = await hooks();
    assert.equal(controllers.kindOf(notebook), 'simulator');
    await notebook.save();
    assert.match(
      await fileText(notebook.uri),
      /```json waypoints \{#grasp plan=put-cube capture=table planned=[0-9a-f]{16}\}/,
    );
  });

  it('the first failure stops the rest and says what to do', async () => {
    const notebook = await openNotebook(SAMPLE.replace('put the red cube in the blue bowl', 'fail here'));
    await runAll();
    await until('the instruction failed', () => done(cellCalled(notebook, 'put-cube'), false));
    const { runs } = await hooks();
    await until('the run is over', () => runs.all().length === 0);
    assert.equal(cellCalled(notebook, 'go').executionSummary?.success, undefined);
    const output = cellCalled(notebook, 'put-cube').outputs[0]?.items[0];
    assert.match(new TextDecoder().decode(output?.data), /red cube, blue bowl/);
  });

  it('an edited plan is kept when planning again', async () => {
    const notebook = await openNotebook(SAMPLE);
    await runAll();
    await until('executed', () => idsOf(notebook).includes('go') && done(cellCalled(notebook, 'go'), true));
    const plan = cellCalled(notebook, 'grasp').document;
    const at = plan.getText().indexOf('0.22');
    const range = new vscode.Range(plan.positionAt(at), plan.positionAt(at + 4));
    await edit((e) => e.replace(plan.uri, range, '0.31'));
    const edited = plan.getText();
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: 2, end: 3 }],
      document: notebook.uri,
    });
    await until(
      'planned again',
      async () => (await hooks()).runs.all().length === 0 && done(cellCalled(notebook, 'put-cube'), true),
    );
    assert.equal(cellCalled(notebook, 'grasp').document.getText(), edited);
  });

  it('stopping a cell ends the run and cancels what waits', async () => {
    const notebook = await openNotebook(SLOW);
    const { runs } = await hooks();
    const running = runAll();
    await until(
      'the execute cell runs',
      () =>
        runs.of(notebook)?.view.tag === 'running' &&
        (runs.of(notebook)?.view as { cell?: string }).cell === 'go',
    );
    await vscode.commands.executeCommand('notebook.cancelExecution');
    await running;
    await until('the run is over', () => runs.all().length === 0);
    assert.notEqual(cellCalled(notebook, 'go').executionSummary?.success, true);
  });

  it('Stop Motion works mid-motion and the next run works', async () => {
    const notebook = await openNotebook(SLOW);
    const { runs } = await hooks();
    void runAll();
    await until(
      'the execute cell runs',
      () => (runs.of(notebook)?.view as { cell?: string } | undefined)?.cell === 'go',
    );
    await vscode.commands.executeCommand('waybook.stopMotion');
    await until('the run is over', () => runs.all().length === 0);
    assert.notEqual(cellCalled(notebook, 'go').executionSummary?.success, true);
    await speedUp(notebook);
    await runAll();
    await until('the next run succeeds', () => done(cellCalled(notebook, 'go'), true));
  });

  it('a session process that dies fails the cell clearly, and the next run works', async () => {
    const notebook = await openNotebook(SLOW);
    const { runs, sessions } = await hooks();
    void runAll();
    await until(
      'the execute cell runs',
      () => (runs.of(notebook)?.view as { cell?: string } | undefined)?.cell === 'go',
    );
    const pid = sessions.get('simulator').pid;
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await until('the cell failed', () => done(cellCalled(notebook, 'go'), false));
    const text = cellCalled(notebook, 'go')
      .outputs.flatMap((o) => o.items)
      .map((i) => new TextDecoder().decode(i.data))
      .join('\n');
    assert.match(text, /SIGKILL/);
    assert.match(text, /may still be moving/);
    await until('the run is over', () => runs.all().length === 0);
    await speedUp(notebook);
    await runAll();
    await until('the next run succeeds', () => done(cellCalled(notebook, 'go'), true));
  });

  it('runs on one robot wait for each other', async () => {
    const first = await openNotebook(PLANNED);
    const second = await openNotebook(PLANNED);
    const { runs } = await hooks();
    let most = 0;
    const watch = runs.onDidChange(() => (most = Math.max(most, runs.all().length)));
    await Promise.all([
      vscode.commands.executeCommand('notebook.execute', first.uri),
      vscode.commands.executeCommand('notebook.execute', second.uri),
    ]);
    await until(
      'both ran',
      () => done(cellCalled(first, 'go'), true) && done(cellCalled(second, 'go'), true),
    );
    watch.dispose();
    assert.equal(most, 1);
  });

  it('a refused waypoint is underlined and a fix is offered', async () => {
    const notebook = await openNotebook(PLANNED.replace('[0.46, 0.15, 0.03]', '[0.46, 0.15, -0.01]'));
    await runAll();
    const cell = cellCalled(notebook, 'grasp');
    await until('the waypoints cell failed', () => done(cell, false));
    const found = await until('a diagnostic on the waypoint', () =>
      vscode.languages.getDiagnostics(cell.document.uri).find(({ code }) => code === 'input/collision'),
    );
    assert.match(cell.document.getText(found.range), /\[0.46, 0.15, -0.01\]/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      cell.document.uri,
      found.range,
    );
    const fix = actions.find(({ title }) => title.startsWith('Raise to Clearance'));
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    assert.match(cell.document.getText(), /\[0.46, 0.15, 0.001\]/);
  });

  it('the record is beside the notebook and outputs come back without a run', async () => {
    const notebook = await openNotebook(PLANNED);
    await runAll();
    await until('executed', () => done(cellCalled(notebook, 'go'), true));
    await notebook.save();
    const folder = notebook.uri.fsPath.replace(/\.md$/, '.runs');
    assert.equal(readdirSync(folder).length, 1);
    const again = await reread(notebook);
    await vscode.window.showNotebookDocument(again);
    await until(
      'outputs are back',
      () =>
        sceneOf(cellCalled(again, 'go'))?.kind === 'executed' &&
        sceneOf(cellCalled(again, 'table'))?.kind === 'capture',
    );
    assert.equal(again.isDirty, false);
    for (const cell of again.getCells()) assert.equal(cell.executionSummary?.success, undefined);
    assert.equal(
      (cellCalled(again, 'go').outputs[0]?.metadata?.['waybook'] as { restored?: boolean }).restored,
      true,
    );
  });

  it('outputs come back after an edit on disk', async () => {
    const notebook = await openNotebook(PLANNED);
    await runAll();
    await until('executed', () => done(cellCalled(notebook, 'go'), true));
    await notebook.save();
    const text = await fileText(notebook.uri);
    await vscode.workspace.fs.writeFile(
      notebook.uri,
      new TextEncoder().encode(text.replace('# Put', '# Please put')),
    );
    await until('the edit arrived', () => notebook.cellAt(0).document.getText().startsWith('# Please'));
    await until('outputs are back', () => sceneOf(cellCalled(notebook, 'go'))?.kind === 'executed');
    assert.equal(notebook.isDirty, false);
  });

  it('outputs that an edit on disk took away during a run come back when it has ended', async () => {
    const notebook = await openNotebook(PLANNED);
    await runAll();
    await until('executed', () => done(cellCalled(notebook, 'go'), true));
    await notebook.save();
    const text = await fileText(notebook.uri);
    await vscode.workspace.fs.writeFile(
      notebook.uri,
      new TextEncoder().encode(text.replace('# Put', '# Please put')),
    );
    await until('the edit arrived', () => notebook.cellAt(0).document.getText().startsWith('# Please'));
    // Sooner than outputs are restored: nothing of the run that goes on may be disturbed by it.
    const go = cellCalled(notebook, 'go');
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: go.index, end: go.index + 1 }],
      document: notebook.uri,
    });
    await until('the run has ended', () => done(cellCalled(notebook, 'go'), true));
    await until(
      'the other outputs are back',
      () => sceneOf(cellCalled(notebook, 'table'))?.kind === 'capture',
    );
  });

  it('outputs come back after Revert File, which takes an edit back', async () => {
    const notebook = await openNotebook(PLANNED);
    await runAll();
    await until('executed', () => done(cellCalled(notebook, 'go'), true));
    await notebook.save();
    const { document } = cellCalled(notebook, 'table');
    await edit((e) => e.replace(document.uri, new vscode.Range(0, 0, 0, 1000), '{ "camera": "top" }'));
    await until('the notebook is dirty', () => notebook.isDirty);
    // VS Code 1.139 reads a notebook's file again only where it has another stamp than when it was last read: docs/vscode.md.
    utimesSync(notebook.uri.fsPath, new Date(), new Date(Date.now() + 2000));
    await vscode.commands.executeCommand('workbench.action.files.revert', notebook.uri);
    await until('the edit is taken back', () =>
      cellCalled(notebook, 'table').document.getText().includes('"front"'),
    );
    await until(
      'outputs are there',
      () =>
        sceneOf(cellCalled(notebook, 'go'))?.kind === 'executed' &&
        sceneOf(cellCalled(notebook, 'table'))?.kind === 'capture',
    );
    assert.equal(notebook.isDirty, false);
  });

  it('an output from a record is stale where its cell reads otherwise now, and fits where it does not', async () => {
    const { staleness } = await hooks();
    const uri = writeNotebookFile(PLANNED, `stale-${Date.now()}.waybook.md`);
    const document = readNotebook(PLANNED, 'test');
    const environment = keyEnvironment(
      document.frontMatter,
      { robot: 'sim:tabletop?seed=7' },
      { defaultPlanner: DEFAULT_PLANNER, defaultRefiner: DEFAULT_REFINER },
    );
    const keys = outputKeys(document, environment);
    const folder = `${uri.fsPath.replace(/\.md$/, '.runs')}/20260101T000000Z-aaaaaa`;
    mkdirSync(folder, { recursive: true });
    const cells: Record<string, unknown> = {};
    for (const [id, key] of keys) {
      cells[id] = { key, preview: `${id}.scene.json`, summary: '', sidecars: [] };
      const scene = { version: 1, kind: 'capture', cell: id, title: id, verdict: { ok: true, text: 'ok' } };
      writeFileSync(`${folder}/${id}.scene.json`, JSON.stringify({ ...scene, facts: [], layers: [] }));
    }
    writeFileSync(`${folder}/index.json`, JSON.stringify({ version: 1, state: 'succeeded', cells }));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    await until('outputs are back', () => cellCalled(notebook, 'go').outputs.length > 0);
    for (const id of keys.keys()) assert.equal(staleness.reason(notebook, id), undefined, `#${id}`);
    const plan = cellCalled(notebook, 'grasp').document;
    const at = plan.getText().indexOf('0.22');
    const range = new vscode.Range(plan.positionAt(at), plan.positionAt(at + 4));
    await edit((e) => e.replace(plan.uri, range, '0.24'));
    await until('what rests on it is stale', () => staleness.reason(notebook, 'go') === '#grasp was edited');
    assert.equal(staleness.reason(notebook, 'grasp'), 'edited since');
    assert.equal(staleness.reason(notebook, 'table'), undefined);
    await edit((e) => e.replace(plan.uri, range, '0.22'));
    await until('it fits again', () => staleness.reason(notebook, 'go') === undefined);
  });

  it('the planner over a model of VS Code asks it with the picture, and says what it said', async () => {
    const config = vscode.workspace.getConfiguration('waybook');
    await config.update('planner.provider', 'vscode', vscode.ConfigurationTarget.Global);
    try {
      const notebook = await openNotebook(SAMPLE);
      await vscode.commands.executeCommand('notebook.cell.execute', {
        ranges: [{ start: 2, end: 3 }],
        document: notebook.uri,
      });
      await until('planned', () => done(cellCalled(notebook, 'put-cube'), true));
      const text = cellCalled(notebook, 'put-cube')
        .outputs.flatMap((o) => o.items)
        .map((i) => new TextDecoder().decode(i.data))
        .join('\n');
      assert.match(text, /asked .*put the red cube in the blue bowl.* with 1 image/);
    } finally {
      await config.update('planner.provider', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
