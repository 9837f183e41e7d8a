import * as vscode from 'vscode';
import type { Controllers } from '../kernel/controllers.ts';
import type { NotebookReferences } from '../language/notebook-references.ts';
import type { Runs } from '../kernel/runs.ts';
import type { Staleness } from '../outputs/staleness.ts';
import type { Sessions } from '../session/sessions.ts';

/** What tests in a real VS Code may see; exported only outside production. */
export interface TestHooks {
  readonly sessions: Sessions;
  readonly runs: Runs;
  readonly controllers: Controllers;
  readonly references: NotebookReferences;
  readonly staleness: Staleness;
  readonly activationMs: number;
}

export const testHooks = (context: vscode.ExtensionContext, hooks: TestHooks): TestHooks | undefined =>
  context.extensionMode === vscode.ExtensionMode.Production ? undefined : hooks;
