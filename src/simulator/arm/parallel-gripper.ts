import type { Pose } from '../../core/geometry.ts';
import { box, type GripperDescription } from './arm-description.ts';

const HAND_COLOR = [225, 228, 232] as const;

export interface GripperSize {
  readonly mount: Pose;
  /** between the fingertips when open [m] */
  readonly opening: number;
  /** extent of the hand along the opening [m] */
  readonly handWidth: number;
  /** extent of the hand along the approach [m] */
  readonly handDepth: number;
  /** from the hand frame to the fingertip centre [m] */
  readonly tool: number;
  readonly mass: number;
  readonly speed: number;
  readonly maxEffort: number;
}

/** A two-finger gripper of the given size with box-shaped hand and fingers. */
export function parallelGripper(size: GripperSize): GripperDescription {
  return {
    mount: size.mount,
    solids: [box([0, 0, size.handDepth / 2], [0.055, size.handWidth, size.handDepth], HAND_COLOR)],
    mass: size.mass,
    tool: size.tool,
    palm: size.handDepth,
    tip: 0.008,
    travel: size.opening / 2,
    fingerWidth: 0.02,
    fingerThickness: 0.011,
    speed: size.speed,
    maxEffort: size.maxEffort,
  };
}
