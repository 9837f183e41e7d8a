import { WaybookError, type ErrorCode } from '../core/errors.ts';
import type { SceneObject } from '../core/scene-object.ts';

/** Why a planner will not plan. */
export type RefusalReason =
  | 'empty'
  | 'unknown-verb'
  | 'unsupported'
  | 'leftover'
  | 'unknown-words'
  | 'not-found'
  | 'ambiguous'
  | 'incomplete'
  | 'contradiction'
  | 'geometry';

/** An object as an error shows it; the view highlights it by `id`. */
export interface Candidate {
  readonly id: string;
  readonly label: string;
  readonly position: readonly number[];
}

export const candidateOf = (object: SceneObject): Candidate => ({
  id: object.id,
  label: object.label,
  position: [...object.pose.position],
});

export interface RefusalDetails {
  /** the words of the instruction it is about */
  readonly words?: readonly string[];
  /** objects that the words could mean */
  readonly candidates?: readonly SceneObject[];
  /** objects of the scene that come nearest to the words */
  readonly suggestions?: readonly SceneObject[];
  readonly hint?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * The error of a planner that refuses rather than guesses. `details.data` holds `reason`, `words`, `candidates` and
 * `suggestions` ({@link Candidate}).
 */
export function refusal(reason: RefusalReason, message: string, details: RefusalDetails = {}): WaybookError {
  const code: ErrorCode = reason === 'geometry' ? 'input/planner' : 'input/grounding';
  return new WaybookError(code, message, {
    ...(details.hint === undefined ? {} : { hint: details.hint }),
    data: {
      reason,
      words: [...(details.words ?? [])],
      candidates: (details.candidates ?? []).map(candidateOf),
      suggestions: (details.suggestions ?? []).map(candidateOf),
      ...details.data,
    },
  });
}

/** The reason inside a refusal, or undefined for any other error. */
export function refusalReason(error: unknown): RefusalReason | undefined {
  if (!(error instanceof WaybookError)) return undefined;
  const reason = error.details.data?.['reason'];
  return typeof reason === 'string' ? (reason as RefusalReason) : undefined;
}

/** "red cube, blue bowl and peg" */
export function list(items: readonly string[], joint = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${joint} ${items[items.length - 1]}`;
}
