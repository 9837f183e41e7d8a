import { el } from '../dom.ts';
import { iconButton } from '../icon-button.ts';
import { icon } from '../icons.ts';
import { SPEEDS } from './clock.ts';
import type { ClockState } from './clock.ts';

/** A mark on the track: a ring per waypoint, a bar per gripper event. */
export interface TimeMark {
  readonly t: number;
  readonly label: string;
  readonly kind: 'waypoint' | 'grip';
  readonly refused?: boolean;
}

export interface TimeBarActions {
  toggle(): void;
  step(direction: 1 | -1): void;
  seek(time: number): void;
  setSpeed(speed: number): void;
  toggleLoop(): void;
}

/** Buttons, track with marks, clock, speed and loop: one row of 36 px. */
export class TimeBar {
  readonly element: HTMLElement;
  readonly #track: HTMLElement;
  readonly #done: HTMLElement;
  readonly #thumb: HTMLElement;
  readonly #marks: HTMLElement;
  readonly #playButton: HTMLButtonElement;
  readonly #clock: HTMLElement;
  readonly #speed: HTMLSelectElement;
  readonly #loop: HTMLButtonElement;
  readonly #actions: TimeBarActions;
  #state: ClockState | undefined;
  #ringed: readonly { readonly t: number; readonly node: HTMLElement }[] = [];

  constructor(actions: TimeBarActions) {
    this.#actions = actions;
    this.#playButton = iconButton('play', 'Play (Space)', () => actions.toggle());
    this.#done = el('div', { class: 'done' });
    this.#marks = el('div', { class: 'marks' });
    this.#thumb = el('div', { class: 'thumb' });
    this.#track = el(
      'div',
      { class: 'track', role: 'slider', tabindex: 0, 'aria-label': 'Time' },
      el('div', { class: 'rail' }, this.#done),
      this.#marks,
      this.#thumb,
    );
    this.#clock = el('output', { class: 'clock' });
    this.#speed = el('select', { class: 'speed', title: 'Playback speed', 'aria-label': 'Playback speed' });
    for (const s of SPEEDS) this.#speed.append(el('option', { value: s }, `${s}×`));
    this.#speed.addEventListener('change', () => actions.setSpeed(Number(this.#speed.value)));
    this.#loop = iconButton('loop', 'Loop (L)', () => actions.toggleLoop());
    this.element = el(
      'div',
      { class: 'time' },
      el(
        'div',
        { class: 'buttons' },
        iconButton('step-back', 'Previous waypoint ([)', () => actions.step(-1)),
        this.#playButton,
        iconButton('step-forward', 'Next waypoint (])', () => actions.step(1)),
      ),
      this.#track,
      el('div', { class: 'end' }, this.#clock, this.#speed, this.#loop),
    );
    this.#listen();
  }

  setMarks(marks: readonly TimeMark[], start: number, end: number): void {
    const span = end - start || 1;
    this.#marks.replaceChildren();
    const ringed: { t: number; node: HTMLElement }[] = [];
    for (const mark of marks) {
      const node = el('div', {
        class: `${mark.kind === 'grip' ? 'mark-grip' : 'mark-ring'}${mark.refused ? ' refused' : ''}`,
        title: `${mark.label}, ${mark.t.toFixed(2)} s`,
      });
      node.style.left = `${(100 * (mark.t - start)) / span}%`;
      this.#marks.append(node);
      if (mark.kind === 'waypoint') ringed.push({ t: mark.t, node });
    }
    this.#ringed = ringed;
  }

  update(state: ClockState): void {
    const before = this.#state;
    this.#state = state;
    const span = state.end - state.start;
    const share = span > 0 ? (state.time - state.start) / span : 0;
    this.#done.style.width = `${share * 100}%`;
    this.#thumb.style.left = `${share * 100}%`;
    for (const { t, node } of this.#ringed) node.classList.toggle('passed', t <= state.time + 1e-6);
    this.#clock.textContent = `${(state.time - state.start).toFixed(2)} / ${span.toFixed(2)} s`;
    this.#track.setAttribute('aria-valuemin', '0');
    this.#track.setAttribute('aria-valuemax', span.toFixed(2));
    this.#track.setAttribute('aria-valuenow', (state.time - state.start).toFixed(2));
    this.#track.setAttribute(
      'aria-valuetext',
      `${(state.time - state.start).toFixed(2)} seconds of ${span.toFixed(2)}`,
    );
    if (before?.playing !== state.playing) {
      const label = state.playing ? 'Pause (Space)' : 'Play (Space)';
      this.#playButton.replaceChildren(icon(state.playing ? 'pause' : 'play'));
      this.#playButton.title = label;
      this.#playButton.setAttribute('aria-label', label);
    }
    if (before?.speed !== state.speed) this.#speed.value = String(state.speed);
    this.#loop.setAttribute('aria-pressed', String(state.loop));
    this.element.classList.toggle('empty', span <= 0);
  }

  #listen(): void {
    const seekTo = (event: PointerEvent): void => {
      const rect = this.#track.getBoundingClientRect();
      const state = this.#state;
      if (!state || rect.width === 0) return;
      const share = Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
      this.#actions.seek(state.start + share * (state.end - state.start));
    };
    this.#track.addEventListener('pointerdown', (event) => {
      this.#track.setPointerCapture(event.pointerId);
      seekTo(event);
    });
    this.#track.addEventListener('pointermove', (event) => {
      if (this.#track.hasPointerCapture(event.pointerId)) seekTo(event);
    });
    this.#track.addEventListener('keydown', (event) => {
      const state = this.#state;
      if (!state) return;
      const span = state.end - state.start;
      const steps: Record<string, number> = {
        ArrowLeft: -0.01,
        ArrowDown: -0.01,
        ArrowRight: 0.01,
        ArrowUp: 0.01,
        PageDown: -0.1,
        PageUp: 0.1,
        Home: -1,
        End: 1,
      };
      const step = steps[event.key];
      if (step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#actions.seek(state.time + step * span);
    });
  }
}
