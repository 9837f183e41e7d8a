import * as vscode from 'vscode';
import { isCellId } from '../../notebook/file/attributes.ts';
import {
  referenceBeingTyped,
  kindOfKey,
  referencesInFence,
  referencesInProse,
  type CellReference,
} from './cell-references.ts';

/** Task notebooks that are open as text. */
const AS_TEXT: vscode.DocumentSelector = { language: 'markdown', pattern: '**/*.waybook.md' };

interface Found extends CellReference {
  readonly line: number;
  readonly kind?: string;
}

function all(document: vscode.TextDocument): Found[] {
  const lines = Array.from({ length: document.lineCount }, (_, i) => document.lineAt(i).text);
  const fenced = lines.flatMap((text, line) =>
    referencesInFence(text).map((reference) => ({
      ...reference,
      line,
      kind: /(instruction|capture|waypoints|execute)/.exec(text)?.[1],
    })),
  );
  const ids = new Set(fenced.filter(({ role }) => role === 'definition').map(({ id }) => id));
  const fenceLines = new Set(fenced.map(({ line }) => line));
  const prose = lines.flatMap((text, line) =>
    fenceLines.has(line) ? [] : referencesInProse(text, ids).map((reference) => ({ ...reference, line })),
  );
  return [...fenced, ...prose];
}

const rangeOf = ({ line, start, end }: Found): vscode.Range => new vscode.Range(line, start, line, end);

function at(document: vscode.TextDocument, position: vscode.Position): Found | undefined {
  return all(document).find((reference) => rangeOf(reference).contains(position));
}

/** Go to definition, references, rename and completion of cell ids in a notebook that is open as text. */
export function registerTextReferences(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(AS_TEXT, {
      provideDefinition(document, position) {
        const here = at(document, position);
        const target = here && all(document).find(({ id, role }) => role === 'definition' && id === here.id);
        return target && new vscode.Location(document.uri, rangeOf(target));
      },
    }),
    vscode.languages.registerReferenceProvider(AS_TEXT, {
      provideReferences(document, position) {
        const here = at(document, position);
        return all(document)
          .filter(({ id }) => id === here?.id)
          .map((found) => new vscode.Location(document.uri, rangeOf(found)));
      },
    }),
    vscode.languages.registerRenameProvider(AS_TEXT, {
      prepareRename(document, position) {
        const here = at(document, position);
        if (!here) throw new Error(vscode.l10n.t('Only cell ids can be renamed here.'));
        return rangeOf(here);
      },
      provideRenameEdits(document, position, newName) {
        if (!isCellId(newName))
          throw new Error(vscode.l10n.t('An id has letters, digits, "_", "-", "." or ":".'));
        const here = at(document, position);
        const found = all(document);
        if (found.some(({ id, role }) => role === 'definition' && id === newName))
          throw new Error(vscode.l10n.t('Another cell is called #{0}.', newName));
        const edit = new vscode.WorkspaceEdit();
        for (const reference of found)
          if (reference.id === here?.id) edit.replace(document.uri, rangeOf(reference), newName);
        return edit;
      },
    }),
    vscode.languages.registerCompletionItemProvider(
      AS_TEXT,
      {
        provideCompletionItems(document, position) {
          const key = referenceBeingTyped(document.lineAt(position).text.slice(0, position.character));
          if (key === undefined) return [];
          return all(document)
            .filter(({ role, kind }) => role === 'definition' && kind === kindOfKey(key))
            .map(({ id }) => new vscode.CompletionItem(id, vscode.CompletionItemKind.Reference));
        },
      },
      '=',
    ),
  );
}
