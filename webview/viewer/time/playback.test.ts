import { describe, expect, it } from 'vitest';
import { Playback } from './playback.ts';
import type { Timeline } from './timeline.ts';

const timeline: Timeline = {
  start: 10,
  end: 14,
  marks: [
    { t: 11, label: 'a', kind: 'waypoint', waypoint: 0 },
    { t: 12.5, label: 'gripper closes', kind: 'grip' },
    { t: 13, label: 'b', kind: 'waypoint', waypoint: 1 },
  ],
  samples: Float64Array.of(10, 11, 12, 13, 14),
};

function recorded(): { playback: Playback; reached: number[]; times: number[] } {
  const reached: number[] = [];
  const times: number[] = [];
  const playback = new Playback({
    changed: () => undefined,
    moved: (time) => times.push(time),
    reached: (waypoint) => reached.push(waypoint),
  });
  playback.setTimeline(timeline, false);
  return { playback, reached, times };
}

describe('playback', () => {
  it('says each waypoint once as it is reached, and again on the way back', () => {
    const { playback, reached } = recorded();
    for (const time of [10.5, 11.2, 11.9, 13.5, 12, 10]) playback.seek(time);
    expect(reached).toEqual([-1, 0, 1, 0, -1]);
  });

  it('is driven by frames while it plays; a tab that slept does not jump', () => {
    const { playback } = recorded();
    playback.toggle();
    playback.step(1000);
    playback.step(1100);
    expect(playback.clock.time).toBeCloseTo(10.1, 9);
    playback.step(61_100);
    expect(playback.clock.time).toBeCloseTo(10.3, 9);
    playback.toggle();
    playback.step(61_200);
    expect(playback.clock.time).toBeCloseTo(10.3, 9);
  });

  it('keeps its time in another scene as far as that reaches', () => {
    const { playback } = recorded();
    playback.seek(13);
    playback.setTimeline({ ...timeline, end: 12 }, true);
    expect(playback.clock.time).toBe(12);
    playback.setTimeline(timeline, false);
    expect(playback.clock.time).toBe(10);
  });
});
