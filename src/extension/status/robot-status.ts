import * as vscode from 'vscode';
import type { LinkState } from '../../robot/robot-link.ts';
import { SIMULATOR, type Sessions } from '../session/sessions.ts';
import { activeNotebook, currentNotebook } from '../notebook/cells.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import * as settings from '../support/settings.ts';
import type { Controllers } from '../kernel/controllers.ts';
import type { Runs } from '../kernel/runs.ts';

export interface LinkStatus {
  readonly state: LinkState;
  readonly reason: string;
  readonly roundTripMs?: number;
}

/** What each link said last, for the status bar and the side bar. */
export class LinkStatuses implements vscode.Disposable {
  private readonly states = new Map<string, LinkStatus>();
  private readonly changes = new vscode.EventEmitter<string>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChange = this.changes.event;

  constructor(sessions: Sessions) {
    this.subscriptions = [
      sessions.onEvent(({ target, event }) => {
        if (event.kind !== 'link') return;
        const roundTripMs =
          event.roundTripMs ??
          (event.state === 'disconnected' ? undefined : this.states.get(target)?.roundTripMs);
        this.states.set(target, { state: event.state, reason: event.reason, roundTripMs });
        this.changes.fire(target);
      }),
      sessions.onLost(({ target, reason }) => {
        this.states.set(target, { state: 'disconnected', reason });
        this.changes.fire(target);
      }),
      this.changes,
    ];
  }

  get(target: string): LinkStatus | undefined {
    return this.states.get(target);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** The robot's item in the status bar, and Stop Motion beside it: both always there while a notebook is open. */
export class RobotStatusItems implements vscode.Disposable {
  private readonly robot = vscode.window.createStatusBarItem(
    'waybook.robot',
    vscode.StatusBarAlignment.Right,
    101,
  );
  private readonly stop = vscode.window.createStatusBarItem(
    'waybook.stop',
    vscode.StatusBarAlignment.Right,
    100,
  );
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly links: LinkStatuses,
    private readonly runs: Runs,
    private readonly controllers: Controllers,
  ) {
    this.robot.name = vscode.l10n.t('Waybook: robot');
    this.robot.command = 'waybook.controls.focus';
    this.stop.name = vscode.l10n.t('Waybook: Stop Motion');
    this.stop.text = `$(primitive-square) ${vscode.l10n.t('Stop Motion')}`;
    this.stop.tooltip = vscode.l10n.t('Stop Motion, not an emergency stop');
    this.stop.accessibilityInformation = {
      label: vscode.l10n.t('Stop Motion, not an emergency stop'),
      role: 'button',
    };
    this.stop.command = 'waybook.stopMotion';
    this.subscriptions = [
      links.onDidChange(() => this.refresh()),
      runs.onDidChange(() => this.refresh()),
      controllers.onDidSelect(() => this.refresh()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.refresh()),
      vscode.window.onDidChangeVisibleNotebookEditors(() => this.refresh()),
    ];
    this.refresh();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.robot.dispose();
    this.stop.dispose();
  }

  private refresh(): void {
    const notebook = activeNotebook() ?? currentNotebook();
    const run = this.runs.all()[0];
    if (!notebook && !run) {
      this.robot.hide();
      this.stop.hide();
      return;
    }
    const kind = (notebook && this.controllers.kindOf(notebook)) ?? 'simulator';
    const target = run?.target ?? (kind === 'simulator' ? SIMULATOR : robotOf(notebook));
    const link = target === undefined ? undefined : this.links.get(target);
    const name =
      target === undefined || target === SIMULATOR
        ? kind === 'robot' && !run
          ? vscode.l10n.t('Robot')
          : vscode.l10n.t('Simulator')
        : target;
    const trip = link?.roundTripMs === undefined ? undefined : `${link.roundTripMs.toFixed(1)} ms`;
    const activity = run
      ? run.view.tag === 'paused'
        ? vscode.l10n.t('paused')
        : vscode.l10n.t('running')
      : stateWord(link?.state, target === SIMULATOR);
    this.robot.text = `$(${kind === 'robot' ? 'robot' : 'vm'}) ${[name, trip, activity].filter(Boolean).join(' · ')}`;
    this.robot.tooltip = link?.reason ?? vscode.l10n.t('Not started; the first run starts it.');
    this.robot.backgroundColor =
      link?.state === 'fault' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.robot.show();
    this.stop.show();
  }
}

/** A state in the words of the interface. */
/** A simulator that we started needs no arming, and is simply idle. */
export function stateWord(state: LinkState | undefined, simulator = false): string {
  if (simulator && (state === 'armed' || state === 'monitoring')) return vscode.l10n.t('idle');
  switch (state) {
    case undefined:
      return vscode.l10n.t('not started');
    case 'disconnected':
      return vscode.l10n.t('disconnected');
    case 'connecting':
      return vscode.l10n.t('connecting');
    case 'monitoring':
      return vscode.l10n.t('monitor only');
    case 'armed':
      return vscode.l10n.t('armed, at rest');
    case 'executing':
      return vscode.l10n.t('moving');
    case 'fault':
      return vscode.l10n.t('fault');
  }
}

/** The robot that a run on the Robot kernel would talk to, where one is configured. */
function robotOf(notebook: vscode.NotebookDocument | undefined): string | undefined {
  const named = notebook && frontMatterOf(notebook).robot;
  return named !== undefined && named in settings.robots().robots ? named : settings.defaultRobot();
}
