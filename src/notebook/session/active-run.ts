import { type ErrorPlace, WaybookError } from '../../core/errors.ts';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import { NO_PARAMS, type Params } from '../file/parameters.ts';
import type { RunLog } from './run-log.ts';
import type { RunOutcome } from './run-machine.ts';
import type { ApprovalRequest, Refusal, RunRequest, SessionFailure } from './session-api.ts';

/** What came of asking for an approval; a refusal that is not the person's says why. */
export type ApprovalAnswer = 'granted' | 'refused' | Refusal;

/** What belongs to one run alone. */
export class ActiveRun {
  readonly request: RunRequest;
  readonly startup = new AbortController();
  readonly ended: Promise<RunOutcome>;
  readonly end: (outcome: RunOutcome) => void;
  document: NotebookDocument = {
    frontMatter: { waybook: 1, unknown: {} },
    frontMatterRaw: '',
    cells: [],
    eol: '\n',
  };
  params: Params = NO_PARAMS;
  log: RunLog | undefined;
  current: Promise<void> = Promise.resolve();
  cell: AbortController | undefined;
  approval:
    { readonly request: ApprovalRequest; readonly answer: (said: ApprovalAnswer) => void } | undefined;
  failure: SessionFailure | undefined;
  trajectoryHash: string | undefined;
  executed = false;

  constructor(request: RunRequest) {
    this.request = request;
    let end = (_outcome: RunOutcome): void => undefined;
    this.ended = new Promise((resolve) => (end = resolve));
    this.end = end;
  }

  /** Where a cell of this run stands. */
  placeOf(cell: NotebookCell): ErrorPlace {
    return { file: this.request.name, line: cell.line, ...(cell.id === undefined ? {} : { cell: cell.id }) };
  }

  /**
   * Waits until `request`, which has been `told`, is answered, unless it was granted beforehand. Throws `input/approval` where it
   * is refused or `signal` ends the wait.
   */
  async approved(request: ApprovalRequest, signal: AbortSignal, told: () => void): Promise<void> {
    if (this.request.options.approve === request.hash) return;
    const answer = await new Promise<ApprovalAnswer>((resolve) => {
      const abort = (): void => resolve('refused');
      signal.addEventListener('abort', abort, { once: true });
      this.approval = {
        request,
        answer: (said) => {
          signal.removeEventListener('abort', abort);
          resolve(said);
        },
      };
      told();
    });
    this.approval = undefined;
    if (answer === 'granted') return;
    const { message, hint } =
      answer === 'refused'
        ? {
            message: 'The motion was not approved; nothing moved.',
            hint: `It would need approval ${request.hash}.`,
          }
        : answer;
    throw new WaybookError('input/approval', message, { hint, data: { approval: request } });
  }
}
