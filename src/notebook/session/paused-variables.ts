import { distance } from '../../core/geometry.ts';
import type { RefinedOutput } from './outputs.ts';
import type { World } from './services.ts';

/** The waypoint that is about to be approached, and the motion that it belongs to. */
export interface PausedMotion {
  readonly refined: RefinedOutput;
  readonly waypoint: number;
}

/**
 * What a debugger shows while a run is paused, as `group/name`: where the arm is, how far from where it goes, how near to
 * anything, and which limits are in force.
 */
export function pausedVariables(
  { link, model, simulator }: World,
  profile: World['link']['profile'],
  epoch: number,
  motion: PausedMotion | undefined,
): Record<string, number | string> {
  const state = link.robotState();
  const tool = model.forward(state.joints);
  const variables: Record<string, number | string> = {};
  const put = (name: string, value: number, digits: number): void => {
    variables[name] = Number(value.toFixed(digits));
  };
  model.joints.forEach(({ name }, i) => put(`Joint state/${name} [rad]`, state.joints[i] ?? 0, 4));
  put('Joint state/gripper', state.gripper, 3);
  ['x', 'y', 'z'].forEach((axis, i) => put(`Tool/${axis} [m]`, tool.position[i] ?? 0, 4));
  const goal = motion?.refined.refinedWaypoints[motion.waypoint];
  if (goal) put('Tool/distance to waypoint [mm]', distance(tool.position, goal.position) * 1000, 1);
  if (motion?.refined.clearance !== undefined)
    put('Clearance/least of the motion [mm]', motion.refined.clearance * 1000, 0);
  if (profile.minClearance !== undefined) put('Clearance/limit [mm]', profile.minClearance * 1000, 0);
  put('Limits/tool speed [m/s]', profile.toolSpeedLimit, 3);
  model.joints.forEach((joint) => {
    variables[`Limits/${joint.name}`] =
      `${joint.lower.toFixed(2)} to ${joint.upper.toFixed(2)} rad, ${joint.velocity.toFixed(2)} rad/s`;
  });
  put('World/time [s]', state.stamp, 3);
  variables['World/epoch'] = epoch;
  variables['World/kind'] = simulator ? 'simulator' : 'robot';
  return variables;
}
