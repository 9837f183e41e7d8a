import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Debugging } from './debug/debugging.ts';
import type { Controllers } from './kernel/controllers.ts';
import type { Runs } from './kernel/runs.ts';
import { chooseTarget } from './kernel/run-target.ts';
import { goToCell, type NotebookReferences } from './language/notebook-references.ts';
import type { InspectorDoor } from './inspector/inspector-door.ts';
import { stopMotion } from './motion/stop-motion.ts';
import { activeNotebook, attributesOf, currentNotebook, findCell, runnableKindOf } from './notebook/cells.ts';
import { frontMatterOf } from './notebook/notebook-text.ts';
import type { NotebookEdits } from './notebook/notebook-edits.ts';
import type { NotebookProperties } from './notebook/notebook-properties.ts';
import type { OutputRestorer } from './outputs/restore.ts';
import type { RunFolders } from './outputs/run-folders.ts';
import type { RunRecord } from './outputs/run-records.ts';
import { SIMULATOR, type Sessions } from './session/sessions.ts';
import type { LiveView } from './sidebar/live-view.ts';
import type { RunsTree } from './sidebar/runs-tree.ts';
import type { LinkStatuses } from './status/robot-status.ts';
import type { Log } from './support/log.ts';
import type { Secrets } from './support/secrets.ts';
import * as settings from './support/settings.ts';
import { whyNotRun } from './support/trust.ts';

/** The features that commands reach. */
export interface Features {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly sessions: Sessions;
  readonly runs: Runs;
  readonly controllers: Controllers;
  readonly debugging: Debugging;
  readonly references: NotebookReferences;
  readonly properties: NotebookProperties;
  readonly restorer: OutputRestorer;
  readonly folders: RunFolders;
  readonly runsTree: RunsTree;
  readonly live: LiveView;
  readonly links: LinkStatuses;
  readonly inspectors: InspectorDoor;
  readonly edits: NotebookEdits;
}

// What one command alone needs is loaded when it is asked for.
const newNotebooks = () => import('./notebook/new-notebook.ts');
const opening = () => import('./notebook/open-as.ts');
const robotCommands = () => import('./support/robot-commands.ts');

