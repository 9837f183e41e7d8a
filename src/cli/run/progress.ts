import type { SessionEvent } from '../../notebook/session/session-api.ts';
import type { Io } from '../command.ts';

const PHASE_LABEL = { capture: 'capture', plan: 'plan', refine: 'refine', execute: 'execute' } as const;

/**
 * Prints a run as it goes. A line for every cell that has ended goes to `finished`, standard output unless that is for
 * JSON; what is under way goes to standard error, and only on a terminal, where the line is rewritten.
 */
export class ProgressPrinter {
  readonly #io: Io;
  readonly #finished: (text: string) => void;
  /** heads of the cells under way, the innermost last: a cell may have another one run first */
  readonly #lines = new Map<string, string>();
  #ended = false;

  constructor(io: Io, finished: (text: string) => void) {
    this.#io = io;
    this.#finished = finished;
  }

  show(event: SessionEvent): void {
    switch (event.kind) {
      case 'cell-started':
        this.#lines.set(event.cell, `  ${PHASE_LABEL[event.phase].padEnd(9)}#${event.cell}`);
        this.#rewrite(`${this.#lineOf(event.cell)} …`);
        return;
      case 'progress': {
        const share = event.fraction === undefined ? '' : ` ${Math.round(100 * event.fraction)} %`;
        this.#rewrite(`${this.#lineOf(event.cell)}  ${event.text}${share}`);
        return;
      }
      case 'cell-ended':
        this.#clear();
        if (event.outcome !== 'skipped')
          this.#finished(`${this.#lineOf(event.cell).padEnd(30)}  ${mark(event.outcome)}${event.summary}\n`);
        this.#lines.delete(event.cell);
        return;
      case 'link':
        // Behind the end of a run, its link is closed because nobody needs it any more.
        if (!this.#ended && (event.state === 'fault' || event.state === 'disconnected')) {
          this.#clear();
          this.#io.err(`  link     ${event.state}: ${event.reason}\n`);
        }
        return;
      case 'plan-written':
      case 'manual-ended':
      case 'output':
      case 'paused':
      case 'resumed':
      case 'approval':
      case 'robot':
        return;
      case 'run-started':
        this.#ended = false;
        return;
      case 'run-ended':
        this.#ended = true;
        return;
    }
  }

  #lineOf(cell: string): string {
    return this.#lines.get(cell) ?? `  #${cell}`;
  }

  #rewrite(text: string): void {
    if (this.#io.interactive) this.#io.err(`\r\u001b[2K${text}`);
  }

  #clear(): void {
    if (this.#io.interactive) this.#io.err('\r\u001b[2K');
  }
}

const mark = (outcome: 'succeeded' | 'failed' | 'cancelled'): string =>
  outcome === 'succeeded' ? '' : outcome === 'failed' ? 'FAILED: ' : 'stopped: ';
