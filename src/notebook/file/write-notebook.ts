import type { NotebookDocument } from './document.ts';

/** The file's text: what was read, byte for byte, where nobody edited. Never throws. */
export const writeNotebook = (document: NotebookDocument): string =>
  document.frontMatterRaw + document.cells.map((cell) => cell.raw).join('');
