import type { RecordContents } from './read-record.ts';

/** RFC 4180: quoted where it must be, lines end with CR LF. Numbers are written so that they read back the same. */
function csv(header: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [header.map(cell).join(',')];
  for (const row of rows) lines.push(row.map(cell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** Joint states at full rate: stamp [s], each joint's position [rad] and velocity [rad/s], opening of the gripper. */
export function jointsCsv({ states, jointNames }: RecordContents): string {
  const names = states[0]?.joints.map((_, i) => jointNames[i] ?? `joint${i + 1}`) ?? [];
  const header = [
    'stamp_s',
    ...names.map((n) => `${n}_rad`),
    ...names.map((n) => `${n}_rad_per_s`),
    'gripper',
  ];
  return csv(
    header,
    states.map((s) => [s.stamp, ...s.joints, ...s.velocities, s.gripper]),
  );
}

/** Samples of every refined trajectory: time from its start [s], tool pose in base, opening of the gripper. */
export function posesCsv({ trajectories }: RecordContents): string {
  const header = ['cell', 'time_s', 'x_m', 'y_m', 'z_m', 'qx', 'qy', 'qz', 'qw', 'gripper'];
  const rows = trajectories.flatMap(({ cell, trajectory: t }) =>
    Array.from(t.times, (time, i) => [cell, time, ...t.tool.subarray(7 * i, 7 * i + 7), t.gripper[i] ?? 0]),
  );
  return csv(header, rows);
}
