/** Playback of one time range, as a pure state machine: the view feeds it wall-clock time and draws what it says. */
export interface ClockState {
  /** [s] on the scene's clock */
  readonly time: number;
  readonly start: number;
  readonly end: number;
  readonly playing: boolean;
  /** 1 is real time */
  readonly speed: number;
  readonly loop: boolean;
}

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 10] as const;

export const clockFor = (start: number, end: number): ClockState => ({
  time: start,
  start,
  end,
  playing: false,
  speed: 1,
  loop: false,
});

export const seek = (clock: ClockState, time: number): ClockState => ({
  ...clock,
  time: Math.min(clock.end, Math.max(clock.start, Number.isFinite(time) ? time : clock.start)),
});

/** Playing from the end starts over. */
export function play(clock: ClockState): ClockState {
  if (clock.end <= clock.start) return clock;
  return { ...clock, playing: true, time: clock.time >= clock.end ? clock.start : clock.time };
}

export const pause = (clock: ClockState): ClockState => ({ ...clock, playing: false });

/** `elapsed` seconds of wall-clock time later. */
export function advance(clock: ClockState, elapsed: number): ClockState {
  if (!clock.playing || elapsed <= 0) return clock;
  const span = clock.end - clock.start;
  const next = clock.time + elapsed * clock.speed;
  if (next < clock.end) return { ...clock, time: next };
  if (clock.loop && span > 0) return { ...clock, time: clock.start + ((next - clock.start) % span) };
  return { ...clock, time: clock.end, playing: false };
}

/** The next lower or higher of {@link SPEEDS}. */
export function shiftSpeed(clock: ClockState, direction: 1 | -1): ClockState {
  const at = SPEEDS.findIndex((s) => s >= clock.speed);
  const next = Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? SPEEDS.length - 1 : at) + direction));
  return { ...clock, speed: SPEEDS[next] ?? 1 };
}

/** Pauses on the next of `stops` (ascending) before or after now; stays at the range's end where there is none. */
export function stepTo(clock: ClockState, stops: ArrayLike<number>, direction: 1 | -1): ClockState {
  // A stop nearer than this is the one we stand on.
  const epsilon = 1e-6 * Math.max(1, Math.abs(clock.time));
  let found: number | undefined;
  for (let i = 0; i < stops.length; i++) {
    const stop = stops[i] as number;
    if (direction > 0 && stop > clock.time + epsilon) {
      found = stop;
      break;
    }
    if (direction < 0 && stop < clock.time - epsilon) found = stop;
  }
  return seek(pause(clock), found ?? (direction > 0 ? clock.end : clock.start));
}
