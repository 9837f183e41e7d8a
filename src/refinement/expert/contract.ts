/**
 * The action expert's tensors, as docs/expert.md describes them for people who bring their own network. Whatever
 * changes their meaning raises the version: data, training and runtime refuse another one.
 */
export const INTERFACE_VERSION = 2;

/** Waypoints seen at once, poses put out, points round each waypoint. */
export const WAYPOINTS = 8;
export const POSES = 64;
export const POINTS = 64;
/** position 3, rotation 6, opening before 1, opening after 1, radius 1 */
export const WAYPOINT_WIDTH = 12;
/** position 3, rotation 6, opening 1 */
export const POSE_WIDTH = 10;

/**
 * Where a closing waypoint's confidence is below this, the network's own doubt stops the motion. Of development plans that
 * are at most 2 cm off, 3 % fall below it (`models/training/threshold.py`).
 */
export const LEAST_CONFIDENCE = 0.4;

export const INPUTS = {
  waypoints: [WAYPOINTS, WAYPOINT_WIDTH],
  waypoint_mask: [WAYPOINTS],
  guidance: [POSES, POSE_WIDTH],
  blend: [POSES, WAYPOINTS],
  points: [WAYPOINTS, POINTS, 3],
  points_mask: [WAYPOINTS, POINTS],
} as const;

export const OUTPUTS = {
  actions: [POSES, POSE_WIDTH],
  confidence: [WAYPOINTS],
} as const;

export type InputName = keyof typeof INPUTS;
export type OutputName = keyof typeof OUTPUTS;
export type ExpertInputs = Readonly<Record<InputName, Float32Array>>;
export type ExpertOutputs = Readonly<Record<OutputName, Float32Array>>;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
