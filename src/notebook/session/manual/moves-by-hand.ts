import { WaybookError } from '../../../core/errors.ts';
import { type Pose, quatFromAxisAngle, quatMultiply, type Vec3 } from '../../../core/geometry.ts';
import type { RobotProfile } from '../../../core/robot-profile.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import type { Waypoint } from '../../../core/waypoint.ts';
import { timeParametrise } from '../../../kinematics/time-parametrise.ts';
import { splinePath } from '../../../refinement/spline-path.ts';
import type { World } from '../services.ts';
import { jointMove } from './joint-move.ts';
import type { JogAxis } from './manual-api.ts';

/** One press moves this far at most; whoever wants more presses again [m, rad]. */
const JOG_STEP = { position: 0.05, rotation: 0.2 } as const;
/** of waypoints that nobody refines [m] */
export const RADIUS = 0.02;

/** In a straight line to a waypoint, with the gripper as it is: opening and closing are asked for apart. */
export function straightTo(
  { model }: World,
  profile: RobotProfile,
  waypoint: Waypoint,
  start: RobotState,
  speed: number,
): Trajectory {
  const kept = { ...waypoint, gripper: start.gripper };
  const path = splinePath([kept], { pose: model.forward(start.joints), gripper: start.gripper });
  return timeParametrise(model, path, start, { speed, toolSpeedLimit: profile.toolSpeedLimit });
}

/** Joints by name or as given. Throws `input/reference` or `input/limit` where this robot has no such. */
export function configuration(profile: RobotProfile, joints: readonly number[] | string): readonly number[] {
  const poses: Readonly<Record<string, readonly number[]>> = { home: profile.home, ...profile.poses };
  const found = typeof joints === 'string' ? poses[joints] : joints;
  if (!found) {
    throw new WaybookError('input/reference', `${profile.name} has no pose "${String(joints)}".`, {
      hint: `It has ${Object.keys(poses).join(', ')}.`,
    });
  }
  if (found.length === profile.joints.length && found.every(Number.isFinite)) return found;
  throw new WaybookError(
    'input/limit',
    `A configuration of ${profile.name} has ${profile.joints.length} finite joint values, not ${found.length}.`,
  );
}

const AXES: Readonly<Record<'x' | 'y' | 'z', Vec3>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/** One step along an axis of the base, about it, or of a joint. */
export function jogStep(
  world: World,
  profile: RobotProfile,
  start: RobotState,
  axis: JogAxis,
  sign: 1 | -1,
  speed: number,
): Trajectory {
  const { model } = world;
  const limits = { speed, toolSpeedLimit: profile.toolSpeedLimit };
  if (typeof axis === 'object') {
    if (start.joints[axis.joint] === undefined) {
      throw new WaybookError(
        'input/limit',
        `The arm has ${start.joints.length} joints; there is no joint ${axis.joint + 1}.`,
      );
    }
    const to = start.joints.map((q, j) => (j === axis.joint ? q + sign * JOG_STEP.rotation : q));
    return jointMove(model, start.joints, to, { ...limits, gripper: start.gripper });
  }
  const here = model.forward(start.joints);
  const turns = axis.startsWith('r');
  const along = AXES[axis.slice(-1) as 'x' | 'y' | 'z'];
  const by = sign * JOG_STEP.position;
  const to: Pose = turns
    ? {
        position: here.position,
        orientation: quatMultiply(quatFromAxisAngle(along, sign * JOG_STEP.rotation), here.orientation),
      }
    : {
        position: [
          here.position[0] + by * along[0],
          here.position[1] + by * along[1],
          here.position[2] + by * along[2],
        ],
        orientation: here.orientation,
      };
  return straightTo(
    world,
    profile,
    { ...to, label: 'jog', gripper: start.gripper, radius: RADIUS },
    start,
    speed,
  );
}

export const axisName = (axis: JogAxis, sign: 1 | -1): string =>
  `${sign > 0 ? '+' : '-'}${typeof axis === 'string' ? axis : `joint ${axis.joint + 1}`}`;
