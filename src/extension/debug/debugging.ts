import * as vscode from 'vscode';
import { currentNotebook } from '../notebook/cells.ts';
import type { Controllers } from '../kernel/controllers.ts';
import type { Runs } from '../kernel/runs.ts';

const TYPE = 'waybook';

/** Debugging of task notebooks: each session is a client of the run. */
export class Debugging
  implements vscode.DebugAdapterDescriptorFactory, vscode.DebugConfigurationProvider, vscode.Disposable
{
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly runs: Runs,
    private readonly controllers: Controllers,
  ) {
    this.subscriptions = [
      vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, this),
      vscode.debug.registerDebugConfigurationProvider(TYPE, this),
    ];
  }

  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration | undefined {
    const notebook =
      typeof configuration['notebook'] === 'string'
        ? configuration['notebook']
        : currentNotebook()?.uri.toString();
    if (notebook === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Open a task notebook to debug it.'));
      return undefined;
    }
    return {
      ...configuration,
      type: TYPE,
      request: 'launch',
      name: configuration.name || 'Waybook',
      notebook,
    };
  }

  async createDebugAdapterDescriptor(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const named = String(session.configuration['notebook']);
    const uri = named.includes(':') ? vscode.Uri.parse(named) : vscode.Uri.file(named);
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    const kind = await this.controllers.ensureSelected(notebook);
    const { runs } = this;
    const { WaybookDebugAdapter } = await import('./debug-adapter.ts');
    return new vscode.DebugAdapterInlineImplementation(
      new WaybookDebugAdapter({
        notebook,
        runs,
        launch: (breakpoints, stepping) =>
          runs.start({ notebook, kind, controller: this.controllers.get(kind), breakpoints, stepping }),
      }),
    );
  }

  async start(notebook: vscode.NotebookDocument, stopOnEntry = false): Promise<void> {
    await vscode.debug.startDebugging(
      vscode.workspace.getWorkspaceFolder(notebook.uri),
      {
        type: TYPE,
        request: 'launch',
        name: vscode.l10n.t('Task notebook'),
        notebook: notebook.uri.toString(),
        stopOnEntry,
        internalConsoleOptions: 'neverOpen',
      },
      { suppressSaveBeforeStart: true },
    );
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
