import * as assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, until, writeNotebookFile } from './workbench.ts';

const CELLS = 500;
/** In turns, after a first round that loads what the later ones find loaded. */
const ROUNDS = Number(process.env['WAYBOOK_MEASURE_ROUNDS'] ?? 3);
/** A notebook of cells with outputs is to open within twice what Markdown of the same size takes. */
const RATIO = 2;
const HEAD = '---\nwaybook: 1\nrobot: sim:tabletop?seed=7\n---\n';
const fence = (i: number): string =>
  `\`\`\`json capture {#c${i}}\n{ "camera": "front", "voxel": 0.00${(i % 9) + 1} }\n\`\`\``;

/** Runnable cells with a record of a run that shows an output under each. */
function withOutputs(name: string): vscode.Uri {
  const cells = Array.from({ length: CELLS }, (_, i) => `${fence(i)}\n`);
  const uri = writeNotebookFile(`${HEAD}# Large\n\n${cells.join('\n')}`, `${name}.waybook.md`);
  const folder = `${uri.fsPath.replace(/\.md$/, '.runs')}/20260101T000000Z-aaaaaa`;
  mkdirSync(folder, { recursive: true });
  const index: Record<string, unknown> = {};
  for (let i = 0; i < CELLS; i++) {
    const scene = {
      version: 1,
      kind: 'capture',
      cell: `c${i}`,
      title: `Capture ${i}`,
      verdict: { ok: true, text: `${i} points` },
      facts: [{ name: 'Points', value: String(i) }],
      layers: [],
    };
    writeFileSync(`${folder}/c${i}.scene.json`, JSON.stringify(scene));
    index[`c${i}`] = { preview: `c${i}.scene.json`, summary: '', sidecars: [] };
  }
  writeFileSync(`${folder}/index.json`, JSON.stringify({ version: 1, state: 'succeeded', cells: index }));
  return uri;
}

/** As many bytes, as many paragraphs, and nothing that runs. */
function markdownOnly(name: string, bytes: number): vscode.Uri {
  const paragraphs = Array.from({ length: CELLS }, (_, i) => `Paragraph ${i} of a notebook that only tells.`);
  let text = `${HEAD}# Large\n\n${paragraphs.join('\n\n<!-- cell -->\n\n')}\n`;
  if (text.length < bytes) text += `${'x'.repeat(bytes - text.length - 1)}\n`;
  return writeNotebookFile(text, `${name}.waybook.md`);
}

describe('a large notebook', () => {
  afterEach(closeAll);

  it(`of ${CELLS} cells with outputs opens within ${RATIO} times what Markdown of the same size takes`, async function () {
    this.timeout(600_000);
    const times = { markdown: [] as number[], cells: [] as number[], outputs: [] as number[] };
    // As a person does. The API's way of opening keeps a notebook that is closed for minutes more.
    const open = async (uri: vscode.Uri): Promise<{ notebook: vscode.NotebookDocument; ms: number }> => {
      const started = performance.now();
      await vscode.commands.executeCommand('vscode.openWith', uri, 'waybook');
      const notebook = await until('it is in front', () => {
        const shown = vscode.window.activeNotebookEditor?.notebook;
        return shown?.uri.toString() === uri.toString() ? shown : undefined;
      });
      return { notebook, ms: performance.now() - started };
    };
    // Extensions of VS Code's own look through every cell of every notebook that is still known, so no large one is there while
    // another opens. The small ones of other suites, opened by the API, may still be.
    const before = new Set(vscode.workspace.notebookDocuments.map(({ uri }) => uri.toString()));
    const close = async (): Promise<void> => {
      await closeAll();
      const isGone = (): boolean =>
        vscode.workspace.notebookDocuments.every(({ uri }) => before.has(uri.toString()));
      await until('the notebook is not known any more', isGone, 60_000);
    };
    for (let round = 0; round <= ROUNDS; round++) {
      const large = withOutputs(`large-${round}`);
      const { length } = await vscode.workspace.fs.readFile(large);
      const plain = await open(markdownOnly(`plain-${round}`, length));
      assert.ok(plain.notebook.cellCount >= CELLS);
      await close();
      const started = performance.now();
      const { notebook, ms } = await open(large);
      assert.equal(notebook.cellCount, CELLS + 1);
      await until(
        'every output is back',
        () => notebook.getCells().filter(({ outputs }) => outputs.length > 0).length === CELLS,
        200_000,
      );
      const outputs = performance.now() - started;
      assert.equal(notebook.isDirty, false);
      await close();
      if (round === 0 && ROUNDS > 0) continue;
      times.markdown.push(plain.ms);
      times.cells.push(ms);
      times.outputs.push(outputs);
    }
    const median = (values: readonly number[]): number =>
      [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
    const shown = (values: readonly number[]): string =>
      `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
    const ratio = median(times.cells) / median(times.markdown);
    console.log(
      `large notebook: ${CELLS} cells open in ${shown(times.cells)}, Markdown of the same size in ${shown(times.markdown)}: ratio ${ratio.toFixed(2)} (medians of ${times.cells.length} in turns); all outputs back after ${shown(times.outputs)}`,
    );
    assert.ok(ratio <= RATIO, `It took ${ratio.toFixed(2)} times as long.`);
  });
});
