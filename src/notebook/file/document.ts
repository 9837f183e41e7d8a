import type { Pin } from '../../planning/grounding/pins.ts';

/** The four runnable kinds, and the prose between them. */
export type RunnableKind = 'instruction' | 'capture' | 'waypoints' | 'execute';
export type CellKind = 'markdown' | RunnableKind;

/** Front matter as read; unknown keys are kept in `unknown` and in the raw text. */
export interface FrontMatter {
  readonly waybook: 1;
  /** `sim:SCENE?seed=N` or a profile's name */
  readonly robot?: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** limits that may only tighten */
  readonly limits?: Readonly<Record<string, number>>;
  /** things the user names: alias -> object label */
  readonly names?: Readonly<Record<string, string>>;
  /** names that a person gave to places of the scene, where no detector names them */
  readonly pins?: Readonly<Record<string, Pin>>;
  readonly viewpoint?: 'robot' | 'camera';
  readonly planner?: string;
  readonly refiner?: string;
  readonly unknown: Readonly<Record<string, unknown>>;
}

/** One cell. `raw` is its exact source, fence included, so that an unedited cell is written as it was read. */
export interface NotebookCell {
  readonly kind: CellKind;
  /** runnable cells only; absent where the file gives none */
  readonly id?: string;
  /** `key=value` pairs of the fence, id excluded, in file order */
  readonly attributes: Readonly<Record<string, string>>;
  /** text inside the fence, or the Markdown itself; line feeds only, no trailing one */
  readonly body: string;
  readonly raw: string;
  /** line of the file on which the cell starts, and on which its body starts; from 1 */
  readonly line: number;
  readonly bodyLine: number;
}

export interface NotebookDocument {
  readonly frontMatter: FrontMatter;
  /** exact text before the first cell, delimiters included */
  readonly frontMatterRaw: string;
  readonly cells: readonly NotebookCell[];
  readonly eol: '\n' | '\r\n';
}

/** A finding of `waybook check` and the Problems view. Lines and columns from 1. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly cell?: string;
}
