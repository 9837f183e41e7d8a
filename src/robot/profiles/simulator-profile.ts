import type { CameraTopics, RobotProfile } from '../../core/robot-profile.ts';

/** Topics of one of the simulator's cameras, as docs/protocol.md names them. */
const camera = (name: string): CameraTopics => ({
  points: `/${name}/points`,
  image: `/${name}/image/compressed`,
  info: `/${name}/camera_info`,
});

/** The built-in simulator with its default arm, by docs/protocol.md. Accelerations: libfranka's rate limiter. */
export const simulatorProfile: RobotProfile = {
  name: 'simulator',
  kind: 'simulator',
  flavour: 'ros2',
  topics: {
    jointStates: '/joint_states',
    robotDescription: '/robot_description',
    detections: '/detections',
    cameras: { front: camera('front'), left: camera('left'), top: camera('top'), wrist: camera('wrist') },
  },
  frames: { base: 'base', tool: 'tool' },
  joints: ['joint1', 'joint2', 'joint3', 'joint4', 'joint5', 'joint6', 'joint7'],
  trajectoryAction: '/arm_controller/follow_joint_trajectory',
  gripper: {
    action: '/gripper_controller/gripper_cmd',
    type: 'GripperCommand',
    joint: 'finger_joint',
    open: 0.04,
    closed: 0,
    width: 0.08,
    effort: 40,
    timeout: 5,
  },
  stopService: '/arm_controller/stop',
  accelerationLimits: [15, 7.5, 10, 12.5, 15, 20, 20],
  toolSpeedLimit: 1,
  workspace: { min: [-0.3, -0.75, -0.002], max: [0.9, 0.75, 1.2] },
  minClearance: 0.01,
  home: [0, -Math.PI / 4, 0, -0.75 * Math.PI, 0, Math.PI / 2, Math.PI / 4],
  heartbeat: { topic: '/waybook/heartbeat', hz: 20 },
};
