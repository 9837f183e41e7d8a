import * as vscode from 'vscode';
import type { HostToLive, LiveToHost } from '../../core/live-messages.ts';
import { messageOf } from '../../core/errors.ts';
import { currentNotebook } from '../notebook/cells.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import { chooseTarget } from '../kernel/run-target.ts';
import type { Controllers } from '../kernel/controllers.ts';
import type { Runs } from '../kernel/runs.ts';
import { SIMULATOR, type Sessions } from '../session/sessions.ts';
import type { Log } from '../support/log.ts';
import * as settings from '../support/settings.ts';
import { whyNotRun } from '../support/trust.ts';
import { webviewPage } from '../support/webview-page.ts';

/** What the robot sees now, in the side bar: before any cell has run, and after each run. */
export class LiveView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private looking = false;
  private again = false;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly dist: vscode.Uri,
    private readonly sessions: Sessions,
    private readonly runs: Runs,
    private readonly controllers: Controllers,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.window.registerWebviewViewProvider('waybook.live', this),
      runs.onDidEnd(() => void this.look()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.look()),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [this.dist] };
    view.onDidDispose(() => (this.view = undefined));
    view.webview.onDidReceiveMessage(
      (message: LiveToHost) => void (message.type === 'ready' ? this.begin() : this.look()),
    );
    view.webview.html = webviewPage(view.webview, this.dist, 'live-scene.mjs', 'Waybook');
  }

  /** Asks the session what the robot sees. While it asks, further wishes are one wish. */
  async look(): Promise<void> {
    if (!this.view?.visible) return;
    if (this.looking || this.runs.all().length > 0) {
      this.again = this.looking;
      return;
    }
    this.looking = true;
    try {
      const notebook = currentNotebook();
      const refusal = whyNotRun(notebook);
      if (refusal) throw refusal;
      const kind = (notebook && this.controllers.kindOf(notebook)) ?? 'simulator';
      const { robot } = chooseTarget(kind, notebook ? frontMatterOf(notebook) : {}, {
        robots: Object.keys(settings.robots().robots),
        robot: settings.defaultRobot(),
      });
      this.post({ type: 'text', text: vscode.l10n.t('Looking…'), caption: robot });
      const { scene } = await this.sessions
        .get(kind === 'simulator' ? SIMULATOR : robot)
        .ask({ kind: 'live-scene', robot }, 'live-scene');
      const counter = scene.provenance?.epoch.counter;
      this.post({
        type: 'scene',
        scene,
        caption: counter === undefined ? robot : vscode.l10n.t('{0} · world epoch {1}', robot, counter),
      });
    } catch (error) {
      this.log.error('Live scene', error);
      this.post({ type: 'text', text: messageOf(error), action: vscode.l10n.t('Try Again'), caption: '' });
    } finally {
      this.looking = false;
      if (this.again) {
        this.again = false;
        void this.look();
      }
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Starts nothing by itself: opening the side bar must not start a simulator. */
  private async begin(): Promise<void> {
    const kind = (() => {
      const notebook = currentNotebook();
      return (notebook && this.controllers.kindOf(notebook)) ?? 'simulator';
    })();
    if (kind === 'simulator' && this.sessions.get(SIMULATOR).alive) {
      await this.look();
      return;
    }
    this.post({
      type: 'text',
      text: vscode.l10n.t('The scene appears here when the robot is connected.'),
      action: vscode.l10n.t('Look at the Scene'),
      caption: '',
    });
  }

  private post(message: HostToLive): void {
    void this.view?.webview.postMessage(message);
  }
}
