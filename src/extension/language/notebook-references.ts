import * as vscode from 'vscode';
import { isCellId } from '../../notebook/file/attributes.ts';
import { cellMetadata, RUNNABLE_LANGUAGES, withCell } from '../notebook/cell-data.ts';
import {
  attributesOf,
  findCell,
  idOf,
  isTaskNotebook,
  revealCell,
  runnableCells,
  runnableKindOf,
} from '../notebook/cells.ts';
import type { NotebookEdits } from '../notebook/notebook-edits.ts';
import { kindOfKey, REFERENCE_KEYS, referencesInProse } from './cell-references.ts';

/** The notebook that a cell's document belongs to. */
export const notebookOf = (document: vscode.TextDocument): vscode.NotebookDocument | undefined =>
  vscode.workspace.notebookDocuments.find(
    (notebook) => isTaskNotebook(notebook) && notebook.getCells().some((cell) => cell.document === document),
  );

export const cellOf = (document: vscode.TextDocument): vscode.NotebookCell | undefined =>
  notebookOf(document)
    ?.getCells()
    .find((cell) => cell.document === document);

/** References between cells in the notebook editor: they live in metadata, so commands and the status row edit them. */
export class NotebookReferences implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly edits: NotebookEdits) {
    const selector = [...RUNNABLE_LANGUAGES, 'markdown'].map((language) => ({
      language,
      notebookType: 'waybook',
    }));
    this.subscriptions = vscode.Disposable.from(
      vscode.languages.registerDefinitionProvider(selector, {
        provideDefinition: (document, position) => this.definition(document, position),
      }),
      vscode.languages.registerRenameProvider(selector, {
        prepareRename: (document, position) => {
          const found = this.at(document, position);
          if (!found) throw new Error(vscode.l10n.t('Put the cursor on a #cell-id, or use "Rename Cell".'));
          return found.range;
        },
        provideRenameEdits: (document, position, newName) => {
          const found = this.at(document, position);
          const notebook = notebookOf(document);
          return found && notebook ? this.renameEdit(notebook, found.id, newName) : undefined;
        },
      }),
    );
  }

  /** Asks for a new id and changes it wherever it is named, in one edit. */
  async rename(cell: vscode.NotebookCell): Promise<void> {
    const id = idOf(cell);
    if (id === undefined) return;
    const next = await vscode.window.showInputBox({
      title: vscode.l10n.t('Rename #{0}', id),
      value: id,
      validateInput: (value) => this.problem(cell.notebook, id, value),
    });
    if (next === undefined || next === id) return;
    await this.renameTo(cell.notebook, id, next);
  }

  /** Throws where the new id is taken or is none. */
  async renameTo(notebook: vscode.NotebookDocument, id: string, next: string): Promise<void> {
    await this.edits.apply(() => this.renameEdit(notebook, id, next));
  }

  /** Chooses what a cell refers to: its capture, plan or trajectory. */
  async edit(cell: vscode.NotebookCell): Promise<void> {
    const kind = runnableKindOf(cell);
    const keys =
      kind === 'execute'
        ? ['trajectory']
        : kind === 'waypoints'
          ? ['capture', 'plan']
          : kind === 'instruction'
            ? ['capture']
            : [];
    const attributes = attributesOf(cell);
    const go = keys.flatMap((key) => attributes[key] ?? []);
    const items = [
      {
        label: `$(edit) ${vscode.l10n.t('Rename Cell…')}`,
        description: `#${idOf(cell) ?? ''}`,
        act: () => this.rename(cell),
      },
      ...keys.map((key) => ({
        label: `$(link) ${key}`,
        description:
          attributes[key] === undefined
            ? vscode.l10n.t('not set: the nearest one above')
            : `#${attributes[key]}`,
        act: () => this.choose(cell, key),
      })),
      ...go.map((id) => ({
        label: `$(go-to-file) ${vscode.l10n.t('Go to #{0}', id)}`,
        description: '',
        act: () => goToCell(cell.notebook, id),
      })),
    ];
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Cell #{0}', idOf(cell) ?? ''),
    });
    await picked?.act();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async choose(cell: vscode.NotebookCell, key: string): Promise<void> {
    const ids = runnableCells(cell.notebook)
      .filter((candidate) => runnableKindOf(candidate) === kindOfKey(key) && candidate !== cell)
      .flatMap((candidate) => idOf(candidate) ?? []);
    const none = vscode.l10n.t('Not set');
    const picked = await vscode.window.showQuickPick([...ids.map((id) => `#${id}`), none], { title: key });
    if (picked === undefined) return;
    await this.edits.apply(() => {
      const before = cellMetadata(cell.metadata);
      const attributes: Record<string, string> = { ...before.attributes };
      if (picked === none) delete attributes[key];
      else attributes[key] = picked.slice(1);
      const edit = new vscode.WorkspaceEdit();
      edit.set(cell.notebook.uri, [
        vscode.NotebookEdit.updateCellMetadata(
          cell.index,
          withCell(cell.metadata, { ...before, attributes }),
        ),
      ]);
      return edit;
    });
  }

  private definition(document: vscode.TextDocument, position: vscode.Position): vscode.Location | undefined {
    const found = this.at(document, position);
    const notebook = notebookOf(document);
    const target = found && notebook && findCell(notebook, found.id);
    return target && new vscode.Location(target.document.uri, new vscode.Position(0, 0));
  }

  private at(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { id: string; range: vscode.Range } | undefined {
    const notebook = notebookOf(document);
    if (!notebook) return undefined;
    const ids = new Set(runnableCells(notebook).flatMap((cell) => idOf(cell) ?? []));
    const found = referencesInProse(document.lineAt(position).text, ids).find(
      ({ start, end }) => position.character >= start - 1 && position.character <= end,
    );
    return (
      found && { id: found.id, range: new vscode.Range(position.line, found.start, position.line, found.end) }
    );
  }

  private problem(notebook: vscode.NotebookDocument, id: string, next: string): string | undefined {
    if (next === id) return undefined;
    if (!isCellId(next)) return vscode.l10n.t('An id has letters, digits, "_", "-", "." or ":".');
    return findCell(notebook, next) ? vscode.l10n.t('Another cell is called #{0}.', next) : undefined;
  }

  private renameEdit(notebook: vscode.NotebookDocument, id: string, next: string): vscode.WorkspaceEdit {
    const problem = this.problem(notebook, id, next);
    if (problem !== undefined) throw new Error(problem);
    const edit = new vscode.WorkspaceEdit();
    const changes: vscode.NotebookEdit[] = [];
    for (const cell of notebook.getCells()) {
      const before = cellMetadata(cell.metadata);
      const attributes = Object.fromEntries(
        Object.entries(before.attributes).map(([key, value]) => [
          key,
          REFERENCE_KEYS.includes(key) && value === id ? next : value,
        ]),
      );
      const renamed = before.id === id ? next : before.id;
      if (renamed !== before.id || JSON.stringify(attributes) !== JSON.stringify(before.attributes)) {
        changes.push(
          vscode.NotebookEdit.updateCellMetadata(
            cell.index,
            withCell(cell.metadata, { ...before, id: renamed, attributes }),
          ),
        );
      }
      for (let line = 0; line < cell.document.lineCount; line++) {
        for (const { start, end } of referencesInProse(cell.document.lineAt(line).text, new Set([id]))) {
          edit.replace(cell.document.uri, new vscode.Range(line, start, line, end), next);
        }
      }
    }
    edit.set(notebook.uri, changes);
    return edit;
  }
}

export async function goToCell(notebook: vscode.NotebookDocument, id: string): Promise<void> {
  const cell = findCell(notebook, id);
  if (cell) await revealCell(cell);
}
