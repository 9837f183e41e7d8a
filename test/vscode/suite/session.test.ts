import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { askedOf, fakeOpenAi, type FakeAnswer } from '../../../src/planning/testing/fake-openai.ts';
import { closeAll, idsOf, openNotebook, SAMPLE, until } from './workbench.ts';

/** With the session and the simulator that ship, and an endpoint that follows a script. */
describe('planning over an OpenAI-compatible endpoint', () => {
  const section = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('waybook');
  const set = async (values: Record<string, string | undefined>): Promise<void> => {
    for (const [name, value] of Object.entries(values))
      await section().update(name, value, vscode.ConfigurationTarget.Global);
  };
  afterEach(async () => {
    await set({ 'planner.provider': undefined, 'openai.baseUrl': undefined, 'openai.model': undefined });
    await closeAll();
  });

  /** Runs the instruction of the sample against the script; resolves when its cell has ended. */
  async function planWith(script: readonly FakeAnswer[]) {
    const server = await fakeOpenAi(script);
    await set({ 'planner.provider': 'openai', 'openai.baseUrl': server.baseUrl, 'openai.model': 'scripted' });
    const notebook = await openNotebook(SAMPLE);
    const index = idsOf(notebook).indexOf('put-cube');
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: index, end: index + 1 }],
      document: notebook.uri,
    });
    const cell = notebook.cellAt(index);
    await until('the instruction ended', () => cell.executionSummary?.success !== undefined);
    const said = cell.outputs
      .flatMap(({ items }) => items)
      .map(({ data }) => new TextDecoder().decode(data))
      .join('\n');
    return { server, notebook, cell, said };
  }

  it('asks it with what was seen and a picture, writes its plan, and names it', async () => {
    const answer: FakeAnswer = {
      kind: 'answer',
      to: (request) => {
        const { text } = askedOf(request);
        const seen = JSON.parse(/<scene>(.*)<\/scene>/.exec(text)?.[1] ?? '[]') as {
          id: string;
          label: string;
        }[];
        const idOf = (label: string): string | undefined => seen.find((thing) => thing.label === label)?.id;
        const step = {
          action: 'put',
          object: idOf('red cube'),
          destination: idOf('blue bowl'),
          relation: 'in',
        };
        return JSON.stringify({ steps: [step] });
      },
    };
    const { server, notebook, cell, said } = await planWith([answer]);
    await using _ = server;
    assert.equal(cell.executionSummary?.success, true, said);
    assert.equal(server.requests.length, 1);
    const asked = server.requests[0];
    assert.ok(asked);
    assert.match(askedOf(asked).text, /put the red cube in the blue bowl/);
    assert.deepEqual([...(askedOf(asked).image ?? []).slice(1, 4)], [...new TextEncoder().encode('PNG')]);
    const plan = notebook.getCells()[idsOf(notebook).indexOf('grasp')];
    assert.match(plan?.document.getText() ?? '', /"label": "grasp red cube"/);
    assert.match(said, /openai/);
  });

  it('an endpoint that fails fails the cell, and no other planner steps in', async () => {
    const { server, notebook, cell, said } = await planWith([
      { kind: 'raw', status: 401, body: '{"error": {"message": "no such key"}}' },
    ]);
    await using _ = server;
    assert.equal(cell.executionSummary?.success, false);
    assert.match(said, /401|key/);
    assert.ok(!idsOf(notebook).includes('grasp'), 'somebody planned');
  });
});
