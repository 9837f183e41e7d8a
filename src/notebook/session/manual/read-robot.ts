import type { Capture } from '../../../core/capture.ts';
import { compose, inverse } from '../../../core/geometry.ts';
import type { Waypoint, WaypointFrame } from '../../../core/waypoint.ts';
import { freshState } from '../fresh-state.ts';
import { lookNow } from '../look-now.ts';
import { findObject } from '../resolve-frames.ts';
import type { World } from '../services.ts';
import type { ManualReport, RobotReport } from './manual-api.ts';
import { RADIUS } from './moves-by-hand.ts';

/** What the first camera sees; undefined for a robot without one. */
export async function look(world: World, signal: AbortSignal): Promise<Capture | undefined> {
  const [camera] = Object.keys(world.link.profile.topics.cameras);
  return camera === undefined ? undefined : lookNow(world, camera, {}, signal);
}

/** Where the robot is, and what its link says. */
export async function report({ link, model }: World, signal: AbortSignal): Promise<RobotReport> {
  // Loading the model has just held up the event loop.
  const state = await freshState(link, signal);
  const { flavour, distro, roundTripMs, clockOffsetMs, problems } = link.info;
  return {
    link: link.state,
    reason: link.stateReason,
    ...{ flavour, distro, roundTripMs, clockOffsetMs, problems, state },
    tool: model.forward(state.joints),
    home: link.profile.home,
    poses: link.profile.poses ?? {},
  };
}

/** In any state of the link that has fresh joints: nobody needs to arm an arm that is guided by hand. */
export async function record(world: World, frame: WaypointFrame, signal: AbortSignal): Promise<ManualReport> {
  const objects = frame === 'base' ? [] : await objectsOf(world, signal);
  const state = await freshState(world.link, signal);
  const tool = world.model.forward(state.joints);
  const pose = frame === 'base' ? tool : compose(inverse(findObject(frame, objects).pose), tool);
  return {
    kind: 'recorded',
    frame,
    pose,
    gripper: state.gripper,
    joints: state.joints,
    moving: Math.max(...state.velocities.map(Math.abs)),
  };
}

/** What is there by name: the detector's word, else what a camera's cloud shows. */
async function objectsOf(world: World, signal: AbortSignal): Promise<Capture['objects']> {
  return (await world.link.detect(signal)) ?? (await look(world, signal))?.objects ?? [];
}

/** A waypoint in base: one in a thing's frame is where the thing is now. */
export async function resolved(
  world: World,
  to: Omit<Waypoint, 'radius'>,
  frame: WaypointFrame,
  signal: AbortSignal,
): Promise<Waypoint> {
  const pose = frame === 'base' ? to : compose(findObject(frame, await objectsOf(world, signal)).pose, to);
  return {
    label: to.label,
    gripper: to.gripper,
    radius: RADIUS,
    position: pose.position,
    orientation: pose.orientation,
  };
}
