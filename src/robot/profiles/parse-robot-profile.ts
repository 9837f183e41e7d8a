import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import schema from './robot-profile.schema.json' with { type: 'json' };

const check = new Ajv({ allErrors: true }).compile<RobotProfile & { $schema?: string; $comment?: string }>(
  schema,
);

/**
 * A robot profile from JSON that somebody wrote: shape by the schema, then what a schema cannot say (as many limits as
 * joints, a box that is not empty, unit quaternions). Throws `input/schema` with every problem and where it is; `name`
 * says in the message which profile it was.
 */
export function parseRobotProfile(value: unknown, name: string): RobotProfile {
  if (!check(value)) throw invalid(name, (check.errors ?? []).map(describe));
  const { $schema: _schema, $comment: _comment, ...profile } = value;
  const problems = [...inconsistencies(profile)];
  if (problems.length > 0) throw invalid(name, problems);
  return withoutNamespace(profile);
}

/** Names as the bridge knows them: those without a slash in front are in the profile's namespace. */
function withoutNamespace({ namespace, ...profile }: RobotProfile): RobotProfile {
  const full = (name: string): string => (name.startsWith('/') ? name : `${namespace ?? ''}/${name}`);
  const { topics, gripper, stopService, heartbeat, speedScaling, robotModes } = profile;
  return {
    ...profile,
    trajectoryAction: full(profile.trajectoryAction),
    topics: {
      jointStates: full(topics.jointStates),
      robotDescription: full(topics.robotDescription),
      ...(topics.detections === undefined ? {} : { detections: full(topics.detections) }),
      cameras: Object.fromEntries(
        Object.entries(topics.cameras).map(([camera, { points, image, info, extrinsics }]) => [
          camera,
          {
            points: full(points),
            ...(image === undefined ? {} : { image: full(image) }),
            ...(info === undefined ? {} : { info: full(info) }),
            ...(extrinsics === undefined ? {} : { extrinsics }),
          },
        ]),
      ),
    },
    ...(gripper ? { gripper: { ...gripper, action: full(gripper.action) } } : {}),
    ...(stopService === undefined ? {} : { stopService: full(stopService) }),
    ...(heartbeat ? { heartbeat: { ...heartbeat, topic: full(heartbeat.topic) } } : {}),
    ...(speedScaling ? { speedScaling: { ...speedScaling, topic: full(speedScaling.topic) } } : {}),
    ...(robotModes ? { robotModes: robotModes.map((mode) => ({ ...mode, topic: full(mode.topic) })) } : {}),
  };
}

function* inconsistencies(profile: RobotProfile): Generator<string> {
  const d = profile.joints.length;
  for (const key of ['accelerationLimits', 'velocityLimits', 'home'] as const) {
    const values = profile[key];
    if (values && values.length !== d) yield `${key} has ${values.length} values for ${d} joints`;
  }
  const { min, max } = profile.workspace;
  const axis = [0, 1, 2].find((k) => (min[k] as number) >= (max[k] as number));
  if (axis !== undefined) yield `workspace is empty along ${'xyz'[axis]}`;
  if (profile.gripper && profile.gripper.open === profile.gripper.closed) {
    yield 'gripper.open and gripper.closed are the same';
  }
  if (profile.gripper && profile.joints.includes(profile.gripper.joint)) {
    yield 'gripper.joint is also one of the arm’s joints';
  }
  for (const [name, pose] of Object.entries(profile.poses ?? {})) {
    if (pose.length !== d) yield `poses.${name} has ${pose.length} values for ${d} joints`;
  }
  const known = new Set([...profile.joints, ...(profile.gripper ? [profile.gripper.joint] : [])]);
  const named = Object.entries(profile.jointNames ?? {});
  for (const [ours] of named) if (!known.has(ours)) yield `jointNames.${ours} is no joint of the profile`;
  if (new Set(named.map(([, robots]) => robots)).size < named.length) {
    yield 'jointNames gives two joints the same name';
  }
  for (const [name, camera] of Object.entries(profile.topics.cameras)) {
    const q = camera.extrinsics?.orientation;
    if (q && Math.abs(Math.hypot(...q) - 1) > 0.01) {
      yield `topics.cameras.${name}.extrinsics.orientation is not a unit quaternion`;
    }
  }
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const where = instancePath === '' ? 'the profile' : instancePath.slice(1).replaceAll('/', '.');
  const extra: unknown = params['additionalProperty'] ?? params['allowedValues'];
  return `${where} ${message ?? 'is not valid'}${extra === undefined ? '' : ` (${JSON.stringify(extra)})`}`;
}

const invalid = (name: string, problems: readonly string[]): WaybookError =>
  new WaybookError(
    'input/schema',
    `The robot profile "${name}" is not valid: ${problems.slice(0, 8).join('; ')}.`,
    {
      hint: 'See docs/safety.md for what each entry means, and the sample profiles.',
      data: { problems: [...problems] },
    },
  );

/**
 * The profile with limits that may only get tighter: lower speeds and accelerations, a smaller box. Throws
 * `input/limit` where one would be loosened.
 */
export function tighten(
  profile: RobotProfile,
  limits: Partial<
    Pick<RobotProfile, 'toolSpeedLimit' | 'velocityLimits' | 'accelerationLimits' | 'workspace'>
  >,
): RobotProfile {
  const loosened = (name: string, value: number, limit: number, unit: string): WaybookError =>
    new WaybookError(
      'input/limit',
      `Front matter may only tighten limits: ${name} ${value} is looser than ${limit} ${unit}.`,
      {
        limit: { name, value, limit, unit },
        hint: 'Change the robot’s profile if this robot may really do more.',
      },
    );
  if (limits.toolSpeedLimit !== undefined && limits.toolSpeedLimit > profile.toolSpeedLimit) {
    throw loosened('toolSpeedLimit', limits.toolSpeedLimit, profile.toolSpeedLimit, 'm/s');
  }
  for (const [key, unit] of [
    ['velocityLimits', 'rad/s'],
    ['accelerationLimits', 'rad/s²'],
  ] as const) {
    limits[key]?.forEach((value, j) => {
      const limit = profile[key]?.[j];
      if (limit !== undefined && value > limit) throw loosened(`${key}[${j}]`, value, limit, unit);
    });
  }
  if (limits.workspace) {
    for (let k = 0; k < 3; k++) {
      const low = limits.workspace.min[k] as number;
      const high = limits.workspace.max[k] as number;
      const from = profile.workspace.min[k] as number;
      const to = profile.workspace.max[k] as number;
      if (low < from) throw loosened(`workspace.min.${'xyz'[k]}`, low, from, 'm');
      if (high > to) throw loosened(`workspace.max.${'xyz'[k]}`, high, to, 'm');
    }
  }
  return { ...profile, ...limits };
}
