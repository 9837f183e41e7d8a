import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import { matchJoints, type ProfileChoice, proposeProfile } from '../../robot/profiles/propose-profile.ts';
import type { RobotSurvey } from '../../robot/link/survey-robot.ts';
import * as settings from '../support/settings.ts';
import { whyNotRun } from '../support/trust.ts';
import { ManualClient, type RobotSetup } from './manual-client.ts';

/** The session that looks at robots which no profile describes yet. */
const SURVEYOR = 'robot setup';

/**
 * From a URL to a robot in the settings: what is there is tested and listed, topics, joints and frames are picked from
 * what was found, and at last the arm is seen live before anything could move. No goal is sent; the robot stays monitor
 * only. Escape at any step leaves the settings as they were.
 */
export async function connectRobot(setup: RobotSetup): Promise<void> {
  const { t } = vscode.l10n;
  const refusal = whyNotRun();
  if (refusal) throw refusal;
  const name = await ask(t('Name'), t('Notebooks name it with "robot: NAME"'), '', (value) =>
    /^[\w.-]+$/.test(value) ? undefined : t('Letters, digits, dot, dash and underscore'),
  );
  if (name === undefined) return;
  const url = await ask(t('URL'), t('WebSocket URL of its rosbridge server'), 'ws://', (value) =>
    /^wss?:\/\/./.test(value) && URL.canParse(value) ? undefined : t('It begins with ws:// or wss://'),
  );
  if (url === undefined) return;
  const token = await vscode.window.showInputBox({
    title: t('Connect to Robot: token'),
    prompt: t('If the server wants one. Kept in the secret storage of VS Code.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (token === undefined) return;
  const survey = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Looking what is at {0}', url) },
    () => surveyed(setup, url, token),
  );
  if (!(await accepted(survey))) return;
  const choice = await choose(survey, name);
  if (!choice) return;
  const profile = proposeProfile(survey, choice);
  if (token !== '') await setup.secrets.setRobotToken(name, token);
  const before = settings.robots().robots;
  await settings.update('robots', { ...before, [name]: { url, profile } });
  await settings.update('robot', name);
  await see(setup, name);
}

async function surveyed(setup: RobotSetup, url: string, token: string): Promise<RobotSurvey> {
  const command = { kind: 'survey', url, ...(token === '' ? {} : { token }) } as const;
  const { survey, failure } = await setup.sessions.get(SURVEYOR).ask(command, 'surveyed');
  if (survey) return survey;
  throw new WaybookError(failure?.code ?? 'link/connect', failure?.message ?? '', failure?.details ?? {});
}

/** The test's result, before anything is picked. */
async function accepted(survey: RobotSurvey): Promise<boolean> {
  const { t } = vscode.l10n;
  const hz = (value: number): string => `${value.toFixed(0)} Hz`;
  const fact = (label: string, description: string): vscode.QuickPickItem => ({ label, description });
  const go = { label: `$(check) ${t('Go on')}` };
  const picked = await vscode.window.showQuickPick(
    [
      go,
      { label: t('What was found'), kind: vscode.QuickPickItemKind.Separator },
      fact(survey.flavour === 'ros1' ? 'ROS 1' : 'ROS 2', survey.distro),
      fact(t('Round trip'), `${survey.roundTripMs.toFixed(1)} ms`),
      fact(t('Clock offset'), clockOf(survey.clockOffsetMs)),
      ...survey.jointStates.map(({ topic, hz: rate, names }) =>
        fact(topic, t('{0}, {1} joints', hz(rate), names.length)),
      ),
      ...survey.clouds.map(({ topic, hz: rate }) => fact(topic, hz(rate))),
      fact(
        t('Arm'),
        survey.arm ? t('{0}, {1} joints', survey.arm.name, survey.arm.joints.length) : t('no description'),
      ),
      ...survey.warnings.map((text) => ({ label: `$(warning) ${text}` })),
    ],
    { title: t('Connect to Robot: test'), ignoreFocusOut: true },
  );
  return picked === go;
}

/** More than a day apart is no clock that is off, but one that counts from another beginning, as in simulation. */
const ANOTHER_CLOCK = 86_400_000;

function clockOf(offsetMs: number | undefined): string {
  const { t } = vscode.l10n;
  if (offsetMs === undefined) return t('unknown');
  return Math.abs(offsetMs) > ANOTHER_CLOCK
    ? t('a clock of its own, as in simulation')
    : `${(offsetMs / 1000).toFixed(2)} s`;
}

async function choose(survey: RobotSurvey, name: string): Promise<ProfileChoice | undefined> {
  const { t } = vscode.l10n;
  const { arm } = survey;
  if (!arm) {
    throw new WaybookError(
      'link/protocol',
      t('The robot does not describe itself, so no motion could be checked.'),
      {
        hint: t('Start robot_state_publisher on the robot, then connect again.'),
      },
    );
  }
  const states = await pickOne(t('joint states'), survey.jointStates, ({ topic, hz, names }) => ({
    label: topic,
    description: `${hz.toFixed(0)} Hz: ${names.join(', ')}`,
  }));
  if (!states) return undefined;
  const action = await pickOne(t('the arm’s trajectory action'), survey.trajectoryActions, (label) => ({
    label,
  }));
  if (action === undefined) return undefined;
  const turning = arm.joints.filter(({ type }) => type !== 'prismatic');
  const match = matchJoints(
    arm.joints.map((joint) => joint.name),
    states.names,
  );
  const joints = await vscode.window.showQuickPick(
    arm.joints.map((joint) => ({
      label: joint.name,
      description:
        match.jointNames[joint.name] ??
        (match.joints.includes(joint.name) ? '' : `$(error) ${t('not reported')}`),
      detail: joint.type,
      picked: match.joints.includes(joint.name) && turning.includes(joint),
    })),
    { title: t('Connect to Robot: joints of the arm'), canPickMany: true, ignoreFocusOut: true },
  );
  if (!joints || joints.length === 0) return undefined;
  const jointNames: Record<string, string> = {};
  const free = new Set(match.extra);
  for (const { label } of joints) {
    const known = match.jointNames[label];
    if (known !== undefined) jointNames[label] = known;
    if (match.joints.includes(label)) continue;
    const reported = await pickOne(t('what messages call joint {0}', label), [...free], (other) => ({
      label: other,
    }));
    if (reported === undefined) return undefined;
    free.delete(reported);
    jointNames[label] = reported;
  }
  const base = await pickOne(t('base frame'), arm.links, (label) => ({ label }));
  if (base === undefined) return undefined;
  const tool = await pickOne(t('tool frame: the fingertips’ centre'), [...arm.links].reverse(), (label) => ({
    label,
  }));
  if (tool === undefined) return undefined;
  const clouds = await vscode.window.showQuickPick(
    survey.clouds.map(({ topic, hz }) => ({
      label: topic,
      description: `${hz.toFixed(0)} Hz`,
      picked: hz > 0,
    })),
    { title: t('Connect to Robot: point clouds'), canPickMany: true, ignoreFocusOut: true },
  );
  if (!clouds) return undefined;
  const none = { label: t('None') };
  const hand = await vscode.window.showQuickPick(
    [none, ...survey.gripperActions.map(({ name: label, type }) => ({ label, description: type }))],
    { title: t('Connect to Robot: gripper'), ignoreFocusOut: true },
  );
  if (!hand) return undefined;
  const gripper = hand === none ? undefined : await gripperOf(hand.label, arm, match.jointNames);
  if (hand !== none && !gripper) return undefined;
  const stop = await vscode.window.showQuickPick([none, ...survey.triggers.map((label) => ({ label }))], {
    title: t('Connect to Robot: service that stops the robot'),
    ignoreFocusOut: true,
  });
  if (!stop) return undefined;
  const gripperName = gripper && match.jointNames[gripper.joint];
  return {
    name,
    jointStates: states.topic,
    trajectoryAction: action,
    joints: joints.map(({ label }) => label),
    jointNames: {
      ...jointNames,
      ...(gripper && gripperName !== undefined ? { [gripper.joint]: gripperName } : {}),
    },
    base,
    tool,
    clouds: clouds.map(({ label }) => label),
    ...(gripper ? { gripper } : {}),
    ...(stop === none ? {} : { stopService: stop.label }),
  };
}

async function gripperOf(
  action: string,
  arm: NonNullable<RobotSurvey['arm']>,
  names: Readonly<Record<string, string>>,
): Promise<ProfileChoice['gripper']> {
  const { t } = vscode.l10n;
  const joint = await pickOne(
    t('the gripper’s joint'),
    [...arm.joints].reverse(),
    ({ name, type, lower, upper }) => ({
      label: name,
      description: `${type} ${lower ?? ''} … ${upper ?? ''}`,
      detail: names[name],
    }),
  );
  if (!joint) return undefined;
  const number = (text: string): number | undefined =>
    text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
  const check = (text: string): string | undefined =>
    number(text) === undefined ? t('A number') : undefined;
  const open = await ask(
    t('gripper open'),
    t('Value of {0} when fully open', joint.name),
    String(joint.upper ?? ''),
    check,
  );
  if (open === undefined) return undefined;
  const closed = await ask(
    t('gripper closed'),
    t('Value of {0} when fully closed', joint.name),
    String(joint.lower ?? 0),
    check,
  );
  if (closed === undefined) return undefined;
  return { action, joint: joint.name, open: Number(open), closed: Number(closed) };
}

/** Connects with the new profile and shows the arm live: still monitor only. */
async function see(setup: RobotSetup, name: string): Promise<void> {
  const { t } = vscode.l10n;
  const report = await new ManualClient(setup, name).do({ kind: 'look' });
  await vscode.commands.executeCommand('waybook.live.focus');
  if (report.kind !== 'robot') return;
  const { problems, tool, link } = report.robot;
  const where = tool.position.map((x) => x.toFixed(3)).join(', ');
  const said = t('{0} is connected ({1}); its tool is at {2} m.', name, link, where);
  const open = t('Open Settings');
  const picked =
    problems.length === 0
      ? await vscode.window.showInformationMessage(
          t(
            '{0} Where it stands now is its home. Compare it with the live view, then tighten its limits and workspace in the settings.',
            said,
          ),
          open,
        )
      : await vscode.window.showWarningMessage(
          `${said} ${problems.map(({ message }) => message).join(' ')}`,
          open,
        );
  if (picked === open)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'waybook.robots');
}

const ask = (
  what: string,
  prompt: string,
  value: string,
  validateInput: (value: string) => string | undefined,
): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: vscode.l10n.t('Connect to Robot: {0}', what),
    prompt,
    value,
    validateInput,
    ignoreFocusOut: true,
  });

/** One of what was found; a lone one is still shown, since a wrong guess here moves the wrong thing. */
async function pickOne<T>(
  what: string,
  found: readonly T[],
  show: (item: T) => { label: string; description?: string; detail?: string | undefined },
): Promise<T | undefined> {
  const { t } = vscode.l10n;
  if (found.length === 0)
    throw new WaybookError('link/protocol', t('The robot offers nothing for: {0}.', what));
  const items = found.map((item) => ({ ...show(item), item }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Connect to Robot: {0}', what),
    ignoreFocusOut: true,
  });
  return picked?.item;
}
