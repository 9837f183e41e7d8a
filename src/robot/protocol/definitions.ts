/**
 * The ROS 2 interfaces that the simulator offers, as their `.msg` texts: what rosapi publishes, and what CDR is written
 * and read by. Sources: common_interfaces, rcl_interfaces, control_msgs and vision_msgs (ROS 2 Jazzy).
 */
const MESSAGES: Readonly<Record<string, string>> = {
  'builtin_interfaces/msg/Time': 'int32 sec\nuint32 nanosec',
  'builtin_interfaces/msg/Duration': 'int32 sec\nuint32 nanosec',
  'std_msgs/msg/Header': 'builtin_interfaces/Time stamp\nstring frame_id',
  'std_msgs/msg/String': 'string data',
  'rosgraph_msgs/msg/Clock': 'builtin_interfaces/Time clock',
  'geometry_msgs/msg/Point': 'float64 x\nfloat64 y\nfloat64 z',
  'geometry_msgs/msg/Vector3': 'float64 x\nfloat64 y\nfloat64 z',
  'geometry_msgs/msg/Quaternion': 'float64 x 0\nfloat64 y 0\nfloat64 z 0\nfloat64 w 1',
  'geometry_msgs/msg/Pose': 'geometry_msgs/Point position\ngeometry_msgs/Quaternion orientation',
  'geometry_msgs/msg/PoseWithCovariance': 'geometry_msgs/Pose pose\nfloat64[36] covariance',
  'geometry_msgs/msg/Transform': 'geometry_msgs/Vector3 translation\ngeometry_msgs/Quaternion rotation',
  'geometry_msgs/msg/TransformStamped':
    'std_msgs/Header header\nstring child_frame_id\ngeometry_msgs/Transform transform',
  'tf2_msgs/msg/TFMessage': 'geometry_msgs/TransformStamped[] transforms',
  'sensor_msgs/msg/JointState':
    'std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort',
  'sensor_msgs/msg/PointField':
    'uint8 INT8=1\nuint8 UINT8=2\nuint8 INT16=3\nuint8 UINT16=4\nuint8 INT32=5\nuint8 UINT32=6\nuint8 FLOAT32=7\n' +
    'uint8 FLOAT64=8\nstring name\nuint32 offset\nuint8 datatype\nuint32 count',
  'sensor_msgs/msg/PointCloud2':
    'std_msgs/Header header\nuint32 height\nuint32 width\nsensor_msgs/PointField[] fields\nbool is_bigendian\n' +
    'uint32 point_step\nuint32 row_step\nuint8[] data\nbool is_dense',
  'sensor_msgs/msg/CompressedImage': 'std_msgs/Header header\nstring format\nuint8[] data',
  'sensor_msgs/msg/RegionOfInterest':
    'uint32 x_offset\nuint32 y_offset\nuint32 height\nuint32 width\nbool do_rectify',
  'sensor_msgs/msg/CameraInfo':
    'std_msgs/Header header\nuint32 height\nuint32 width\nstring distortion_model\nfloat64[] d\nfloat64[9] k\n' +
    'float64[9] r\nfloat64[12] p\nuint32 binning_x\nuint32 binning_y\nsensor_msgs/RegionOfInterest roi',
  'vision_msgs/msg/ObjectHypothesis': 'string class_id\nfloat64 score',
  'vision_msgs/msg/ObjectHypothesisWithPose':
    'vision_msgs/ObjectHypothesis hypothesis\ngeometry_msgs/PoseWithCovariance pose',
  'vision_msgs/msg/BoundingBox3D': 'geometry_msgs/Pose center\ngeometry_msgs/Vector3 size',
  'vision_msgs/msg/Detection3D':
    'std_msgs/Header header\nvision_msgs/ObjectHypothesisWithPose[] results\nvision_msgs/BoundingBox3D bbox\nstring id',
  'vision_msgs/msg/Detection3DArray': 'std_msgs/Header header\nvision_msgs/Detection3D[] detections',
  'trajectory_msgs/msg/JointTrajectoryPoint':
    'float64[] positions\nfloat64[] velocities\nfloat64[] accelerations\nfloat64[] effort\n' +
    'builtin_interfaces/Duration time_from_start',
  'trajectory_msgs/msg/JointTrajectory':
    'std_msgs/Header header\nstring[] joint_names\ntrajectory_msgs/JointTrajectoryPoint[] points',
  'control_msgs/msg/JointTolerance': 'string name\nfloat64 position\nfloat64 velocity\nfloat64 acceleration',
  'control_msgs/msg/GripperCommand': 'float64 position\nfloat64 max_effort',
  'unique_identifier_msgs/msg/UUID': 'uint8[16] uuid',
  'action_msgs/msg/GoalInfo': 'unique_identifier_msgs/UUID goal_id\nbuiltin_interfaces/Time stamp',
  'action_msgs/srv/CancelGoal_Request': 'action_msgs/GoalInfo goal_info',
  'action_msgs/srv/CancelGoal_Response': 'int8 return_code\naction_msgs/GoalInfo[] goals_canceling',
  'std_srvs/srv/Trigger_Request': '',
  'std_srvs/srv/Trigger_Response': 'bool success\nstring message',
  'control_msgs/action/FollowJointTrajectory_Goal':
    'trajectory_msgs/JointTrajectory trajectory\ncontrol_msgs/JointTolerance[] path_tolerance\n' +
    'control_msgs/JointTolerance[] goal_tolerance\nbuiltin_interfaces/Duration goal_time_tolerance',
  'control_msgs/action/FollowJointTrajectory_Result': 'int32 error_code\nstring error_string',
  'control_msgs/action/FollowJointTrajectory_Feedback':
    'std_msgs/Header header\nstring[] joint_names\ntrajectory_msgs/JointTrajectoryPoint desired\n' +
    'trajectory_msgs/JointTrajectoryPoint actual\ntrajectory_msgs/JointTrajectoryPoint error',
  'control_msgs/action/GripperCommand_Goal': 'control_msgs/GripperCommand command',
  'control_msgs/action/GripperCommand_Result':
    'float64 position\nfloat64 effort\nbool stalled\nbool reached_goal',
  'control_msgs/action/GripperCommand_Feedback':
    'float64 position\nfloat64 effort\nbool stalled\nbool reached_goal',
};

