import { WaybookError } from '../../core/errors.ts';
import { defaultServices } from '../../notebook/session/default-services.ts';
import type { JogAxis, ManualAction, ManualReport } from '../../notebook/session/manual/manual-api.ts';
import { silentLog } from '../../notebook/session/run-log.ts';
import { TaskSession } from '../../notebook/session/task-session.ts';
import { type RobotSurvey, surveyRobot } from '../../robot/link/survey-robot.ts';
import { type Arguments, type Command, type Io, usage } from '../command.ts';
import { readUserConfig } from '../user-config.ts';

const ACTIONS = 'survey, look, record, home, pose, move, jog, grip, recover';
/** How often a jog is said to go on [ms]; the arm brakes when this process is gone. */
const HOLD_EVERY_MS = 100;

export const robotCommand: Command = {
  name: 'robot',
  summary: 'One arm by hand: see what is there, record poses, move home or to a pose, jog, grip, recover.',
  usage: 'ACTION [ROBOT] [VALUE] [options]',
  options: [
    {
      name: 'frame',
      value: 'OBJECT',
      help: 'record, move: in the frame of this thing, which may have moved since.',
    },
    {
      name: 'at',
      value: 'X,Y,Z[,QX,QY,QZ,QW]',
      help: 'move: where to, in m; looking down without an orientation.',
    },
    { name: 'speed', value: 'S', help: 'Fraction of full speed; default 0.1, jog 0.05.' },
    { name: 'for', value: 'SECONDS', help: 'jog: how long to hold; 0.1 to 5, default 0.5. Ctrl-C lets go.' },
    { name: 'token', value: 'TOKEN', help: 'survey: sent as the credential.' },
    { name: 'approve', value: 'HASH', help: 'On a real robot: the approval that a refused command printed.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: [
    'waybook robot survey ws://192.168.1.20:9090',
    'waybook robot record sim:tabletop?seed=3 --frame "red cube"',
    'waybook robot home left-arm --approve HASH',
    'waybook robot jog sim:tabletop?seed=3 +z --for 1',
    'waybook robot grip left-arm 0.5 --approve HASH',
  ],
  async run(args, io) {
    const action = args.required(0, 'ACTION');
    const robot = args.required(1, 'ROBOT');
    if (action === 'survey') return survey(robot, args, io);
    const report = await perform(robot, manualAction(action, args), args, io);
    io.out(args.has('json') ? `${JSON.stringify(report)}\n` : `${describe(report)}\n`);
    return 0;
  },
};

function manualAction(name: string, args: Arguments): ManualAction {
  const object = args.string('frame');
  const frame = object === undefined ? {} : { frame: { object } };
  const asked = args.number('speed', { min: 0.01, max: 1 });
  const speed = asked === undefined ? {} : { speed: asked };
  switch (name) {
    case 'look':
    case 'recover':
      return { kind: name };
    case 'record':
      return { kind: 'record', ...frame };
    case 'home':
      return { kind: 'pose', joints: 'home', ...speed };
    case 'pose':
      return { kind: 'pose', joints: args.required(2, 'NAME'), ...speed };
    case 'grip':
      return { kind: 'grip', opening: numbersOf(args.required(2, 'OPENING'), [1])[0] ?? 0 };
    case 'jog':
      return { kind: 'jog', ...directionOf(args.required(2, 'DIRECTION')), ...speed };
    case 'move': {
      const at = args.string('at');
      if (at === undefined) throw usage(robotCommand, '--at is missing.');
      const [x = 0, y = 0, z = 0, qx = 1, qy = 0, qz = 0, qw = 0] = numbersOf(at, [3, 7]);
      const to = {
        label: at,
        position: [x, y, z] as const,
        orientation: [qx, qy, qz, qw] as const,
        gripper: 1,
      };
      return { kind: 'move', to, ...frame, ...speed };
    }
    default:
      throw usage(robotCommand, `There is no action "${name}"; there are ${ACTIONS}.`);
  }
}

function numbersOf(text: string, counts: readonly number[]): number[] {
  const values = text.split(',').map(Number);
  if (values.every(Number.isFinite) && counts.includes(values.length)) return values;
  throw usage(robotCommand, `"${text}" is not ${counts.join(' or ')} numbers with commas.`);
}

function directionOf(text: string): { axis: JogAxis; sign: 1 | -1 } {
  const match = /^([+-])(r?[xyz]|\d+)$/.exec(text);
  if (!match) throw usage(robotCommand, `A direction is +x, -rz, +3 (the third joint), …, not "${text}".`);
  const [, sign, axis = ''] = match;
  return {
    axis: /^\d+$/.test(axis) ? { joint: Number(axis) - 1 } : (axis as Extract<JogAxis, string>),
    sign: sign === '+' ? 1 : -1,
  };
}

async function perform(robot: string, action: ManualAction, args: Arguments, io: Io): Promise<ManualReport> {
  const approve = args.string('approve');
  const seconds = args.number('for', { min: 0.1, max: 5 }) ?? 0.5;
  let until = Number.POSITIVE_INFINITY;
  await using session: TaskSession = new TaskSession({
    services: defaultServices({ configuration: readUserConfig }),
    emit: (event) => {
      // Nobody is here to be asked: what would have to be approved is in the refusal.
      if (event.kind === 'approval') session.answerApproval(event.request.hash, false);
      if (event.kind === 'link' && event.state === 'executing') until = performance.now() + 1000 * seconds;
    },
    openLog: () => silentLog,
    id: 'robot',
  });
  io.signal.addEventListener('abort', () => session.cancel(), { once: true });
  const holding =
    action.kind === 'jog'
      ? setInterval(() => {
          if (performance.now() < until && !io.signal.aborted) session.holdJog();
        }, HOLD_EVERY_MS)
      : undefined;
  try {
    const ended = await session.manual(1, robot, action, approve);
    if ('report' in ended) return ended.report;
    const { code, message, details } = ended.failure;
    throw new WaybookError(code, message, details);
  } finally {
    clearInterval(holding);
  }
}

async function survey(url: string, args: Arguments, io: Io): Promise<number> {
  const config = readUserConfig();
  const known = config.robots[url];
  const token = args.string('token') ?? known?.token;
  const found = await surveyRobot(
    {
      url: known?.url ?? url,
      ...(token === undefined ? {} : { token }),
      ...(known?.ca === undefined ? {} : { ca: known.ca }),
    },
    io.signal,
  );
  io.out(args.has('json') ? `${JSON.stringify(found)}\n` : surveyText(found));
  return 0;
}

/** More than a day apart is no drift [ms]. */
const ANOTHER_CLOCK = 86_400_000;

function clockText(offset: number | undefined): string {
  if (offset === undefined) return 'unknown';
  if (Math.abs(offset) > ANOTHER_CLOCK) return 'of its own, as in simulation';
  return `${(Math.abs(offset) / 1000).toFixed(2)} s ${offset < 0 ? 'behind' : 'ahead of'} ours`;
}

function surveyText(found: RobotSurvey): string {
  const offset = found.clockOffsetMs;
  const lines = [
    `${found.flavour === 'ros1' ? 'ROS 1' : 'ROS 2'} (${found.distro}), round trip ${found.roundTripMs.toFixed(1)} ms, clock ${clockText(offset)}`,
    ...found.jointStates.map(
      ({ topic, hz, names }) => `joint states  ${topic}, ${hz.toFixed(0)} Hz: ${names.join(', ')}`,
    ),
    ...found.clouds.map(({ topic, hz }) => `cloud         ${topic}, ${hz.toFixed(0)} Hz`),
    ...found.trajectoryActions.map((name) => `trajectories  ${name}`),
    ...found.gripperActions.map(({ name, type }) => `gripper       ${name} (${type})`),
    ...found.triggers.map((name) => `trigger       ${name}`),
    found.arm
      ? `arm           ${found.arm.name}: ${found.arm.joints.map((joint) => joint.name).join(', ')}`
      : 'arm           it does not describe itself',
    ...found.warnings.map((text) => `warning       ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describe(report: ManualReport): string {
  switch (report.kind) {
    case 'robot': {
      const { link, reason, roundTripMs, problems, tool } = report.robot;
      return [
        `${link}: ${reason}, round trip ${roundTripMs.toFixed(1)} ms, tool at ${at(tool.position)}`,
        ...problems.map(({ message }) => `  ${message}`),
      ].join('\n');
    }
    case 'recorded': {
      const { frame, pose, gripper } = report;
      const waypoint = {
        ...(frame === 'base' ? {} : { frame }),
        ...pose,
        gripper: Number(gripper.toFixed(2)),
      };
      return JSON.stringify(waypoint);
    }
    case 'moved':
      return `${report.text} The tool is at ${at(report.tool.position)}.`;
    case 'gripped':
      return `The gripper is ${Math.round(100 * report.opening)} % open${report.stalled ? ', stalled on something' : ''}.`;
    case 'hand-eye':
      return report.report.text;
  }
}

const at = (position: readonly number[]): string => `${position.map((x) => x.toFixed(3)).join(', ')} m`;
