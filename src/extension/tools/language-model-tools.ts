import * as vscode from 'vscode';
import type { RunRequest, SessionEvent } from '../../notebook/session/session-api.ts';
import { checkNotebook } from '../../notebook/file/check-notebook.ts';
import { messageOf } from '../../core/errors.ts';
import {
  attributesOf,
  currentNotebook,
  idOf,
  isTaskNotebook,
  runnableCells,
  runnableKindOf,
} from '../notebook/cells.ts';
import { nameOf, textOf } from '../notebook/notebook-text.ts';
import { outputMetadata } from '../outputs/cell-output.ts';
import { RunQueue } from '../kernel/run-queue.ts';
import { TOOLS, type Sessions } from '../session/sessions.ts';
import { whyNotRun } from '../support/trust.ts';
import { answerOf, planInput, planRequest, refineInput, refineRequest } from './tool-notebook.ts';

/**
 * Tools for language models: plan, refine and read. They run in a simulator of their own, on notebooks without an
 * execute cell; nothing here can move a robot.
 */
export class LanguageModelTools implements vscode.Disposable {
  private readonly queue = new RunQueue();
  private readonly registrations: vscode.Disposable;

  constructor(
    private readonly sessions: Sessions,
    private readonly storage: vscode.Uri,
  ) {
    this.registrations = vscode.Disposable.from(
      vscode.lm.registerTool('waybook_plan', {
        prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Planning in the simulator') }),
        invoke: ({ input }, token) => this.run(() => planRequest(planInput(input), this.folder()), token),
      }),
      vscode.lm.registerTool('waybook_refine', {
        prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Refining in the simulator') }),
        invoke: ({ input }, token) => this.run(() => refineRequest(refineInput(input), this.folder()), token),
      }),
      vscode.lm.registerTool('waybook_inspect', { invoke: ({ input }) => answer(inspect(input)) }),
    );
  }

  dispose(): void {
    this.registrations.dispose();
  }

  private folder(): string {
    return vscode.Uri.joinPath(this.storage, 'tools').fsPath;
  }

  private async run(
    make: () => RunRequest,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const refusal = whyNotRun();
    if (refusal) throw refusal;
    const request = make();
    const abort = new AbortController();
    const events: SessionEvent[] = [];
    const listening = this.sessions.onEvent(({ target, event }) => target === TOOLS && events.push(event));
    const cancelling = token.onCancellationRequested(() => {
      abort.abort();
      this.sessions.get(TOOLS).tell({ kind: 'cancel' });
    });
    try {
      await this.queue.run(
        TOOLS,
        () => {
          events.length = 0;
          return this.sessions.get(TOOLS).run(request);
        },
        abort.signal,
      );
      return answer(answerOf(events));
    } catch (error) {
      throw new Error(messageOf(error), { cause: error });
    } finally {
      listening.dispose();
      cancelling.dispose();
    }
  }
}

const answer = (value: unknown): vscode.LanguageModelToolResult =>
  new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(value, null, 2))]);

/** Cells, findings and last results of an open notebook. */
function inspect(input: unknown): unknown {
  const wanted =
    typeof input === 'object' && input !== null ? (input as { notebook?: unknown }).notebook : undefined;
  const open = vscode.workspace.notebookDocuments.filter(isTaskNotebook);
  const notebook =
    typeof wanted === 'string'
      ? open.find((n) => n.uri.path.includes(wanted))
      : (currentNotebook() ?? open[0]);
  if (!notebook) throw new Error('No such task notebook is open in the editor. Open one, or name another.');
  const text = textOf(notebook);
  return {
    notebook: nameOf(notebook),
    text,
    findings: checkNotebook(text, nameOf(notebook)),
    cells: runnableCells(notebook).map((cell) => ({
      id: idOf(cell),
      kind: runnableKindOf(cell),
      attributes: attributesOf(cell),
      result: outputMetadata(cell),
    })),
  };
}
