import * as vscode from 'vscode';
import { documentMetadata, withDocument } from './cell-data.ts';
import { frontMatterOf } from './notebook-text.ts';
import { patchFrontMatter, type FrontMatterPatch } from './front-matter-edit.ts';
import type { NotebookEdits } from './notebook-edits.ts';

/** Edits a notebook's front matter, which is document metadata and never a cell. */
export class NotebookProperties {
  constructor(private readonly edits: NotebookEdits) {}

  async set(notebook: vscode.NotebookDocument, patch: FrontMatterPatch): Promise<void> {
    await this.rewrite(notebook, (raw, eol) => patchFrontMatter(raw, patch, eol));
  }

  /** The front matter's text through a function, as one edit that can be undone; nothing where it stays the same. */
  async rewrite(
    notebook: vscode.NotebookDocument,
    change: (raw: string, eol: '\n' | '\r\n') => string,
  ): Promise<void> {
    await this.edits.apply(() => {
      const before = documentMetadata(notebook.metadata);
      const frontMatterRaw = change(before.frontMatterRaw, before.eol);
      if (frontMatterRaw === before.frontMatterRaw) return undefined;
      const edit = new vscode.WorkspaceEdit();
      edit.set(notebook.uri, [
        vscode.NotebookEdit.updateNotebookMetadata(
          withDocument(notebook.metadata, { ...before, frontMatterRaw }),
        ),
      ]);
      return edit;
    });
  }

  /** A command for keyboards: choose a property, then its value. */
  async edit(notebook: vscode.NotebookDocument): Promise<void> {
    const front = frontMatterOf(notebook);
    const properties = [
      { key: 'robot', value: front.robot, example: 'sim:tabletop?seed=7' },
      { key: 'planner', value: front.planner, example: 'language' },
      { key: 'refiner', value: front.refiner, example: 'expert' },
      { key: 'viewpoint', value: front.viewpoint, example: 'robot' },
    ];
    const picked = await vscode.window.showQuickPick(
      properties.map((property) => ({
        label: property.key,
        description: property.value ?? vscode.l10n.t('not set'),
        property,
      })),
      {
        title: vscode.l10n.t('Notebook properties'),
        placeHolder: vscode.l10n.t('Written into the front matter of the file'),
      },
    );
    if (!picked) return;
    const { key, value, example } = picked.property;
    const next = await vscode.window.showInputBox({
      title: key,
      value: value ?? '',
      prompt: vscode.l10n.t('Leave it empty to take it out. Example: {0}', example),
    });
    if (next === undefined) return;
    await this.set(notebook, { [key]: next.trim() === '' ? undefined : next.trim() });
  }
}