/** Registers every command; what one throws is logged and shown once, as a sentence. */
export function registerCommands(features: Features): vscode.Disposable {
  const { log, runs, controllers, sessions, debugging, references, properties, restorer } = features;

  const handlers: Record<string, (...args: unknown[]) => unknown> = {
    newNotebook: async (template) =>
      (await newNotebooks()).newNotebook(typeof template === 'string' ? template : undefined),
    openSample: async () => (await newNotebooks()).openSample(features.context.extensionUri),
    openAsText: async (uri) => (await opening()).openAs('text', uriOf(uri)),
    openAsNotebook: async (uri) => (await opening()).openAs('notebook', uriOf(uri)),
    repairConflicts: async (uri) => (await opening()).repairConflicts(uriOf(uri)),
    editProperties: () => withNotebook((notebook) => properties.edit(notebook)),
    pinName: async (pin, uri) => {
      const { pinName } = await import('./plan/pin-command.ts');
      const named = vscode.workspace.notebookDocuments.find((n) => n.uri.toString() === uri);
      if (named) return pinName(named, properties, pin);
      return withNotebook((notebook) => pinName(notebook, properties, pin));
    },
    editCell: (cell) => withCell(cell, (found) => references.edit(found)),
    renameCell: (cell) => withCell(cell, (found) => references.rename(found)),
    goToCell: (id) => withNotebook((notebook) => goToCell(notebook, String(id))),
    restoreOutputs: () => withNotebook((notebook) => restorer.restoreAll(notebook)),

    step: () =>
      withNotebook(async (notebook) => {
        const run = runs.of(notebook);
        if (run) {
          runs.step(run);
          return;
        }
        const kind = await controllers.ensureSelected(notebook);
        await runs.start({ notebook, kind, controller: controllers.get(kind), stepping: true });
      }),
    pause: () => withNotebook((notebook) => withRun(notebook, (run) => runs.pause(run))),
    continue: () => withNotebook((notebook) => withRun(notebook, (run) => runs.continue(run))),
    debug: () => withNotebook((notebook) => debugging.start(notebook)),
    stopMotion: () => stopMotion(sessions, log),
    planAgain: (cell) =>
      withCell(cell, async (found) => {
        const instruction = instructionOf(found);
        if (!instruction) throw new Error(vscode.l10n.t('This cell belongs to no instruction.'));
        const kind = await controllers.ensureSelected(found.notebook);
        await runs.start({
          notebook: found.notebook,
          kind,
          controller: controllers.get(kind),
          cells: [instruction],
        });
      }),

    resetScene: async () => {
      const notebook = currentNotebook();
      const refusal = whyNotRun(notebook);
      if (refusal) throw refusal;
      const { robot } = chooseTarget('simulator', notebook ? frontMatterOf(notebook) : {}, { robots: [] });
      await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Resetting the scene') },
        () => sessions.get(SIMULATOR).ask({ kind: 'reset-scene', robot }, 'scene-reset'),
      );
      await features.live.look();
    },
    restartSimulator: async () => {
      sessions.restart(SIMULATOR);
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('The simulator was ended; the next run starts it again.'),
        4000,
      );
    },

    compareWithHead: async (uri) => {
      const { compareWithHead } = await import('./compare/compare-with-head.ts');
      await compareWithHead(features.inspectors, uri);
    },
    compareRuns: (run) =>
      withNotebook(async (notebook) => {
        const { compareRuns } = await import('./compare/compare-runs.ts');
        await compareRuns(features.inspectors, features.folders, notebook, run);
      }),
    addCaptureFromFile: async (uri) => {
      const { addCaptureFromFile } = await import('./captures/capture-from-file.ts');
      await addCaptureFromFile(features.edits, uri);
    },
    adviseGit: async () => (await import('./support/git-advice-command.ts')).adviseGit(),
    checkPlanner: async () =>
      (await import('./plan/check-planner-command.ts')).checkPlannerCommand(features.secrets),
    openInspector: (cell) => withCell(cell, (found) => features.inspectors.open(found)),
    selectTarget: async (id) => (await robotCommands()).selectTarget(controllers, String(id)),
    selectRobot: async () => (await robotCommands()).selectRobot(controllers),
    addRobot: async () => (await robotCommands()).addRobot(features.secrets),
    armRobot: async () => {
      const { armRobot } = await import('./motion/arm-robot.ts');
      await armRobot(sessions);
    },
    disarmRobot: async () => {
      const { disarmRobot } = await import('./motion/arm-robot.ts');
      disarmRobot(sessions);
    },
    selectPlanner: () =>
      pickSetting('planner.provider', ['language', 'openai', 'vscode'], settings.planner()),
    selectRefiner: () => pickSetting('refiner', ['default', 'expert', 'spline', 'snap'], settings.refiner()),
    setApiKey: async () => {
      const key = await vscode.window.showInputBox({
        title: vscode.l10n.t('API key of the planner'),
        password: true,
        ignoreFocusOut: true,
        prompt: vscode.l10n.t('Kept in the secret storage of VS Code; never in settings or notebooks.'),
      });
      if (key !== undefined && key !== '') await features.secrets.setPlannerKey(key);
    },
    clearApiKey: () => features.secrets.setPlannerKey(undefined),
    refreshRuns: () => features.runsTree.refresh(),
    showRun: (run) => withNotebook((notebook) => features.inspectors.openRun(notebook, run as RunRecord)),
    revealRun: (run) =>
      withNotebook(async (notebook) => {
        const { folder } = await features.folders.folderOf(notebook);
        await vscode.commands.executeCommand(
          'revealInExplorer',
          vscode.Uri.joinPath(folder, (run as RunRecord).name),
        );
      }),
    showLog: () => log.show(),
    showDiagnostics: async () => {
      const { showDiagnostics } = await import('./support/diagnostics-command.ts');
      await showDiagnostics(features.context.extension, sessions, features.links);
    },
  };

  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([name, handler]) =>
      vscode.commands.registerCommand(`waybook.${name}`, async (...args: unknown[]) => {
        try {
          return await handler(...args);
        } catch (error) {
          log.error(name, error);
          void vscode.window.showErrorMessage(messageOf(error));
          return undefined;
        }
      }),
    ),
  );

  function withRun(
    notebook: vscode.NotebookDocument,
    act: (run: NonNullable<ReturnType<Runs['of']>>) => void,
  ): void {
    const run = runs.of(notebook) ?? runs.all()[0];
    if (run) act(run);
  }
}

const uriOf = (value: unknown): vscode.Uri | undefined => (value instanceof vscode.Uri ? value : undefined);

async function withNotebook(act: (notebook: vscode.NotebookDocument) => unknown): Promise<void> {
  const notebook = currentNotebook();
  if (notebook) await act(notebook);
  else void vscode.window.showInformationMessage(vscode.l10n.t('Open a task notebook first.'));
}

/** The cell that a menu names, or the selected one. */
async function withCell(value: unknown, act: (cell: vscode.NotebookCell) => unknown): Promise<void> {
  const named =
    typeof value === 'object' && value !== null && 'document' in value && 'notebook' in value
      ? (value as vscode.NotebookCell)
      : undefined;
  const editor = vscode.window.activeNotebookEditor;
  const notebook = activeNotebook();
  const selected = notebook && editor ? notebook.getCells()[editor.selection.start] : undefined;
  const cell = named ?? selected;
  if (cell) await act(cell);
}

/** The instruction that a waypoints cell was planned from, or the instruction itself. */
function instructionOf(cell: vscode.NotebookCell): vscode.NotebookCell | undefined {
  if (runnableKindOf(cell) === 'instruction') return cell;
  const plan = attributesOf(cell)['plan'];
  return plan === undefined ? undefined : findCell(cell.notebook, plan);
}

async function pickSetting(name: string, values: readonly string[], current: string): Promise<void> {
  const picked = await vscode.window.showQuickPick(
    values.map((label) => ({ label, description: label === current ? vscode.l10n.t('current') : '' })),
    { title: `waybook.${name}` },
  );
  if (picked) await settings.update(name, picked.label);
}
