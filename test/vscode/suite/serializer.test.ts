import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAll,
  edit,
  fileText,
  idsOf,
  openNotebook,
  PLANNED,
  reread,
  SAMPLE,
  until,
  writeNotebookFile,
} from './workbench.ts';

/** The text with one thing replaced: what an edit may change, and nothing else. */
const changed = (text: string, from: string, to: string): string => {
  assert.ok(text.includes(from), `the sample has no ${from}`);
  return text.replace(from, to);
};

describe('serializer', () => {
  afterEach(closeAll);

  it('writes the same bytes where nobody edited, after an edit that was undone', async () => {
    const notebook = await openNotebook(PLANNED);
    const cell = notebook.cellAt(1);
    await edit((e) => e.insert(cell.document.uri, new vscode.Position(0, 0), ' '));
    await edit((e) => e.delete(cell.document.uri, new vscode.Range(0, 0, 0, 1)));
    await notebook.save();
    assert.equal(await fileText(notebook.uri), PLANNED);
  });

  it('keeps CRLF, odd spacing and unknown keys outside the edited cell', async () => {
    const text = PLANNED.replace('waybook: 1\n', 'waybook: 1\nunknown-key:   [1,  2]\n')
      .replace('{#table}', '{#table   note="kept  as is"}')
      .replaceAll('\n', '\r\n');
    const notebook = await openNotebook(text);
    await edit((e) => e.replace(notebook.cellAt(2).document.uri, new vscode.Range(0, 0, 0, 3), 'lay'));
    await notebook.save();
    assert.equal(
      await fileText(notebook.uri),
      changed(text, 'put the red cube in the blue', 'lay the red cube in the blue'),
    );
  });

  it('a pinned name goes into the front matter, and nothing else changes', async () => {
    const notebook = await openNotebook(PLANNED);
    const pin = { name: 'drawer handle', at: [0.55, 0, 0.1], opens: [-1, 0, 0] };
    await vscode.commands.executeCommand('waybook.pinName', pin);
    await notebook.save();
    const line = '  "drawer handle": { at: [0.55, 0, 0.1], opens: [-1, 0, 0] }\n';
    const text = await fileText(notebook.uri);
    assert.ok(text.includes(`pins:\n${line}---`), text.slice(0, 400));
    assert.equal(text.replace(`pins:\n${line}`, ''), PLANNED);
  });

  it('typing in one cell changes that cell only', async () => {
    const notebook = await openNotebook(PLANNED);
    const cell = notebook.cellAt(1);
    await edit((e) =>
      e.replace(
        cell.document.uri,
        new vscode.Range(0, 0, 0, cell.document.lineAt(0).text.length),
        '{ "camera": "top" }',
      ),
    );
    await notebook.save();
    assert.equal(
      await fileText(notebook.uri),
      changed(PLANNED, '{ "camera": "front", "voxel": 0.004 }', '{ "camera": "top" }'),
    );
  });

  it('a body with a fence in it gets a longer fence and comes back', async () => {
    const notebook = await openNotebook(SAMPLE);
    const body = 'first\n```\nthen';
    const cell = notebook.cellAt(2);
    await edit((e) => e.replace(cell.document.uri, new vscode.Range(0, 0, 0, 1000), body));
    await notebook.save();
    const again = await reread(notebook);
    assert.equal(again.cellAt(2).document.getText(), body);
    assert.equal(again.cellCount, 4);
  });

  it('an inserted cell gets an id in the same save; others keep their bytes', async () => {
    const notebook = await openNotebook(SAMPLE);
    const data = new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      '{ "camera": "top" }',
      'waybook-capture',
    );
    await edit((e) => e.set(notebook.uri, [vscode.NotebookEdit.insertCells(2, [data])]));
    await until('the new cell has an id', () => idsOf(notebook)[2] === 'capture');
    await notebook.save();
    const text = await fileText(notebook.uri);
    assert.equal(
      text,
      changed(
        SAMPLE,
        '```instruction',
        '```json capture {#capture}\n{ "camera": "top" }\n```\n\n```instruction',
      ),
    );
  });

  it('a moved cell keeps its id and raw text', async () => {
    const notebook = await openNotebook(PLANNED);
    const cell = notebook.cellAt(3);
    const data = new vscode.NotebookCellData(cell.kind, cell.document.getText(), cell.document.languageId);
    data.metadata = cell.metadata;
    await edit((e) =>
      e.set(notebook.uri, [
        vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(3, 4)),
        vscode.NotebookEdit.insertCells(1, [data]),
      ]),
    );
    await notebook.save();
    const again = await reread(notebook);
    assert.deepEqual(idsOf(again), [undefined, 'grasp', 'table', 'put-cube', 'go']);
    assert.ok(
      (await fileText(again.uri)).includes(
        '"label": "lift", "position": [0.45, 0.14, 0.26], "orientation": [1, 0, 0, 0]',
      ),
    );
  });

  it('moving with the editor command keeps everything', async () => {
    const notebook = await openNotebook(PLANNED);
    await select(notebook, 3);
    await vscode.commands.executeCommand('notebook.cell.moveUp');
    await until('the cell moved', () => idsOf(notebook)[2] === 'grasp');
    await notebook.save();
    assert.deepEqual(idsOf(await reread(notebook)), [undefined, 'table', 'grasp', 'put-cube', 'go']);
  });

  it('copying down gives the copy an id of its own', async () => {
    const notebook = await openNotebook(PLANNED);
    await select(notebook, 3);
    await vscode.commands.executeCommand('notebook.cell.copyDown');
    await until(
      'the copy has an id',
      () => notebook.cellCount === 6 && idsOf(notebook).filter((id) => id !== undefined).length === 5,
    );
    await notebook.save();
    const again = await reread(notebook);
    const ids = idsOf(again).filter((id) => id !== undefined);
    assert.equal(new Set(ids).size, 5);
    assert.ok(ids.includes('grasp'));
    assert.equal(again.cellAt(3).document.getText(), again.cellAt(4).document.getText());
  });

  it('cutting and pasting ends in a readable file with unique ids', async () => {
    const notebook = await openNotebook(PLANNED);
    await select(notebook, 1);
    await vscode.commands.executeCommand('notebook.cell.cut');
    await until('the cell is gone', () => notebook.cellCount === 4);
    await select(notebook, 0);
    await vscode.commands.executeCommand('notebook.cell.paste');
    await until(
      'the cell is back with an id',
      () => notebook.cellCount === 5 && idsOf(notebook).filter((id) => id !== undefined).length === 4,
    );
    await notebook.save();
    const again = await reread(notebook);
    assert.equal(again.cellCount, 5);
    assert.equal(again.cellAt(1).document.getText(), '{ "camera": "front", "voxel": 0.004 }');
  });

  it('splitting Markdown survives saving and reading', async () => {
    const notebook = await openNotebook(SAMPLE);
    await edit((e) =>
      e.set(notebook.uri, [
        vscode.NotebookEdit.replaceCells(new vscode.NotebookRange(0, 1), [
          new vscode.NotebookCellData(
            vscode.NotebookCellKind.Markup,
            '# Put the red cube in the bowl',
            'markdown',
          ),
          new vscode.NotebookCellData(
            vscode.NotebookCellKind.Markup,
            'The bowl stands behind a carton.',
            'markdown',
          ),
        ]),
      ]),
    );
    await notebook.save();
    assert.ok((await fileText(notebook.uri)).includes('<!-- cell -->'));
    const again = await reread(notebook);
    assert.deepEqual(
      again
        .getCells()
        .slice(0, 2)
        .map((cell) => cell.document.getText()),
      ['# Put the red cube in the bowl', 'The bowl stands behind a carton.'],
    );
  });

  it('a cell whose language was changed becomes that kind', async () => {
    const notebook = await openNotebook(SAMPLE);
    await vscode.languages.setTextDocumentLanguage(notebook.cellAt(1).document, 'waybook-execute');
    await until('the language changed', () => notebook.cellAt(1).document.languageId === 'waybook-execute');
    await notebook.save();
    assert.equal(
      await fileText(notebook.uri),
      changed(SAMPLE, '```json capture {#table}', '```json execute {#table}'),
    );
  });

  it('code in a foreign language is kept as a fence in Markdown', async () => {
    const notebook = await openNotebook(SAMPLE);
    const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'print(1)', 'python');
    await edit((e) => e.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [data])]));
    await notebook.save();
    assert.ok((await fileText(notebook.uri)).includes('```python\nprint(1)\n```'));
  });

  it('front matter is metadata and no cell', async () => {
    const notebook = await openNotebook(SAMPLE);
    assert.equal(notebook.cellAt(0).document.getText().split('\n')[0], '# Put the red cube in the bowl');
  });

  for (const [what, text, line] of [
    ['conflict markers', changed(SAMPLE, 'put the red', '<<<<<<< ours\nput the red'), '14'],
    ['broken front matter', changed(SAMPLE, 'waybook: 1', 'waybook: ['), '[23]'],
  ] as const) {
    it(`${what} are an error that names the line, never an empty notebook`, async () => {
      const uri = writeNotebookFile(text);
      await assert.rejects(
        async () => vscode.workspace.openNotebookDocument(uri),
        (error: Error) => new RegExp(`[Ll]ine ${line}\\b`).test(error.message),
      );
      assert.equal(await fileText(uri), text);
      const document = await vscode.workspace.openTextDocument(uri);
      assert.equal(document.getText(), text);
    });
  }

  it('invalid UTF-8 is an error', async () => {
    const bytes = Buffer.concat([Buffer.from(SAMPLE), Buffer.from([0xff, 0xfe, 0x0a])]);
    const uri = writeNotebookFile(bytes);
    await assert.rejects(async () => vscode.workspace.openNotebookDocument(uri), /UTF-8/);
  });

  it('500 cells: saving without an edit keeps every byte', async () => {
    const cells = Array.from(
      { length: 250 },
      (_, i) => `Step ${i}\n\n\`\`\`json capture {#c${i}}\n{ "camera": "front" }\n\`\`\`\n`,
    );
    const text = `---\nwaybook: 1\n---\n${cells.join('\n')}`;
    const notebook = await openNotebook(text);
    assert.equal(notebook.cellCount, 500);
    const cell = notebook.cellAt(499);
    await edit((e) => e.insert(cell.document.uri, new vscode.Position(0, 0), ' '));
    await edit((e) => e.delete(cell.document.uri, new vscode.Range(0, 0, 0, 1)));
    await notebook.save();
    assert.equal(await fileText(notebook.uri), text);
  });
});

async function select(notebook: vscode.NotebookDocument, index: number): Promise<void> {
  const editor = await vscode.window.showNotebookDocument(notebook, {
    selections: [new vscode.NotebookRange(index, index + 1)],
  });
  editor.selection = new vscode.NotebookRange(index, index + 1);
  await until('the cell is selected', () => editor.selection.start === index);
}
