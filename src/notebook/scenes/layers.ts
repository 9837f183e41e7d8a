import { mainCamera, type Capture } from '../../core/capture.ts';
import type { Pose } from '../../core/geometry.ts';
import { encodeBuffer, type SidecarWriter } from '../../core/scene-buffer.ts';
import type {
  BoxesLayer,
  CameraLayer,
  CloudLayer,
  RefusedSample,
  RobotLayer,
  TrajectoryLayer,
  WaypointsLayer,
} from '../../core/scene.ts';
import type { RobotState } from '../../core/robot-state.ts';
import { duration, sampleCount, type Trajectory } from '../../core/trajectory.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';

/** Where large buffers of a scene go. */
export interface LayerContext {
  readonly sidecar?: SidecarWriter;
}

/** Frames per second at which link poses are stored: the viewer interpolates between them. */
export const ROBOT_LAYER_HZ = 25;

export function cloudLayer(capture: Capture, cell: string, context: LayerContext): CloudLayer {
  const { cloud } = capture;
  return {
    kind: 'cloud',
    id: `cloud:${cell}`,
    label: 'Point cloud',
    cell,
    positions: encodeBuffer(cloud.positions, [cloud.count, 3], context),
    ...(cloud.colors ? { colors: encodeBuffer(cloud.colors, [cloud.count, 3], context) } : {}),
    fields: Object.fromEntries(
      Object.entries(cloud.fields ?? {}).map(([name, values]) => [
        name,
        encodeBuffer(values, [cloud.count], context),
      ]),
    ),
  };
}

/** Boxes round what was found; `targets` (ids) are marked as what the plan acts on. */
export function objectsLayer(capture: Capture, cell: string, targets: ReadonlySet<string>): BoxesLayer {
  return {
    kind: 'boxes',
    id: `objects:${cell}`,
    label: 'Detections',
    cell,
    boxes: capture.objects.map((object) => ({
      label: object.label,
      pose: object.pose,
      size: object.size,
      score: object.score,
      role: targets.has(object.id) ? ('target' as const) : ('detection' as const),
    })),
  };
}

export function cameraLayer(capture: Capture, cell: string): CameraLayer | undefined {
  if (!capture.cameraPose || !capture.intrinsics) return undefined;
  return {
    kind: 'camera',
    id: `camera:${cell}`,
    label: `Camera: ${mainCamera(capture)}`,
    cell,
    pose: capture.cameraPose,
    intrinsics: capture.intrinsics,
    far: 0.25,
  };
}

export function waypointsLayer(waypoints: readonly Waypoint[], cell: string): WaypointsLayer {
  return { kind: 'waypoints', id: 'coarse', label: 'Coarse waypoints', cell, waypoints };
}

/** The arm standing still. */
export function restingRobotLayer(model: RobotModel, state: RobotState, context: LayerContext): RobotLayer {
  return robotLayer(model, [0], [{ joints: state.joints, gripper: state.gripper }], 'robot', context);
}

/** The arm along a trajectory. */
export function movingRobotLayer(
  model: RobotModel,
  trajectory: Trajectory,
  context: LayerContext,
): RobotLayer {
  const n = sampleCount(trajectory);
  const d = model.joints.length;
  const every = Math.max(1, Math.round(n / Math.max(1, duration(trajectory) * ROBOT_LAYER_HZ)));
  const times: number[] = [];
  const states: { joints: ArrayLike<number>; gripper: number }[] = [];
  for (let i = 0; i < n; i = i === n - 1 ? n : Math.min(i + every, n - 1)) {
    times.push(trajectory.times[i] as number);
    states.push({
      joints: trajectory.joints.subarray(i * d, (i + 1) * d),
      gripper: trajectory.gripper[i] as number,
    });
  }
  return robotLayer(model, times, states, 'robot', context);
}

