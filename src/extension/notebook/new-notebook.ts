import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from './cells.ts';
import { TaskNotebookSerializer } from './serializer.ts';
import { TEMPLATES, templateText, type Template } from './templates.ts';

const EMPTY =
  '---\nwaybook: 1\nrobot: sim:tabletop?seed=0\n---\n# New task\n\n```json capture {#table}\n{ "camera": "front" }\n```\n';

/** New File: a quick pick of the simulator's tasks, then an untitled notebook. */
export async function newNotebook(template?: string): Promise<vscode.NotebookDocument | undefined> {
  const known = TEMPLATES.find(({ id }) => id === template);
  const chosen = known ?? (await pick());
  if (chosen === undefined) return undefined;
  const text = chosen === 'empty' ? EMPTY : templateText(chosen);
  const data = new TaskNotebookSerializer().deserializeNotebook(new TextEncoder().encode(text));
  const notebook = await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, data);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

async function pick(): Promise<Template | 'empty' | undefined> {
  const items = [
    ...TEMPLATES.map((template) => ({
      label: template.title,
      description: template.note,
      template: template,
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator, template: 'empty' as const },
    {
      label: vscode.l10n.t('Empty task notebook'),
      description: vscode.l10n.t('One capture cell'),
      template: 'empty' as const,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('New task notebook'),
    placeHolder: vscode.l10n.t('Choose a task to start from'),
  });
  return picked?.template;
}

/** A copy of the sample to play with: untitled, so that the installed one stays as it is. */
export async function openSample(extension: vscode.Uri): Promise<void> {
  const sample = vscode.Uri.joinPath(extension, 'samples', 'pick-and-place.waybook.md');
  try {
    const bytes = await vscode.workspace.fs.readFile(sample);
    const data = new TaskNotebookSerializer().deserializeNotebook(bytes);
    await vscode.window.showNotebookDocument(
      await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, data),
    );
  } catch {
    await newNotebook('pick-place');
  }
}
