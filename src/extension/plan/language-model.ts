import * as vscode from 'vscode';
import type { ModelRequest } from '../session/session-client.ts';

const TIMEOUT_MS = 120_000;

/**
 * Answers a planner's request with a language model that the editor offers. Whether a model reads images is not
 * something that VS Code tells, so the output names the model and the request is sent as it is.
 */
export async function answerWithLanguageModel(request: ModelRequest): Promise<string> {
  const models = await vscode.lm.selectChatModels();
  const model = models[0];
  if (!model) {
    throw new Error(
      vscode.l10n.t(
        'VS Code offers no language model. Install an extension that does, or select another planner.',
      ),
    );
  }
  const parts: (vscode.LanguageModelTextPart | vscode.LanguageModelDataPart)[] = [
    new vscode.LanguageModelTextPart(request.prompt),
    ...request.images.map(({ bytes, mime }) => vscode.LanguageModelDataPart.image(bytes, mime)),
  ];
  const cancellation = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => cancellation.cancel(), TIMEOUT_MS);
  try {
    const response = await model.sendRequest(
      [vscode.LanguageModelChatMessage.User(parts)],
      { justification: vscode.l10n.t('Plan waypoints for the instruction of a task notebook.') },
      cancellation.token,
    );
    let text = '';
    for await (const chunk of response.text) text += chunk;
    return text;
  } finally {
    clearTimeout(timer);
    cancellation.dispose();
  }
}