function robotLayer(
  model: RobotModel,
  times: readonly number[],
  states: readonly { joints: ArrayLike<number>; gripper: number }[],
  id: string,
  context: LayerContext,
): RobotLayer {
  const links = model.linkNames.length;
  const poses = new Float32Array(times.length * links * 7);
  states.forEach(({ joints, gripper }, frame) => {
    model.linkPoses(joints, gripper).forEach((pose, link) => writePose(poses, frame * links + link, pose));
  });
  return {
    kind: 'robot',
    id,
    label: 'Arm',
    links: model.linkNames.map((name) => ({ name, geoms: model.geoms.get(name) ?? [] })),
    times: encodeBuffer(Float64Array.from(times), [times.length], context),
    poses: encodeBuffer(poses, [times.length, links, 7], context),
  };
}

export interface TrajectoryLayerOptions {
  /** [n] m; NaN where unknown */
  readonly clearance?: Float32Array;
  readonly clearanceLimit?: number;
  /** [n] m */
  readonly deviation?: Float32Array;
  readonly refused?: readonly RefusedSample[];
}

export function refinedLayer(
  trajectory: Trajectory,
  waypoints: readonly Waypoint[],
  cell: string,
  options: TrajectoryLayerOptions,
  context: LayerContext,
): TrajectoryLayer {
  const n = sampleCount(trajectory);
  const d = trajectory.jointNames.length;
  const grips = new Set(trajectory.segments.flatMap((s) => (s.kind === 'grip' ? [s.waypoint] : [])));
  return {
    kind: 'trajectory',
    role: 'refined',
    id: 'refined',
    label: 'Refined trajectory',
    cell,
    times: encodeBuffer(trajectory.times, [n], context),
    tool: encodeBuffer(Float32Array.from(trajectory.tool), [n, 7], context),
    gripper: encodeBuffer(Float32Array.from(trajectory.gripper), [n], context),
    jointNames: trajectory.jointNames,
    joints: encodeBuffer(Float32Array.from(trajectory.joints), [n, d], context),
    velocities: encodeBuffer(Float32Array.from(trajectory.velocities), [n, d], context),
    ...(options.clearance ? { clearance: encodeBuffer(options.clearance, [n], context) } : {}),
    ...(options.clearanceLimit === undefined ? {} : { clearanceLimit: options.clearanceLimit }),
    ...(options.deviation ? { deviation: encodeBuffer(options.deviation, [n], context) } : {}),
    ...(options.refused ? { refused: options.refused } : {}),
    events: trajectory.waypointSamples.map((sample, index) => ({
      t: trajectory.times[sample] ?? 0,
      label: waypoints[index]?.label ?? `waypoint ${index + 1}`,
      kind: grips.has(index) ? ('grip' as const) : ('waypoint' as const),
    })),
  };
}

/** What the robot did: states as they came since `startedAt` [s], with its tracking error [n, m] where it is known. */
export function executedLayer(
  model: RobotModel,
  states: readonly RobotState[],
  startedAt: number,
  jointNames: readonly string[],
  deviation: Float32Array,
  cell: string,
  context: LayerContext,
): TrajectoryLayer {
  const n = states.length;
  const d = model.joints.length;
  const times = new Float64Array(n);
  const tool = new Float32Array(7 * n);
  const joints = new Float32Array(d * n);
  const velocities = new Float32Array(d * n);
  const gripper = new Float32Array(n);
  states.forEach((state, i) => {
    const pose = model.forward(state.joints);
    times[i] = state.stamp - startedAt;
    writePose(tool, i, pose);
    joints.set(state.joints, i * d);
    velocities.set(state.velocities, i * d);
    gripper[i] = state.gripper;
  });
  return {
    kind: 'trajectory',
    role: 'executed',
    id: 'executed',
    label: 'Executed path',
    cell,
    times: encodeBuffer(times, [n], context),
    tool: encodeBuffer(tool, [n, 7], context),
    gripper: encodeBuffer(gripper, [n], context),
    jointNames,
    joints: encodeBuffer(joints, [n, d], context),
    velocities: encodeBuffer(velocities, [n, d], context),
    ...(deviation.length === n ? { deviation: encodeBuffer(deviation, [n], context) } : {}),
    events: [],
  };
}

export function writePose(array: Float32Array | Float64Array, index: number, pose: Pose): void {
  array.set(pose.position, index * 7);
  array.set(pose.orientation, index * 7 + 3);
}
