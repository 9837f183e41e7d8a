import type { SessionEvent } from '../../notebook/session/session-api.ts';
import type { Io } from '../command.ts';

const PHASE_LABEL = { capture: 'capture', plan: 'plan', refine: 'refine', execute: 'execute' } as const;

/** Prints a run as it goes, one line a cell; on a terminal the line under way is rewritten with its progress. */
export class ProgressPrinter {
  readonly #io: Io;
  #line = '';

  constructor(io: Io) {
    this.#io = io;
  }

  show(event: SessionEvent): void {
    switch (event.kind) {
      case 'cell-started':
        this.#line = `  ${PHASE_LABEL[event.phase].padEnd(9)}#${event.cell}`;
        this.#rewrite(`${this.#line} …`);
        return;
      case 'progress': {
        const share = event.fraction === undefined ? '' : ` ${Math.round(100 * event.fraction)} %`;
        this.#rewrite(`${this.#line}  ${event.text}${share}`);
        return;
      }
      case 'cell-ended':
        this.#clear();
        if (event.outcome !== 'skipped')
          this.#io.err(`${this.#line.padEnd(32)} ${mark(event.outcome)} ${event.summary}\n`);
        return;
      case 'link':
        if (event.state === 'fault' || event.state === 'disconnected') {
          this.#clear();
          this.#io.err(`  link     ${event.state}: ${event.reason}\n`);
        }
        return;
      case 'plan-written':
      case 'run-started':
      case 'output':
      case 'paused':
      case 'resumed':
      case 'approval':
      case 'robot':
      case 'run-ended':
        return;
    }
  }

  #rewrite(text: string): void {
    if (this.#io.interactive) this.#io.err(`\r\u001b[2K${text}`);
  }

  #clear(): void {
    if (this.#io.interactive) this.#io.err('\r\u001b[2K');
  }
}

const mark = (outcome: 'succeeded' | 'failed' | 'cancelled'): string =>
  outcome === 'succeeded' ? 'ok ' : outcome === 'failed' ? 'FAILED ' : 'stopped ';
