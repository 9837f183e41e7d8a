import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
import { registerCaptureDrop } from './captures/capture-drop.ts';
import { BreakpointKeeper } from './debug/breakpoint-keeper.ts';
import { Debugging } from './debug/debugging.ts';
import { connectRenderer } from './inspector/renderer-messages.ts';
import { InspectorDoor } from './inspector/inspector-door.ts';
import type { CompareRecords } from './inspector/inspector-documents.ts';
import { Controllers } from './kernel/controllers.ts';
import { trackContextKeys } from './kernel/context-keys.ts';
import { Runs } from './kernel/runs.ts';
import { CellDiagnostics } from './language/cell-diagnostics.ts';
import { FailedCells } from './language/failed-cells.ts';
import { registerInstructionCompletion } from './language/instruction-completion.ts';
import { NotebookReferences } from './language/notebook-references.ts';
import { registerTextReferences } from './language/text-references.ts';
import { registerWaypointFixes } from './language/waypoint-fixes.ts';
import { registerWaypointHover } from './language/waypoint-hover.ts';
import { Approvals } from './motion/approvals.ts';
import { IdKeeper } from './notebook/id-keeper.ts';
import { NotebookEdits } from './notebook/notebook-edits.ts';
import { NotebookProperties } from './notebook/notebook-properties.ts';
import { registerRobotSetup } from './robot-setup/register.ts';
import { registerSerializer } from './notebook/serializer.ts';
import { OutputRestorer } from './outputs/restore.ts';
import { RunFolders } from './outputs/run-folders.ts';
import { Staleness } from './outputs/staleness.ts';
import { PlanProposals } from './plan/plan-proposals.ts';
import { PlanWriter } from './plan/plan-writer.ts';
import { SIMULATOR, Sessions } from './session/sessions.ts';
import { ControlsView } from './sidebar/controls-view.ts';
import { LiveView } from './sidebar/live-view.ts';
import { RunsTree } from './sidebar/runs-tree.ts';
import { registerSweeps } from './sweeps/register.ts';
import { CellStatusItems } from './status/cell-status.ts';
import { LinkStatuses, RobotStatusItems } from './status/robot-status.ts';
import { Log } from './support/log.ts';
import { Secrets } from './support/secrets.ts';
import { testHooks, type TestHooks } from './support/test-hooks.ts';
import { registerLanguageModelTools } from './tools/language-model-tools.ts';

/** Wires the features. Nothing starts here: the session's process starts with the first run. */
export function activate(context: vscode.ExtensionContext): TestHooks | undefined {
  const started = performance.now();
  const own = <T extends vscode.Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  own(registerSerializer());
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const storage = context.globalStorageUri;
  const log = own(new Log());
  const secrets = new Secrets(context.secrets);
  const edits = new NotebookEdits();
  const ids = own(new IdKeeper(edits, log));
  const proposals = own(new PlanProposals());
  const plans = new PlanWriter(edits, proposals);
  const sessions = own(new Sessions(sessionBundle(context, dist), secrets, log));
  const runs = own(
    new Runs(
      sessions,
      storage,
      {
        ensureIds: (notebook) => ids.ensure(notebook),
        writePlan: (run, event) => plans.write(run.notebook, event),
      },
      log,
    ),
  );
  const controllers = own(new Controllers(runs));
  const links = own(new LinkStatuses(sessions));
  const staleness = own(new Staleness(controllers));
  const folders = new RunFolders(storage);
  const restorer = own(new OutputRestorer(folders, controllers, runs, log));
  const properties = new NotebookProperties(edits);
  const references = own(new NotebookReferences(edits));
  const debugging = own(new Debugging(runs, controllers));
  const compareRecords: CompareRecords = async (before, after) => {
    const reply = await sessions
      .get(SIMULATOR)
      .ask({ kind: 'compare-records', before, after }, 'records-compared');
    return reply.differences;
  };
  const inspectors = own(
    new InspectorDoor(async () => {
      const [{ Inspectors }, { ClosedPlaces }] = await Promise.all([
        import('./inspector/inspectors.ts'),
        import('./inspector/closed-places.ts'),
      ]);
      const closed = new ClosedPlaces(context.workspaceState);
      return new Inspectors(dist, storage, edits, folders, staleness, runs, compareRecords, closed, log);
    }),
  );
  const failed = own(new FailedCells(runs));
  const live = own(new LiveView(dist, sessions, runs, controllers, log));
  const runsTree = own(new RunsTree(folders, runs));
  own(new ControlsView(dist, runs, controllers, links, properties, log));
  own(new BreakpointKeeper(context.workspaceState, log));
  own(new Approvals(dist, storage, runs, sessions, links, log));
  own(new CellStatusItems(runs, staleness));
  own(registerRobotSetup({ sessions, controllers, secrets, log }));
  own(new RobotStatusItems(links, runs, controllers));
  own(new CellDiagnostics(runs, log));
  own(connectRenderer(inspectors, runs, staleness, failed, log));
  own(registerTextReferences());
  own(registerWaypointHover(failed, staleness));
  own(registerInstructionCompletion());
  own(registerCaptureDrop());
  own(registerSweeps(log));
  own(registerWaypointFixes(failed));
  own(trackContextKeys(runs, controllers, log));
  own(registerLanguageModelTools(sessions, storage));
  own(
    registerCommands({
      context,
      log,
      secrets,
      sessions,
      runs,
      controllers,
      debugging,
      references,
      properties,
      restorer,
      folders,
      runsTree,
      live,
      links,
      inspectors,
      edits,
    }),
  );
  log.info(`Activated in ${(performance.now() - started).toFixed(1)} ms.`);
  return testHooks(context, {
    sessions,
    runs,
    controllers,
    references,
    staleness,
    activationMs: performance.now() - started,
  });
}

/** The bundle of the session's process. Tests replace it; an installed extension never takes it from outside. */
function sessionBundle(context: vscode.ExtensionContext, dist: vscode.Uri): string {
  const replacement = process.env['WAYBOOK_SESSION_PROCESS'];
  if (replacement !== undefined && context.extensionMode !== vscode.ExtensionMode.Production)
    return replacement;
  return vscode.Uri.joinPath(dist, 'motion.mjs').fsPath;
}
