import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import { modelPortFor } from '../../planning/planner-for.ts';
import { checkPlanner, formatPlannerCheck } from '../../planning/vlm/check-planner.ts';
import { whyNotRun } from '../support/trust.ts';
import type { Secrets } from '../support/secrets.ts';
import * as settings from '../support/settings.ts';
import { answerWithLanguageModel } from './language-model.ts';

/** Width of table that the drawn sheet stands for [m]. */
const ACROSS = 0.8;

/**
 * Asks the model behind the chosen planner to point at drawn marks, and shows how well it does. Throws `input/usage` in
 * Restricted Mode, `input/planner` for the built-in planner and an endpoint that is not set, and what the model throws.
 */
export async function checkPlannerCommand(secrets: Secrets): Promise<void> {
  const refusal = whyNotRun();
  if (refusal) throw refusal;
  const id = settings.planner();
  const { baseUrl, model } = settings.openAi();
  const apiKey = await secrets.plannerKey();
  const port = modelPortFor(id, {
    trusted: vscode.workspace.isTrusted,
    ...(baseUrl === '' ? {} : { openai: { baseUrl, model, ...(apiKey === undefined ? {} : { apiKey }) } }),
    lm: {
      model: 'vscode',
      send: (prompt, images) => answerWithLanguageModel({ type: 'model-request', id: 0, prompt, images }),
    },
  });
  const check = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking planner {0}', id),
      cancellable: true,
    },
    async (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() =>
        abort.abort(new WaybookError('task/cancelled', vscode.l10n.t('The check was stopped.'))),
      );
      return checkPlanner(port, { kind: 'sheet', metresAcross: ACROSS }, abort.signal);
    },
  );
  const content = [
    `# ${vscode.l10n.t('Check of planner {0}', id)}`,
    '',
    formatPlannerCheck(check),
    '',
    ...check.replies.flatMap(({ format, raw, found }) => [
      `## ${format}: ${found}`,
      '',
      '```',
      raw,
      '```',
      '',
    ]),
  ].join('\n');
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: true });
}
