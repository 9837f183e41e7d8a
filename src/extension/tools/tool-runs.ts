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

/** What the tools do: runs in a simulator of their own, one at a time, and reading what is open. */
export class ToolRuns {
  private readonly queue = new RunQueue();

  constructor(
    private readonly sessions: Sessions,
    private readonly folder: string,
  ) {}

  plan(input: unknown, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult> {
    return this.run(() => planRequest(planInput(input), this.folder), token);
  }

  refine(input: unknown, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult> {
    return this.run(() => refineRequest(refineInput(input), this.folder), token);
  }

  inspect(input: unknown): vscode.LanguageModelToolResult {
    return answer(inspect(input));
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
