import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import type { ManualReport } from '../../notebook/session/manual/manual-api.ts';
import { parseWaypointsBody } from '../../notebook/file/cell-bodies.ts';
import { NO_PARAMS } from '../../notebook/file/parameters.ts';
import { activeNotebook, idOf, runnableKindOf } from '../notebook/cells.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import { waypointAt, locateWaypoints } from '../language/waypoint-locations.ts';
import * as settings from '../support/settings.ts';
import { appendWaypoint, writtenPose, type WrittenWaypoint } from './append-waypoint.ts';
import { ManualClient, type RobotSetup, withProgress } from './manual-client.ts';

/** Where the arm is now, also while a hand guides it, as one more waypoint of the selected cell. */
export async function recordWaypoint(setup: RobotSetup): Promise<void> {
  const { t } = vscode.l10n;
  const client = new ManualClient(setup);
  const object = await vscode.window.showInputBox({
    title: t('Record waypoint of {0}', client.robot),
    prompt: t(
      'In the frame of which thing? Leave empty for the robot’s base. A waypoint in a thing’s frame survives a moved scene.',
    ),
    placeHolder: 'red cube',
  });
  if (object === undefined) return;
  const label = await vscode.window.showInputBox({
    title: t('Record waypoint'),
    prompt: t('Its label'),
    value: t('recorded'),
  });
  if (label === undefined) return;
  const frame = object.trim() === '' ? undefined : { object: object.trim() };
  const report = await client.do({ kind: 'record', ...(frame ? { frame } : {}) });
  if (report.kind !== 'recorded') return;
  const waypoint: WrittenWaypoint = {
    label,
    ...(frame ? { frame } : {}),
    ...writtenPose(report.pose),
    gripper: Number(report.gripper.toFixed(2)),
    radius: 0.02,
  };
  const cell = selectedWaypointsCell();
  const body = cell && appendWaypoint(cell.document.getText(), waypoint);
  if (cell && body !== undefined) {
    const edit = new vscode.WorkspaceEdit();
    const end = cell.document.lineAt(cell.document.lineCount - 1).range.end;
    edit.replace(cell.document.uri, new vscode.Range(new vscode.Position(0, 0), end), body);
    await vscode.workspace.applyEdit(edit);
  } else {
    await vscode.env.clipboard.writeText(JSON.stringify(waypoint));
    void vscode.window.showInformationMessage(
      t('No waypoints cell is selected: the waypoint is in the clipboard.'),
    );
  }
  if (report.moving > 0.05) {
    void vscode.window.showWarningMessage(
      t(
        'The arm was moving ({0} rad/s) when it was recorded. Hold it still and record again if it must be exact.',
        report.moving.toFixed(2),
      ),
    );
  }
}

/** Where the joints are now, under a name in the robot's profile. */
export async function recordPose(setup: RobotSetup): Promise<void> {
  const { t } = vscode.l10n;
  const client = new ManualClient(setup);
  const name = await vscode.window.showInputBox({
    title: t('Record pose of {0}', client.robot),
    prompt: t('Its name; "home" replaces where the robot goes home to'),
    validateInput: (value) =>
      /^[\w-]+$/.test(value) ? undefined : t('Letters, digits, dash and underscore'),
  });
  if (name === undefined) return;
  const report = await client.do({ kind: 'record' });
  if (report.kind !== 'recorded') return;
  const joints = report.joints.map((q) => Number(q.toFixed(4)));
  if (
    client.isSimulator ||
    !(await changeProfile(client.robot, (profile) => withPose(profile, name, joints)))
  ) {
    await vscode.env.clipboard.writeText(JSON.stringify({ [name]: joints }));
    void vscode.window.showInformationMessage(
      t('The pose is in the clipboard: add it to "poses" in the robot’s profile.'),
    );
    return;
  }
  vscode.window.setStatusBarMessage(t('{0} knows the pose "{1}".', client.robot, name), 5000);
}

const withPose = (
  profile: Record<string, unknown>,
  name: string,
  joints: number[],
): Record<string, unknown> =>
  name === 'home'
    ? { ...profile, home: joints }
    : { ...profile, poses: { ...(profile['poses'] as object | undefined), [name]: joints } };

