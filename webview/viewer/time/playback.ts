import { advance, clockFor, pause, play, seek, shiftSpeed, stepTo } from './clock.ts';
import type { ClockState } from './clock.ts';
import { waypointAt } from './timeline.ts';
import type { Timeline } from './timeline.ts';

export interface PlaybackListener {
  /** any part of the clock changed */
  changed(clock: ClockState): void;
  /** the time did */
  moved(time: number): void;
  /** the waypoint reached last is another; -1 before the first */
  reached(waypoint: number): void;
}

/** Time of a scene: a clock over its timeline. Drawn frames drive it while it plays. */
export class Playback {
  readonly #listener: PlaybackListener;
  #clock: ClockState = clockFor(0, 0);
  #timeline: Timeline = { start: 0, end: 0, marks: [], samples: new Float64Array(0) };
  #reached = -1;
  #lastNow = 0;

  constructor(listener: PlaybackListener) {
    this.#listener = listener;
  }

  get clock(): ClockState {
    return this.#clock;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** waypoint reached last; -1 before the first */
  get reached(): number {
    return this.#reached;
  }

  /** Another scene. `keepTime`: the slider stays where it is, as far as the new scene reaches. */
  setTimeline(timeline: Timeline, keepTime: boolean): void {
    const { speed, loop, time } = this.#clock;
    this.#timeline = timeline;
    const clock = { ...clockFor(timeline.start, timeline.end), speed, loop };
    this.#clock = seek(clock, keepTime ? time : timeline.start);
    this.#reached = waypointAt(timeline, this.#clock.time);
    this.#listener.changed(this.#clock);
    this.#listener.moved(this.#clock.time);
    this.#listener.reached(this.#reached);
  }

  seek(time: number): void {
    this.#set(seek(this.#clock, time));
  }

  toggle(): void {
    this.#set(this.#clock.playing ? pause(this.#clock) : play(this.#clock));
  }

  pause(): void {
    this.#set(pause(this.#clock));
  }

  toggleLoop(): void {
    this.#set({ ...this.#clock, loop: !this.#clock.loop });
  }

  setSpeed(speed: number): void {
    this.#set({ ...this.#clock, speed });
  }

  shiftSpeed(direction: 1 | -1): void {
    this.#set(shiftSpeed(this.#clock, direction));
  }

  stepSample(direction: 1 | -1): void {
    this.#set(stepTo(this.#clock, this.#timeline.samples, direction));
  }

  stepWaypoint(direction: 1 | -1): void {
    const stops = this.#timeline.marks.filter((m) => m.kind === 'waypoint').map((m) => m.t);
    this.#set(stepTo(this.#clock, stops, direction));
  }

  /** On each animation frame [ms]. */
  step(now: number): void {
    if (!this.#clock.playing) {
      this.#lastNow = 0;
      return;
    }
    // A tab that slept must not jump: a frame counts for a fifth of a second at most.
    const elapsed = this.#lastNow === 0 ? 0 : Math.min(0.2, (now - this.#lastNow) / 1000);
    this.#lastNow = now;
    this.#set(advance(this.#clock, elapsed));
  }

  #set(clock: ClockState): void {
    const before = this.#clock;
    this.#clock = clock;
    this.#listener.changed(clock);
    if (clock.time === before.time) return;
    this.#listener.moved(clock.time);
    const reached = waypointAt(this.#timeline, clock.time);
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#listener.reached(reached);
  }
}
