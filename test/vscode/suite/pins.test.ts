import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, fileText, openNotebook, PLANNED } from './workbench.ts';

/** Presses Enter in whatever asks, until the work is done. */
async function accepting(work: Thenable<unknown>): Promise<void> {
  let done = false;
  const finished = Promise.resolve(work).finally(() => (done = true));
  for (let i = 0; i < 100 && !done; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (!done) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
  await finished;
}

describe('pins', () => {
  afterEach(closeAll);

  it('what was marked in 3D is asked only for its name, and written with its hinge', async () => {
    const notebook = await openNotebook(PLANNED);
    const marked = {
      at: [0.5, 0.3, 0.1],
      called: 'door handle',
      hinge: { origin: [0.6, 0.1, 0.05], axis: [0, 0, 1] },
    };
    await accepting(vscode.commands.executeCommand('waybook.pinName', marked, notebook.uri.toString()));
    await notebook.save();
    const line =
      '  "door handle": { at: [0.5, 0.3, 0.1], hinge: { origin: [0.6, 0.1, 0.05], axis: [0, 0, 1] } }\n';
    const text = await fileText(notebook.uri);
    assert.ok(text.includes(`pins:\n${line}---`), text.slice(0, 400));
    assert.equal(text.replace(`pins:\n${line}`, ''), PLANNED);
  });
});
