import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hooks, idsOf, openNotebook, PLANNED, runAll, until } from './workbench.ts';

describe('Restricted Mode', () => {
  it('opens notebooks and runs nothing, in code and not only in menus', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const notebook = await openNotebook(PLANNED);
    assert.equal(notebook.cellCount, 5);
    const { runs, sessions, controllers } = await hooks();
    void runAll();
    await runs.start({
      notebook,
      kind: await controllers.ensureSelected(notebook),
      controller: controllers.get('simulator'),
    });
    const cell = notebook.cellAt(idsOf(notebook).indexOf('table'));
    await until('the cell says why', () =>
      cell.outputs
        .flatMap((o) => o.items)
        .some((item) => /Restricted Mode/.test(new TextDecoder().decode(item.data))),
    );
    assert.equal(sessions.alive().length, 0);
    await assert.rejects(
      async () =>
        vscode.lm.invokeTool('waybook_plan', {
          input: { instruction: 'put it there' },
          toolInvocationToken: undefined,
        }),
      /Restricted Mode/,
    );
    assert.equal(sessions.alive().length, 0);
  });
});
