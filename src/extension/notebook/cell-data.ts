import type { EditedCell } from '../../notebook/file/compose.ts';
import type { CellKind, NotebookCell, NotebookDocument, RunnableKind } from '../../notebook/file/document.ts';

/*
 * Between the file's cells and VS Code's, without VS Code. Ids, attributes and raw text travel in metadata that is not
 * transient: VS Code strips transient metadata before it serialises.
 */

const PREFIX = 'waybook-';
const KINDS: readonly RunnableKind[] = ['instruction', 'capture', 'waypoints', 'execute'];

export const RUNNABLE_LANGUAGES: readonly string[] = KINDS.map((kind) => PREFIX + kind);
export const languageOfKind = (kind: RunnableKind): string => PREFIX + kind;
export const kindOfLanguage = (language: string): RunnableKind | undefined =>
  KINDS.find((kind) => PREFIX + kind === language);

/** A cell as VS Code's serializer API has it, in plain data. */
export interface PlainCell {
  readonly markup: boolean;
  readonly language: string;
  readonly text: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

export interface CellMetadata {
  readonly id?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly raw?: string;
}

export interface DocumentMetadata {
  readonly frontMatterRaw: string;
  readonly eol: '\n' | '\r\n';
}

/** What a new notebook starts with. */
export const NEW_DOCUMENT: DocumentMetadata = { frontMatterRaw: '---\nwaybook: 1\n---\n\n', eol: '\n' };

/** Our part of a cell's metadata. Other extensions and API callers write metadata too, so every field is checked. */
export function cellMetadata(metadata: Readonly<Record<string, unknown>> | undefined): CellMetadata {
  const found = isObject(metadata?.['waybook']) ? metadata['waybook'] : {};
  const attributes: Record<string, string> = {};
  for (const [key, value] of Object.entries(isObject(found['attributes']) ? found['attributes'] : {})) {
    if (typeof value === 'string') attributes[key] = value;
  }
  return {
    id: typeof found['id'] === 'string' && found['id'] !== '' ? found['id'] : undefined,
    attributes,
    raw: typeof found['raw'] === 'string' ? found['raw'] : undefined,
  };
}

/** Metadata with our part replaced; `undefined` values are left out, since metadata is JSON. */
export function withCell(
  metadata: Readonly<Record<string, unknown>> | undefined,
  { id, attributes, raw }: CellMetadata,
): Record<string, unknown> {
  const ours = { ...(id === undefined ? {} : { id }), attributes, ...(raw === undefined ? {} : { raw }) };
  return { ...metadata, waybook: ours };
}

export function documentMetadata(metadata: Readonly<Record<string, unknown>> | undefined): DocumentMetadata {
  const found = isObject(metadata?.['waybook']) ? metadata['waybook'] : {};
  const { frontMatterRaw, eol } = found;
  return {
    frontMatterRaw: typeof frontMatterRaw === 'string' ? frontMatterRaw : NEW_DOCUMENT.frontMatterRaw,
    eol: eol === '\r\n' ? '\r\n' : '\n',
  };
}

export const withDocument = (
  metadata: Readonly<Record<string, unknown>> | undefined,
  document: DocumentMetadata,
): Record<string, unknown> => ({ ...metadata, waybook: document });

export function toPlainCell(cell: NotebookCell): PlainCell {
  const { kind, id, attributes, raw, body } = cell;
  return {
    markup: kind === 'markdown',
    language: kind === 'markdown' ? 'markdown' : languageOfKind(kind),
    text: body,
    metadata: withCell(undefined, { id, attributes, raw }),
  };
}

export const toDocumentMetadata = ({ frontMatterRaw, eol }: NotebookDocument): DocumentMetadata => ({
  frontMatterRaw,
  eol,
});

/**
 * A cell on its way back into the file. Its language decides its kind: changing a cell's language keeps the old
 * metadata, also on a Markdown cell. Code in a language that is none of ours becomes a fence in Markdown, so that
 * nothing is lost.
 */
export function toEditedCell(cell: PlainCell): EditedCell {
  const { id, attributes, raw } = cellMetadata(cell.metadata);
  const kind = kindOf(cell);
  if (kind === 'markdown') {
    const body = cell.markup ? cell.text : foreignCode(cell);
    return { kind, attributes: {}, body, raw };
  }
  return { kind, id, attributes: attributesFor(kind, attributes), body: cell.text, raw };
}

const kindOf = (cell: PlainCell): CellKind =>
  cell.markup ? 'markdown' : (kindOfLanguage(cell.language) ?? 'markdown');

/** References that make no sense for a kind are dropped once a cell has become that kind; what we do not know stays. */
const MEANINGLESS: Record<RunnableKind, readonly string[]> = {
  instruction: ['planned', 'plan', 'trajectory'],
  capture: ['planned', 'plan', 'trajectory', 'capture'],
  waypoints: ['trajectory'],
  execute: ['planned', 'plan'],
};

function attributesFor(
  kind: RunnableKind,
  attributes: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !MEANINGLESS[kind].includes(key)));
}

function foreignCode({ language, text }: PlainCell): string {
  const longest = Math.max(
    2,
    ...[...text.matchAll(/^ {0,3}(`{3,})/gm)].map((match) => match[1]?.length ?? 0),
  );
  const fence = '`'.repeat(longest + 1);
  const info = /^[\w+#.-]+$/.test(language) ? language : '';
  return `${fence}${info}\n${text}\n${fence}`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
