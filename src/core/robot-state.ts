/** What the arm reported at one instant. */
export interface RobotState {
  /** Robot time [s]. */
  readonly stamp: number;
  /** Arm joints in the model's order [rad]. */
  readonly joints: readonly number[];
  /** [rad/s], same order. */
  readonly velocities: readonly number[];
  /** Opening as a fraction of the widest, 0..1. */
  readonly gripper: number;
}
