import type { Difference, Tolerance } from './compare-records.ts';

/** Differences for people, one a line: `  #grasp: waypoint 2 (grasp) moved 12 mm`. */
export const describeDifferences = (differences: readonly Difference[]): string =>
  differences.map(({ cell, text }) => `  ${cell === undefined ? '' : `#${cell}: `}${text.trim()}\n`).join('');

/** rad that stand for a metre of tolerance: the least lever arm, 0.1 m, at which a joint moves the tool */
const RADIANS_PER_METRE = 10;
/** s; one slice of lock-step time */
const TIME_SLICE = 0.02;

/** What `--tolerance MM` allows: so far for positions, the joint angles that make as much, and a slice of time. */
export const toleranceOf = (millimetres: number): Tolerance => ({
  position: millimetres / 1000,
  angle: (millimetres / 1000) * RADIANS_PER_METRE,
  time: millimetres > 0 ? TIME_SLICE : 0,
});

export const describeTolerance = ({ position, angle, time }: Tolerance): string =>
  `${+(position * 1000).toFixed(3)} mm, ${+angle.toFixed(5)} rad and ${time} s`;
