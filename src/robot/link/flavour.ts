import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { asFields, asInteger, asOptionalString, asStrings } from '../protocol/fields.ts';
import type { RosFlavour } from '../protocol/ros-time.ts';
import type { RosbridgeClient } from './rosbridge-client.ts';

export interface Interface {
  readonly flavour: RosFlavour;
  readonly distro: string;
  /** topic to type, as the bridge spells it */
  readonly topics: ReadonlyMap<string, string>;
}

/**
 * Finds out which ROS is behind the bridge, before anything is sent that depends on it: a bridge reads the other
 * flavour's times as zero, which turns a slow move into a jump. The spelling of the topics' types decides; `/rosapi`'s
 * own answer must not contradict it, nor must the profile. Unknown is refused with `link/protocol`.
 */
export async function detectInterface(
  client: RosbridgeClient,
  profile: Pick<RobotProfile, 'flavour' | 'name'>,
  signal: AbortSignal,
): Promise<Interface> {
  const topics = await listTopics(client, signal);
  const reported = await reportedVersion(client, signal);
  const flavour = judgeFlavour([...topics.values()], reported?.version);
  if (flavour === undefined) {
    throw new WaybookError(
      'link/protocol',
      `Cannot tell whether ${profile.name} runs ROS 1 or ROS 2, so nothing was sent.`,
      {
        hint: 'The two write times differently: a wrong guess turns a slow move into a jump. Is the rosapi node running?',
        data: { version: reported?.version ?? null, types: [...new Set(topics.values())].slice(0, 10) },
      },
    );
  }
  if (profile.flavour !== 'auto' && profile.flavour !== flavour) {
    throw new WaybookError(
      'link/protocol',
      `${profile.name} is set up as ${spelled(profile.flavour)}, but the bridge speaks ${spelled(flavour)}.`,
      { hint: 'Correct "flavour" in the robot’s profile, or set it to "auto".' },
    );
  }
  return { flavour, distro: reported?.distro ?? 'unknown', topics };
}

/** `ros2` where types hold `/msg/`, `ros1` where none does; undefined where they are mixed, absent or contradicted. */
function judgeFlavour(types: readonly string[], version: number | undefined): RosFlavour | undefined {
  const known = types.filter((type) => type.includes('/'));
  if (known.length === 0) return undefined;
  const ros2 = known.filter((type) => type.split('/').length === 3).length;
  const flavour = ros2 === known.length ? 'ros2' : ros2 === 0 ? 'ros1' : undefined;
  if (flavour === undefined || version === undefined) return flavour;
  return (version === 2) === (flavour === 'ros2') ? flavour : undefined;
}

const spelled = (flavour: RosFlavour): string => (flavour === 'ros1' ? 'ROS 1' : 'ROS 2');

async function listTopics(client: RosbridgeClient, signal: AbortSignal): Promise<Map<string, string>> {
  let values: unknown;
  try {
    values = await client.call('/rosapi/topics', {}, { signal });
  } catch (cause) {
    if (cause instanceof WaybookError && cause.code !== 'link/fault') throw cause;
    throw new WaybookError(
      'link/protocol',
      'The bridge has no rosapi, so names and types cannot be checked.',
      {
        hint: 'Start the rosapi node beside rosbridge: without it a wrong topic or type fails without a word.',
        cause,
      },
    );
  }
  const fields = asFields(values, '/rosapi/topics');
  const names = asStrings(fields['topics'], '/rosapi/topics.topics');
  const types = asStrings(fields['types'], '/rosapi/topics.types');
  return new Map(names.map((name, i) => [name, types[i] ?? '']));
}

/** The service exists on ROS 2 only. */
async function reportedVersion(
  client: RosbridgeClient,
  signal: AbortSignal,
): Promise<{ version: number; distro: string } | undefined> {
  try {
    const fields = asFields(
      await client.call('/rosapi/get_ros_version', {}, { signal }),
      '/rosapi/get_ros_version',
    );
    return {
      version: asInteger(fields['version'], '/rosapi/get_ros_version.version'),
      distro: asOptionalString(fields['distro'], '/rosapi/get_ros_version.distro') ?? 'unknown',
    };
  } catch (error) {
    if (error instanceof WaybookError && (error.code === 'link/fault' || error.code === 'link/protocol'))
      return undefined;
    throw error;
  }
}
