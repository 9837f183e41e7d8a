import * as vscode from 'vscode';
import type { Sessions } from '../session/sessions.ts';
import type { ToolRuns } from './tool-runs.ts';

/**
 * Tools for language models: plan, refine and read. They run in a simulator of their own, on notebooks without an
 * execute cell; nothing here can move a robot.
 */
export function registerLanguageModelTools(sessions: Sessions, storage: vscode.Uri): vscode.Disposable {
  let loading: Promise<ToolRuns> | undefined;
  const runs = (): Promise<ToolRuns> =>
    (loading ??= import('./tool-runs.ts').then(
      ({ ToolRuns }) => new ToolRuns(sessions, vscode.Uri.joinPath(storage, 'tools').fsPath),
    ));
  return vscode.Disposable.from(
    vscode.lm.registerTool('waybook_plan', {
      prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Planning in the simulator') }),
      invoke: async ({ input }, token) => (await runs()).plan(input, token),
    }),
    vscode.lm.registerTool('waybook_refine', {
      prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Refining in the simulator') }),
      invoke: async ({ input }, token) => (await runs()).refine(input, token),
    }),
    vscode.lm.registerTool('waybook_inspect', { invoke: async ({ input }) => (await runs()).inspect(input) }),
  );
}
