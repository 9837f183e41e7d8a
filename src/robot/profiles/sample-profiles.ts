import type { RobotProfile } from '../../core/robot-profile.ts';
import { parseRobotProfile } from './parse-robot-profile.ts';
import fr3 from './panda-fr3.json' with { type: 'json' };
import so101 from './so-101.json' with { type: 'json' };
import ur5e from './ur5e-gripper.json' with { type: 'json' };
import xarm7 from './xarm7.json' with { type: 'json' };

/**
 * Starting points for common arms: the usual names of their ROS drivers, and limits below the makers'. None was run on
 * hardware by us: names differ between driver versions, and connecting says what does not match.
 */
export const sampleProfiles = (): readonly RobotProfile[] => [
  parseRobotProfile(fr3, 'panda-fr3'),
  parseRobotProfile(ur5e, 'ur5e-gripper'),
  parseRobotProfile(xarm7, 'xarm7'),
  parseRobotProfile(so101, 'so-101'),
];
