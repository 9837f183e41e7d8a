import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, fileText, hooks, idsOf, openNotebook, PLANNED, until } from './workbench.ts';

interface Frame {
  name: string;
  line: number;
}

describe('debugging', () => {
  afterEach(async () => {
    await vscode.debug.stopDebugging();
    const { runs } = await hooks();
    for (const run of runs.all()) runs.cancel(run);
    await until('no run is left', () => runs.all().length === 0);
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await closeAll();
  });

  it('pauses at a waypoint, shows its variables, steps to the next and ends', async () => {
    const notebook = await openNotebook(PLANNED);
    const plan = notebook.cellAt(idsOf(notebook).indexOf('grasp'));
    const line = plan.document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('"grasp"'));
    vscode.debug.addBreakpoints([
      new vscode.SourceBreakpoint(new vscode.Location(plan.document.uri, new vscode.Position(line, 0))),
    ]);
    const stops: string[] = [];
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('waybook', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage: (message: { type: string; event?: string; body?: { reason?: string } }) => {
          if (message.event === 'stopped') stops.push(message.body?.reason ?? '');
        },
      }),
    });
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession(() => {
        listening.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('waybook.debug');
    await until('stopped at the breakpoint', () => stops.length === 1);
    assert.deepEqual(stops, ['breakpoint']);
    const session = vscode.debug.activeDebugSession;
    assert.ok(session);
    const trace = (await session.customRequest('stackTrace', { threadId: 1 })) as { stackFrames: Frame[] };
    assert.equal(trace.stackFrames[0]?.name, 'grasp');
    assert.equal(trace.stackFrames[0]?.line, line + 1);
    const { scopes } = (await session.customRequest('scopes', { frameId: 1 })) as {
      scopes: { name: string; variablesReference: number }[];
    };
    const joints = scopes.find(({ name }) => name === 'Joint state');
    assert.ok(joints, `no joint state in ${scopes.map(({ name }) => name).join()}`);
    const { variables } = (await session.customRequest('variables', {
      variablesReference: joints.variablesReference,
    })) as { variables: { name: string; value: string }[] };
    assert.deepEqual(variables[0], { name: 'joint1', value: '0.074', variablesReference: 0 });
    await session.customRequest('next', { threadId: 1 });
    await until('stopped at the next waypoint', () => stops.length === 2);
    const next = (await session.customRequest('stackTrace', { threadId: 1 })) as { stackFrames: Frame[] };
    assert.equal(next.stackFrames[0]?.name, 'lift');
    await session.customRequest('continue', { threadId: 1 });
    await ended;
    tracker.dispose();
  });

  it('a breakpoint follows its waypoint when the file changes on disk', async () => {
    const notebook = await openNotebook(PLANNED);
    const plan = notebook.cellAt(idsOf(notebook).indexOf('grasp'));
    const before = plan.document.uri.toString();
    const line = plan.document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('"lift"'));
    vscode.debug.addBreakpoints([
      new vscode.SourceBreakpoint(new vscode.Location(plan.document.uri, new vscode.Position(line, 0))),
    ]);
    await until('VS Code has the breakpoint', () => vscode.debug.breakpoints.length === 1);
    const text = (await fileText(notebook.uri)).replace(
      '  "waypoints": [\n',
      '  "waypoints": [\n    { "label": "start", "position": [0.3, 0, 0.4], "orientation": [1, 0, 0, 0], "gripper": 1, "radius": 0.03 },\n',
    );
    await vscode.workspace.fs.writeFile(notebook.uri, new TextEncoder().encode(text));
    const now = await until('the cell has another identity', () => {
      const cell = notebook.getCells()[idsOf(notebook).indexOf('grasp')];
      return cell && cell.document.getText().includes('"start"') && cell.document.uri.toString() !== before
        ? cell
        : undefined;
    });
    await until('the breakpoint stands on the same waypoint', () =>
      vscode.debug.breakpoints.some(
        (b) =>
          b instanceof vscode.SourceBreakpoint &&
          b.location.uri.toString() === now.document.uri.toString() &&
          now.document.lineAt(b.location.range.start.line).text.includes('"lift"'),
      ),
    );
    assert.equal(vscode.debug.breakpoints.length, 1);
  });

  it('Step runs to the next place and Continue to the end, without a debugger', async () => {
    const notebook = await openNotebook(PLANNED);
    const { runs } = await hooks();
    void vscode.commands.executeCommand('waybook.step');
    await until('paused at the first cell', () => runs.of(notebook)?.view.tag === 'paused');
    assert.equal((runs.of(notebook)?.view as { cell: string }).cell, 'table');
    await vscode.commands.executeCommand('waybook.step');
    await until(
      'paused at the second',
      () =>
        (runs.of(notebook)?.view as { cell?: string; tag: string } | undefined)?.cell === 'put-cube' &&
        runs.of(notebook)?.view.tag === 'paused',
    );
    await vscode.commands.executeCommand('waybook.continue');
    await until('the run is over', () => runs.all().length === 0);
    await until(
      'the execute cell succeeded',
      () => notebook.cellAt(idsOf(notebook).indexOf('go')).executionSummary?.success === true,
    );
  });

  it('stops where a motion is refused, says why, and ends when told to go on', async () => {
    await openNotebook(PLANNED.replace('[0.46, 0.15, 0.03]', '[0.46, 0.15, -0.01]'));
    const stops: { reason?: string; text?: string }[] = [];
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('waybook', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage: (message: { event?: string; body?: { reason?: string; text?: string } }) => {
          if (message.event === 'stopped') stops.push(message.body ?? {});
        },
      }),
    });
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession(() => {
        listening.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('waybook.debug');
    await until('stopped at the refusal', () => stops.length === 1);
    assert.equal(stops[0]?.reason, 'exception');
    assert.match(stops[0]?.text ?? '', /10 mm above the table/);
    const session = vscode.debug.activeDebugSession;
    assert.ok(session);
    const trace = (await session.customRequest('stackTrace', { threadId: 1 })) as { stackFrames: Frame[] };
    assert.equal(trace.stackFrames[0]?.name, 'grasp');
    await session.customRequest('continue', { threadId: 1 });
    await ended;
    tracker.dispose();
  });
});
