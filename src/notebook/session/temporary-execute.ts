import type { Trajectory } from '../../core/trajectory.ts';
import type { ActionOutcome, RobotLink } from '../../robot/robot-link.ts';

export async function executeTrajectory(
  link: RobotLink,
  t: Trajectory,
  o: { signal: AbortSignal; deadline: number; onProgress(p: { fraction: number; waypoint?: number }): void },
): Promise<{ outcome: ActionOutcome; note?: string }> {
  const d = t.jointNames.length;
  for (const s of t.segments) {
    if (s.kind === 'grip') {
      const r = await link.grip(s.to, o.signal);
      o.onProgress({ fraction: s.at / t.times.length });

      continue;
    }
    const n = s.last - s.first + 1;
    const times = new Float64Array(n);
    for (let i = 0; i < n; i++) times[i] = t.times[s.first + i]! - t.times[s.first]!;
    const outcome = await link.move(
      {
        jointNames: t.jointNames,
        times,
        joints: t.joints.slice(s.first * d, (s.last + 1) * d),
        velocities: t.velocities.slice(s.first * d, (s.last + 1) * d),
      },
      { deadline: times[n - 1]! * 1.5 + 2, signal: o.signal },
    );
    o.onProgress({ fraction: s.last / t.times.length });

  }
  return { outcome: 'succeeded' };
}