const PRIMITIVES = new Set([
  ...['bool', 'byte', 'char', 'string', 'wstring', 'float32', 'float64'],
  ...['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'],
]);

/** One member of a message; `constant` members have no place on the wire. */
export interface MemberDefinition {
  readonly name: string;
  /** full name, or a primitive's */
  readonly type: string;
  /** -1 no array, 0 of any length, else its length: as rosapi counts */
  readonly arrayLength: number;
  readonly primitive: boolean;
  readonly constant?: string;
}

export const knownTypes = (): string[] => Object.keys(MESSAGES).sort();

/** `std_msgs/Header` and `std_msgs/msg/Header` are the same; the result has the middle part. */
export function fullTypeName(type: string): string {
  const parts = type.split('/');
  return parts.length === 2 ? `${parts[0]}/msg/${parts[1]}` : type;
}

/** Members of a known type, in order, or undefined. */
export function membersOf(type: string): MemberDefinition[] | undefined {
  const name = fullTypeName(type);
  const text = Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : undefined;
  return text?.split('\n').filter(Boolean).map(parseMember);
}

function parseMember(line: string): MemberDefinition {
  const [declared = '', rest = ''] = line.split(' ', 2);
  const [name = '', constant] = rest.split('=', 2);
  const bracket = declared.indexOf('[');
  const base = bracket < 0 ? declared : declared.slice(0, bracket);
  const primitive = PRIMITIVES.has(base);
  return {
    name,
    type: primitive ? base : fullTypeName(base),
    arrayLength: bracket < 0 ? -1 : Number(declared.slice(bracket + 1, -1) || '0'),
    primitive,
    ...(constant === undefined ? {} : { constant }),
  };
}

/** A type and every type in it, each once, itself first. Unknown ones are left out. */
export function closureOf(type: string): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    const members = membersOf(name);
    if (!members || found.has(name)) return;
    found.add(name);
    for (const member of members) if (!member.primitive) visit(member.type);
  };
  visit(fullTypeName(type));
  return [...found];
}

/** The definition with those of its parts behind it, in the form of `ros2msg` (MCAP, Foxglove, rosapi). */
export function rawDefinition(type: string): string {
  return closureOf(type)
    .map(
      (name, i) =>
        (i === 0 ? '' : `${'='.repeat(80)}\nMSG: ${name.replace('/msg/', '/')}\n`) + `${MESSAGES[name]}\n`,
    )
    .join('');
}
