// A provider of a language model, so that the planner over `vscode.lm` runs as it does with a real one.
const vscode = require('vscode');

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('waybook-test-model', {
      provideLanguageModelChatInformation: () => [
        {
          id: 'echo',
          name: 'Echo',
          family: 'echo',
          version: '1',
          maxInputTokens: 100_000,
          maxOutputTokens: 1000,
          capabilities: { imageInput: true },
        },
      ],
      provideLanguageModelChatResponse: async (_model, messages, _options, progress) => {
        const parts = messages.flatMap(({ content }) => content);
        const images = parts.filter((part) => part instanceof vscode.LanguageModelDataPart).length;
        const text = parts.map((part) => part.value ?? '').join('');
        progress.report(new vscode.LanguageModelTextPart(`asked "${text}" `));
        progress.report(new vscode.LanguageModelTextPart(`with ${images} image`));
      },
      provideTokenCount: async () => 1,
    }),
  );
};
