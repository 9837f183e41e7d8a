import * as vscode from 'vscode';
import { IDENTITY_POSE } from '../../core/geometry.ts';
import type { Scene } from '../../core/scene.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { languageOfKind } from '../notebook/cell-data.ts';
import { attributesOf, findCell, NOTEBOOK_TYPE } from '../notebook/cells.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import { sceneOf } from '../outputs/cell-output.ts';
import { cellOf } from './notebook-references.ts';

/** How an instruction may go on: verbs, and the objects that the capture of its cell has found. */
export const registerInstructionCompletion = (): vscode.Disposable =>
  vscode.languages.registerCompletionItemProvider(
    { language: languageOfKind('instruction'), notebookType: NOTEBOOK_TYPE },
    {
      async provideCompletionItems(document, position) {
        const { completeInstruction } = await import('../../planning/completion.ts');
        const cell = cellOf(document);
        const viewpoint = cell && frontMatterOf(cell.notebook).viewpoint;
        const capture = cell && attributesOf(cell)['capture'];
        const source = cell && capture !== undefined ? findCell(cell.notebook, capture) : undefined;
        const scene = source && sceneOf(source);
        const text = document.getText(new vscode.Range(new vscode.Position(0, 0), position));
        return completeInstruction(text, scene ? objectsOf(scene) : [], viewpoint).map((completion) => {
          const item = new vscode.CompletionItem(completion.text, KINDS[completion.kind]);
          item.range = new vscode.Range(document.positionAt(completion.from), position);
          item.filterText = completion.text;
          return item;
        });
      },
    },
    ' ',
  );

const KINDS = {
  verb: vscode.CompletionItemKind.Function,
  object: vscode.CompletionItemKind.Variable,
  relation: vscode.CompletionItemKind.Operator,
  sequence: vscode.CompletionItemKind.Keyword,
};

/** What a capture's output says of the things that it found. */
function objectsOf(scene: Scene): SceneObject[] {
  return scene.layers.flatMap((layer) =>
    layer.kind === 'boxes'
      ? layer.boxes.map(({ label, pose, size, score }, i) => ({
          id: `${label} ${i}`,
          label,
          pose: { ...IDENTITY_POSE, ...pose },
          size,
          score: score ?? 1,
          source: 'detections' as const,
        }))
      : [],
  );
}
