import * as vscode from 'vscode';
import type { SidebarChoice, SidebarState, SidebarToHost } from '../../core/sidebar-messages.ts';
import { currentNotebook } from '../notebook/cells.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import type { NotebookProperties } from '../notebook/notebook-properties.ts';
import type { Controllers } from '../kernel/controllers.ts';
import type { Runs } from '../kernel/runs.ts';
import { DEFAULT_SIMULATOR, formatSimulator, parseSimulator } from '../kernel/run-target.ts';
import { SIMULATOR } from '../session/sessions.ts';
import { stateWord, type LinkStatuses } from '../status/robot-status.ts';
import { detach, type Log } from '../support/log.ts';
import * as settings from '../support/settings.ts';
import { webviewPage } from '../support/webview-page.ts';

/** Scenes that the built-in simulator knows, with the words people use. */
export const SCENES: readonly SidebarChoice[] = [
  { id: 'tabletop', label: 'tabletop / put-cube' },
  { id: 'stack', label: 'stack / two cubes' },
  { id: 'push', label: 'push / block to target' },
  { id: 'drawer', label: 'drawer / open' },
  { id: 'peg', label: 'peg / insert' },
  { id: 'sort', label: 'sort / by colour' },
];

const planners = (): SidebarChoice[] => [
  { id: 'language', label: vscode.l10n.t('Built-in language') },
  { id: 'openai', label: vscode.l10n.t('OpenAI-compatible') },
  { id: 'vscode', label: vscode.l10n.t('VS Code model') },
];

const refiners = (): SidebarChoice[] => [
  { id: 'default', label: vscode.l10n.t('Default') },
  { id: 'expert', label: vscode.l10n.t('Action expert') },
  { id: 'spline', label: vscode.l10n.t('Spline') },
  { id: 'snap', label: vscode.l10n.t('Snap to object') },
];

/** The form of the side bar: robot, planner, refiner, scene and seed. It writes front matter and settings, and holds no state. */
export class ControlsView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly dist: vscode.Uri,
    private readonly runs: Runs,
    private readonly controllers: Controllers,
    private readonly links: LinkStatuses,
    private readonly properties: NotebookProperties,
    private readonly log: Log,
  ) {
    const refresh = (): void => this.refresh();
    this.subscriptions = [
      vscode.window.registerWebviewViewProvider('waybook.controls', this),
      runs.onDidChange(refresh),
      controllers.onDidSelect(refresh),
      links.onDidChange(refresh),
      vscode.window.onDidChangeActiveNotebookEditor(refresh),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('waybook') && refresh(),
      ),
      vscode.workspace.onDidChangeNotebookDocument((event) => event.metadata !== undefined && refresh()),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [this.dist] };
    view.webview.onDidReceiveMessage((message: SidebarToHost) =>
      detach(this.log, 'Side bar', this.receive(message)),
    );
    view.onDidDispose(() => (this.view = undefined));
    view.webview.html = webviewPage(view.webview, this.dist, 'sidebar.mjs', 'Waybook');
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private refresh(): void {
    void this.view?.webview.postMessage({ type: 'state', state: this.state() });
  }

  private async receive(message: SidebarToHost): Promise<void> {
    const notebook = currentNotebook();
    switch (message.type) {
      case 'ready':
        this.refresh();
        return;
      case 'target':
        await vscode.commands.executeCommand('waybook.selectTarget', message.id);
        return;
      case 'planner':
        await (notebook && frontMatterOf(notebook).planner !== undefined
          ? this.properties.set(notebook, { planner: message.id })
          : settings.update('planner.provider', message.id));
        return;
      case 'refiner':
        await (notebook && frontMatterOf(notebook).refiner !== undefined
          ? this.properties.set(notebook, { refiner: message.id === 'default' ? undefined : message.id })
          : settings.update('refiner', message.id));
        return;
      case 'scene':
        if (notebook)
          await this.properties.set(notebook, { robot: formatSimulator(message.scene, message.seed) });
        return;
      case 'reset':
        await vscode.commands.executeCommand('waybook.resetScene');
        return;
      case 'restart':
        await vscode.commands.executeCommand('waybook.restartSimulator');
        return;
    }
  }

  private state(): SidebarState {
    const notebook = currentNotebook();
    const front = notebook ? frontMatterOf(notebook) : undefined;
    const kind = (notebook && this.controllers.kindOf(notebook)) ?? 'simulator';
    const robots = Object.keys(settings.robots().robots);
    const robot =
      front?.robot !== undefined && robots.includes(front.robot) ? front.robot : settings.defaultRobot();
    const address = parseSimulator(front?.robot ?? DEFAULT_SIMULATOR) ?? parseSimulator(DEFAULT_SIMULATOR);
    const link = this.links.get(kind === 'simulator' ? SIMULATOR : (robot ?? ''));
    const trip = link?.roundTripMs === undefined ? '' : ` · ${link.roundTripMs.toFixed(1)} ms`;
    const state = link?.state;
    return {
      notebook: notebook?.uri.path.split('/').at(-1),
      target: kind === 'simulator' ? SIMULATOR : `robot:${robot ?? ''}`,
      targets: [
        { id: SIMULATOR, label: vscode.l10n.t('Simulator') },
        ...robots.map((name) => ({ id: `robot:${name}`, label: vscode.l10n.t('Robot: {0}', name) })),
        ...(robots.length === 0 ? [{ id: 'add', label: vscode.l10n.t('Add a robot…') }] : []),
      ],
      link: {
        state:
          state === undefined || state === 'disconnected'
            ? 'off'
            : state === 'fault'
              ? 'fault'
              : state === 'connecting'
                ? 'busy'
                : 'ok',
        text:
          state === undefined
            ? vscode.l10n.t('Starts with the first run')
            : `${kind === 'simulator' && (state === 'armed' || state === 'monitoring') ? vscode.l10n.t('Connected') : stateWord(state)}${trip}`,
      },
      planner: front?.planner ?? settings.planner(notebook?.uri),
      planners: planners(),
      refiner: front?.refiner ?? settings.refiner(notebook?.uri),
      refiners: refiners(),
      simulator: kind === 'simulator' && address ? { ...address, scenes: withOwn(address.scene) } : undefined,
      running: this.runs.all().length > 0,
      trusted: vscode.workspace.isTrusted,
      words: {
        target: vscode.l10n.t('Target'),
        link: vscode.l10n.t('Link'),
        planner: vscode.l10n.t('Planner'),
        refiner: vscode.l10n.t('Refiner'),
        sceneTitle: vscode.l10n.t('Scene'),
        scene: vscode.l10n.t('Scene'),
        seed: vscode.l10n.t('Seed'),
        reset: vscode.l10n.t('Reset Scene'),
        untrusted: vscode.l10n.t('Restricted Mode: cells do not run. Trust this workspace to run them.'),
        noNotebook: vscode.l10n.t('Open a task notebook to choose its scene and seed.'),
      },
    };
  }
}

/** The known scenes, and the notebook's own where it is none of them. */
const withOwn = (scene: string): readonly SidebarChoice[] =>
  SCENES.some(({ id }) => id === scene) ? SCENES : [{ id: scene, label: scene }, ...SCENES];