/** Changes a profile that is written in the settings. False for one that is in a file: that is for a person to edit. */
export async function changeProfile(
  robot: string,
  change: (profile: Record<string, unknown>) => Record<string, unknown>,
): Promise<boolean> {
  const { robots } = settings.robots();
  const { profile } = robots[robot] ?? {};
  if (typeof profile !== 'object' || profile === null) return false;
  const changed = change(profile as Record<string, unknown>);
  await settings.update('robots', { ...robots, [robot]: { ...robots[robot], profile: changed } });
  return true;
}

/** To the waypoint under the cursor, or one that is picked. */
export async function moveToWaypoint(setup: RobotSetup): Promise<void> {
  const { t } = vscode.l10n;
  const cell = selectedWaypointsCell();
  if (!cell) throw new WaybookError('input/usage', t('Select a waypoints cell first.'));
  const text = cell.document.getText();
  const body = parseWaypointsBody(
    {
      kind: 'waypoints',
      id: idOf(cell) ?? 'selected',
      attributes: {},
      body: text,
      raw: '',
      line: 1,
      bodyLine: 1,
    },
    frontMatterOf(cell.notebook).params ?? NO_PARAMS,
  );
  const editor = vscode.window.activeTextEditor;
  const here =
    editor?.document === cell.document
      ? waypointAt(locateWaypoints(text), cell.document.offsetAt(editor.selection.active))
      : undefined;
  const picked =
    here?.index ??
    (
      await vscode.window.showQuickPick(
        body.waypoints.map((w, index) => ({ label: w.label, description: w.position.join(', '), index })),
        { title: t('Move to which waypoint?') },
      )
    )?.index;
  const waypoint = picked === undefined ? undefined : body.waypoints[picked];
  if (!waypoint) return;
  const client = new ManualClient(setup);
  const { label, position, orientation, gripper } = waypoint;
  await move(client, t('Moving to "{0}"', label), {
    kind: 'move',
    to: { label, position, orientation, gripper },
    frame: waypoint.frame ?? body.frame,
  });
}

export async function moveToPose(setup: RobotSetup, name?: string): Promise<void> {
  const { t } = vscode.l10n;
  const client = new ManualClient(setup);
  let pose = name;
  if (pose === undefined) {
    const report = await client.do({ kind: 'look' });
    const names = report.kind === 'robot' ? ['home', ...Object.keys(report.robot.poses)] : [];
    pose = await vscode.window.showQuickPick(names, { title: t('Move {0} to which pose?', client.robot) });
  }
  if (pose !== undefined) await move(client, t('Moving to {0}', pose), { kind: 'pose', joints: pose });
}

export async function grip(setup: RobotSetup, opening: number): Promise<void> {
  const client = new ManualClient(setup);
  const title = opening > 0.5 ? vscode.l10n.t('Opening the gripper') : vscode.l10n.t('Closing the gripper');
  await move(client, title, { kind: 'grip', opening });
}

/** Ends a fault when its cause is gone; nothing is armed or resumed by it. */
export async function recover(setup: RobotSetup): Promise<void> {
  const client = new ManualClient(setup);
  const report = await client.do({ kind: 'recover' });
  if (report.kind !== 'robot') return;
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      '{0}: {1}. Nothing goes on by itself; arm it to move again.',
      client.robot,
      report.robot.reason,
    ),
  );
}

async function move(
  client: ManualClient,
  title: string,
  action: Parameters<ManualClient['do']>[0],
): Promise<void> {
  const report: ManualReport = await withProgress(title, client, () => client.do(action));
  const text = report.kind === 'moved' ? report.text : vscode.l10n.t('Done.');
  vscode.window.setStatusBarMessage(text, 4000);
}

function selectedWaypointsCell(): vscode.NotebookCell | undefined {
  const notebook = activeNotebook();
  const editor = vscode.window.activeNotebookEditor;
  const cell = notebook && editor ? notebook.getCells()[editor.selection.start] : undefined;
  return cell && runnableKindOf(cell) === 'waypoints' ? cell : undefined;
}
