import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { describeUrl, isUnprotected } from '../socket/connect-errors.ts';
import type { ConnectionOptions } from './robot-connection.ts';
import { RobotConnection } from './robot-connection.ts';

/**
 * Connects to a robot's bridge: finds the flavour of ROS before anything depends on it, checks names, types and joints
 * against what the robot offers, reads its URDF and its first joint state. Nothing moves. A robot starts in monitor
 * only; a simulator that we started is armed. Throws `link/connect`, `link/protocol`, `link/timeout` or
 * `task/cancelled`; whatever was opened is closed then.
 */
export async function connectRobot(
  profile: RobotProfile,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<RobotConnection> {
  const link = await RobotConnection.connect(profile, options, signal);
  if (isUnprotected(options.url)) {
    options.onProblem?.(
      new WaybookError(
        'link/connect',
        `${describeUrl(options.url)} is not encrypted: anybody on the way can read and move the robot.`,
        {
          hint: 'Use wss://, or an SSH tunnel to the robot and ws://localhost.',
        },
      ),
    );
  }
  return link;
}
