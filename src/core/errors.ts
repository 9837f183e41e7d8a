/**
 * Every failure a user can meet, by code. The prefix decides the exit code of the command line:
 * `input/…` 2, `task/…` 1, `link/…` 3, `internal/…` 3.
 */
export type ErrorCode =
  | 'input/file'
  | 'input/format'
  | 'input/schema'
  | 'input/reference'
  | 'input/grounding'
  | 'input/planner'
  | 'input/refiner'
  | 'input/limit'
  | 'input/reach'
  | 'input/collision'
  | 'input/approval'
  | 'input/usage'
  | 'task/failed'
  | 'task/abstained'
  | 'task/cancelled'
  | 'link/connect'
  | 'link/protocol'
  | 'link/timeout'
  | 'link/lost'
  | 'link/fault'
  | 'internal/bug';

/** Where in a notebook an error points. `line` and `column` count from 1 in the file. */
export interface ErrorPlace {
  file?: string;
  cell?: string;
  line?: number;
  column?: number;
  waypoint?: number;
}

export interface ErrorDetails {
  /** Where it went wrong. */
  place?: ErrorPlace;
  /** What to do next, as a sentence. */
  hint?: string;
  /** The limit that was broken, in the unit named. */
  limit?: { name: string; value: number; limit: number; unit: string };
  /** Anything else worth recording: candidates, attempts, raw replies. JSON values only. */
  data?: Record<string, unknown>;
  cause?: unknown;
}

/** An error meant for people: what, where, and what to do next. */
export class WaybookError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'WaybookError';
    this.code = code;
    this.details = details;
  }

  /** The same error, with whatever `place` did not say yet filled in by an outer layer that knows more. */
  at(place: ErrorPlace): WaybookError {
    const merged = { ...place, ...this.details.place };
    const located = new WaybookError(this.code, this.message, { ...this.details, place: merged });
    if (this.stack !== undefined) located.stack = this.stack;
    return located;
  }

  /** One paragraph: place, message, hint. */
  explain(): string {
    const { place, hint } = this.details;
    const where = place ? formatPlace(place) : '';
    return `${where ? `${where}: ` : ''}${this.message}${hint ? ` ${hint}` : ''}`;
  }
}

/** `notebook.waybook.md:12, cell #grasp, waypoint 2` */
export function formatPlace(place: ErrorPlace): string {
  const parts: string[] = [];
  if (place.file !== undefined || place.line !== undefined) {
    const file = place.file ?? 'line';
    const separator = place.file === undefined ? ' ' : ':';
    parts.push(
      place.line === undefined
        ? file
        : `${file}${separator}${place.line}${place.column === undefined ? '' : `:${place.column}`}`,
    );
  }
  if (place.cell !== undefined) parts.push(`cell #${place.cell}`);
  if (place.waypoint !== undefined) parts.push(`waypoint ${place.waypoint + 1}`);
  return parts.join(', ');
}

/** Exit code of the command line for an error: 1 task failed, 2 bad input, 3 robot, link or bug. */
export function exitCodeOf(error: unknown): 1 | 2 | 3 {
  if (!(error instanceof WaybookError)) return 3;
  if (error.code.startsWith('input/')) return 2;
  return error.code.startsWith('task/') ? 1 : 3;
}

/** Text for people from anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof WaybookError) return error.explain();
  return error instanceof Error ? error.message : String(error);
}
