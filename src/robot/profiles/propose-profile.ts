import { WaybookError } from '../../core/errors.ts';
import type { CameraTopics, RobotProfile } from '../../core/robot-profile.ts';
import type { RobotSurvey } from '../link/survey-robot.ts';

/** What a person chose among what was found; the rest is proposed. */
export interface ProfileChoice {
  readonly name: string;
  readonly jointStates: string;
  readonly trajectoryAction: string;
  /** joints of the description that the arm has, in order */
  readonly joints: readonly string[];
  /** by the description's name, where the messages' names differ */
  readonly jointNames?: Readonly<Record<string, string>>;
  readonly base: string;
  readonly tool: string;
  readonly clouds: readonly string[];
  readonly gripper?: {
    readonly action: string;
    readonly joint: string;
    readonly open: number;
    readonly closed: number;
  };
  readonly stopService?: string;
}

/**
 * A profile to start from: what was found and chosen, with limits that are slow and tight on purpose, since a URDF says
 * nothing of accelerations, workspace or how fast a tool may be near people. Whoever knows the arm widens them. Home is where
 * the arm stood, the one pose known to be free. Throws `link/protocol` where a joint's position was not heard.
 */
export function proposeProfile(survey: RobotSurvey, choice: ProfileChoice): RobotProfile {
  const { gripper } = choice;
  const gripperType = survey.gripperActions.find(({ name }) => name === gripper?.action)?.type;
  return {
    name: choice.name,
    kind: 'robot',
    flavour: survey.flavour,
    topics: {
      jointStates: choice.jointStates,
      robotDescription: survey.descriptions[0] ?? '/robot_description',
      ...(survey.detections[0] === undefined ? {} : { detections: survey.detections[0] }),
      cameras: Object.fromEntries(choice.clouds.map((cloud) => [cameraName(cloud), cameraOf(survey, cloud)])),
    },
    frames: { base: choice.base, tool: choice.tool },
    joints: choice.joints,
    ...(choice.jointNames && Object.keys(choice.jointNames).length > 0
      ? { jointNames: choice.jointNames }
      : {}),
    trajectoryAction: choice.trajectoryAction,
    ...(gripper && gripperType
      ? {
          gripper: {
            action: gripper.action,
            type: gripperType,
            joint: gripper.joint,
            open: gripper.open,
            closed: gripper.closed,
            width: 0.08,
            effort: 20,
            timeout: 5,
          },
        }
      : {}),
    ...(choice.stopService === undefined ? {} : { stopService: choice.stopService }),
    accelerationLimits: choice.joints.map(() => 2),
    toolSpeedLimit: 0.25,
    workspace: { min: [-0.8, -0.8, 0], max: [0.8, 0.8, 1] },
    home: homeOf(survey, choice),
    heartbeat: { topic: '/waybook/heartbeat', hz: 20 },
  };
}

/** Joint positions [rad, m] as last heard, to a tenth of a milliradian: settings are read by people. */
function homeOf(survey: RobotSurvey, { jointStates, joints, jointNames }: ProfileChoice): number[] {
  const heard = survey.jointStates.find(({ topic }) => topic === jointStates)?.positions ?? {};
  return joints.map((joint) => {
    const name = jointNames?.[joint] ?? joint;
    const position = Object.hasOwn(heard, name) ? heard[name] : undefined;
    if (position === undefined) {
      throw new WaybookError('link/protocol', `No position of the joint ${name} came on ${jointStates}.`, {
        hint: 'Check that the robot’s driver runs, then connect again.',
      });
    }
    return Math.round(position * 1e4) / 1e4;
  });
}

/** The topic's own name for a camera: what stands before `points` or `depth`. */
export function cameraName(topic: string): string {
  const parts = topic.split('/').filter((part) => part !== '');
  const at = parts.findIndex((part) => /^(points?|depth|depth_registered|color|cloud)/.test(part));
  return (at > 0 ? parts[at - 1] : parts[0]) ?? 'camera';
}

function cameraOf(survey: RobotSurvey, points: string): CameraTopics {
  const nearest = (topics: readonly string[]): string | undefined =>
    topics
      .map((topic) => ({ topic, shared: sharedParts(topic, points) }))
      .filter(({ shared }) => shared > 0)
      .sort((a, b) => b.shared - a.shared)[0]?.topic;
  const image = nearest(survey.images);
  const info = nearest(survey.cameraInfos);
  return { points, ...(image === undefined ? {} : { image }), ...(info === undefined ? {} : { info }) };
}

function sharedParts(a: string, b: string): number {
  const [x, y] = [a.split('/'), b.split('/')];
  let k = 1;
  while (k < x.length && k < y.length && x[k] === y[k]) k++;
  return k - 1;
}

export interface JointMatch {
  /** joints of the description that messages report, in the description's order */
  readonly joints: readonly string[];
  /** description's name to the messages' name, where they differ */
  readonly jointNames: Readonly<Record<string, string>>;
  /** description's joints that no message seems to report */
  readonly missing: readonly string[];
  /** reported, and no joint of the description */
  readonly extra: readonly string[];
}

/**
 * Which reported name is which joint of the description: the same name, or the only one that differs by a prefix, a suffix
 * or spelling. What is not clear is left to a person.
 */
export function matchJoints(described: readonly string[], reported: readonly string[]): JointMatch {
  const free = new Set(reported);
  const jointNames: Record<string, string> = {};
  const found = new Set<string>();
  for (const name of described) if (free.delete(name)) found.add(name);
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const resembles = (a: string, b: string): boolean => {
    const [x, y] = [plain(a), plain(b)];
    return x === y || x.endsWith(y) || y.endsWith(x);
  };
  for (const name of described) {
    if (found.has(name)) continue;
    const candidates = [...free].filter((other) => resembles(name, other));
    const rivals = described.filter(
      (other) => !found.has(other) && candidates.some((c) => resembles(other, c)),
    );
    const [only] = candidates;
    if (only === undefined || candidates.length > 1 || rivals.length > 1) continue;
    free.delete(only);
    found.add(name);
    jointNames[name] = only;
  }
  return {
    joints: described.filter((name) => found.has(name)),
    jointNames,
    missing: described.filter((name) => !found.has(name)),
    extra: [...free],
  };
}
