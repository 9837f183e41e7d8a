import type { Pose } from '../../core/geometry.ts';
import { detectionsMessage } from '../../robot/protocol/detection-messages.ts';
import { tfMessage } from '../../robot/protocol/geometry-messages.ts';
import type { FrameTransform } from '../../robot/protocol/geometry-messages.ts';
import { POINT_CLOUD2 } from '../../robot/protocol/point-cloud2.ts';
import { rosTime } from '../../robot/protocol/ros-time.ts';
import { cameraInfoMessage } from '../../robot/protocol/sensor-messages.ts';
import type { World, WorldCamera } from '../world-api.ts';
import { encodePng } from './png.ts';
import { cloudPublication, publicationOf } from './publication.ts';
import type { Publication } from './publication.ts';

/** A topic that the simulator publishes. */
export interface TopicSpec {
  readonly name: string;
  readonly type: string;
  /**
   * Hz. 0 means latched: once for each subscriber, and again when the scene is reset. `flood` means as fast as each
   * subscriber takes it, for benchmarks.
   */
  readonly rate: number | 'flood';
  publish(world: World): Publication;
}

export const HEARTBEAT_TOPIC = '/waybook/heartbeat';
export const HEARTBEAT_TYPE = 'std_msgs/msg/Header';
const BASE = 'base';

/** Everything that a world publishes; `world` only decides the names, each call of `publish` gets the world of then. */
export function topicsOf(world: World): TopicSpec[] {
  return [
    topic('/joint_states', 'sensor_msgs/msg/JointState', 100, jointState),
    topic('/tf', 'tf2_msgs/msg/TFMessage', 100, (w) => tfMessage(linkTransforms(w))),
    topic('/tf_static', 'tf2_msgs/msg/TFMessage', 0, (w) => tfMessage(cameraTransforms(w))),
    topic('/clock', 'rosgraph_msgs/msg/Clock', 100, (w) => ({ clock: rosTime(w.time) })),
    topic('/robot_description', 'std_msgs/msg/String', 0, (w) => ({ data: w.urdf })),
    topic('/detections', 'vision_msgs/msg/Detection3DArray', 10, (w) =>
      detectionsMessage({ stamp: rosTime(w.time), frame_id: BASE }, w.detections()),
    ),
    ...world.cameras.flatMap(cameraTopics),
  ];
}

function topic(name: string, type: string, rate: number, message: (world: World) => unknown): TopicSpec {
  return {
    name,
    type,
    rate,
    publish: (world) => publicationOf(name, type, world.time, () => message(world)),
  };
}

function jointState(world: World) {
  const { joints, gripper } = world.arm;
  const d = joints.length;
  const arrays = {
    position: new Float64Array(d),
    velocity: new Float64Array(d),
    effort: new Float64Array(d),
  };
  world.armState(arrays.position, arrays.velocity, arrays.effort);
  return {
    header: { stamp: rosTime(world.time), frame_id: BASE },
    name: [...joints, gripper.joint],
    position: Float64Array.of(...arrays.position, world.fingerPosition()),
    velocity: Float64Array.of(...arrays.velocity, world.fingerVelocity()),
    effort: Float64Array.of(...arrays.effort, world.fingerEffort()),
  };
}

/** Every link in base: a tree of depth one, which any listener can resolve. Camera frames are in `/tf_static`. */
function linkTransforms(world: World): FrameTransform[] {
  const stamp = rosTime(world.time);
  const fixed = new Set([BASE, ...world.cameras.map((camera) => camera.frame)]);
  const edge = ([child, pose]: [string, Pose]): FrameTransform => ({ stamp, parent: BASE, child, pose });
  return [...world.linkPoses()].filter(([name]) => !fixed.has(name)).map(edge);
}

function cameraTransforms(world: World): FrameTransform[] {
  const stamp = rosTime(world.time);
  return world.cameras.map((camera) => ({
    stamp,
    parent: camera.parentFrame,
    child: camera.frame,
    pose: camera.poseInParent,
  }));
}

function cameraTopics({ name, frame, intrinsics }: WorldCamera): TopicSpec[] {
  const points = `/${name}/points`;
  const header = (world: World) => ({ stamp: rosTime(world.time), frame_id: frame });
  return [
    {
      name: points,
      type: POINT_CLOUD2,
      rate: 10,
      publish: (world) => cloudPublication(points, { ...world.renderCloud(name), frame, stamp: world.time }),
    },
    topic(`/${name}/image/compressed`, 'sensor_msgs/msg/CompressedImage', 10, (world) => {
      const image = world.renderImage(name);
      return { header: header(world), format: 'png', data: encodePng(image.width, image.height, image.rgb) };
    }),
    topic(`/${name}/camera_info`, 'sensor_msgs/msg/CameraInfo', 10, (world) =>
      cameraInfoMessage(header(world), intrinsics),
    ),
  ];
}
