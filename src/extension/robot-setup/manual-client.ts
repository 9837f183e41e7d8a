import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import type { ManualAction, ManualReport } from '../../notebook/session/manual/manual-api.ts';
import { chooseTarget } from '../kernel/run-target.ts';
import type { Controllers } from '../kernel/controllers.ts';
import { currentNotebook } from '../notebook/cells.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import type { SessionClient } from '../session/session-client.ts';
import { SIMULATOR, type Sessions } from '../session/sessions.ts';
import type { Log } from '../support/log.ts';
import type { Secrets } from '../support/secrets.ts';
import * as settings from '../support/settings.ts';
import { whyNotRun } from '../support/trust.ts';
import { askApproval } from './ask-approval.ts';

/** What the commands of this folder need of the extension. */
export interface RobotSetup {
  readonly sessions: Sessions;
  readonly controllers: Controllers;
  readonly secrets: Secrets;
  readonly log: Log;
}

let lastId = 0;

/** One arm, as a person's commands reach it: the one that the current notebook's kernel talks to. */
export class ManualClient {
  readonly robot: string;
  readonly isSimulator: boolean;
  readonly #setup: RobotSetup;
  readonly #target: string;

  /** `robot` is a profile's name; absent: the current notebook's. Throws `input/usage` where nothing may move or is known. */
  constructor(setup: RobotSetup, robot?: string) {
    const notebook = currentNotebook();
    const refusal = whyNotRun(notebook);
    if (refusal) throw refusal;
    this.#setup = setup;
    const kind =
      robot === undefined ? ((notebook && setup.controllers.kindOf(notebook)) ?? 'simulator') : 'robot';
    this.isSimulator = kind === 'simulator';
    this.robot =
      robot ??
      chooseTarget(kind, notebook ? frontMatterOf(notebook) : {}, {
        robots: Object.keys(settings.robots().robots),
        robot: settings.defaultRobot(),
      }).robot;
    this.#target = this.isSimulator ? SIMULATOR : this.robot;
  }

  get session(): SessionClient {
    return this.#setup.sessions.get(this.#target);
  }

  /** Does it, asking for an approval where the robot is a real one. Throws what went wrong. */
  async do(action: ManualAction): Promise<ManualReport> {
    const id = ++lastId;
    const { session } = this;
    const subscriptions: vscode.Disposable[] = [];
    const ended = new Promise<ManualReport>((resolve, reject) => {
      subscriptions.push(
        this.#setup.sessions.onEvent(({ target, event }) => {
          if (target !== this.#target) return;
          if (event.kind === 'approval') {
            void askApproval(event.request).then((granted) =>
              session.tell({ kind: granted ? 'approve' : 'refuse', hash: event.request.hash }),
            );
          }
          if (event.kind !== 'manual-ended' || event.id !== id) return;
          const { report, failure } = event;
          if (report) resolve(report);
          else if (failure) reject(new WaybookError(failure.code, failure.message, failure.details));
        }),
        this.#setup.sessions.onLost(({ target, reason }) => {
          if (target === this.#target) {
            reject(new WaybookError('link/lost', `The process that drives ${this.robot} ended (${reason}).`));
          }
        }),
      );
    });
    // Whoever awaits hears of it below; nobody else has to.
    ended.catch(() => undefined);
    try {
      await session.ask({ kind: 'manual', id, robot: this.robot, action }, 'manual-started');
      return await ended;
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
    }
  }
}

/** The same with a progress note that a person may cancel: cancelling brakes to rest. */
export function withProgress<T>(title: string, client: ManualClient, act: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) => {
      const subscription = token.onCancellationRequested(() => client.session.tell({ kind: 'cancel' }));
      return act().finally(() => {
        subscription.dispose();
      });
    },
  );
}
