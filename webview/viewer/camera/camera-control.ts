import type { Vec3 } from '../../../src/core/geometry.ts';
import type { Pane } from '../pane.ts';
import { fly, takeOff } from './flight.ts';
import type { Flight } from './flight.ts';
import { fit, HOME_ORBIT } from './orbit.ts';
import type { OrbitState } from './orbit.ts';

/** One camera for all panes: moves at once, flies to presets, follows the gripper. */
export class CameraControl {
  readonly #panes: () => readonly Pane[];
  #flight: Flight | undefined;
  #follow = false;
  #isFramed = false;

  constructor(panes: () => readonly Pane[]) {
    this.#panes = panes;
  }

  get orbit(): OrbitState {
    return this.#panes()[0]?.view.orbit ?? HOME_ORBIT;
  }

  /** there is a view that somebody, or the first scene, has set */
  get isFramed(): boolean {
    return this.#isFramed;
  }

  get isFollowing(): boolean {
    return this.#follow;
  }

  /** Goes there at once. */
  move(state: OrbitState): void {
    this.#flight = undefined;
    this.#set(state);
  }

  /** Takes a moment to get there, so that the eye can follow; none where people asked for less motion. */
  fly(to: OrbitState): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.move(to);
      return;
    }
    this.#flight = takeOff(this.orbit, to);
    this.#panes()[0]?.view.invalidate();
  }

  /** What a fit of the first pane looks like from where the camera stands. */
  fitted(from: OrbitState = this.orbit): OrbitState {
    const [pane] = this.#panes();
    if (!pane) return from;
    const { height, width } = pane.view;
    return fit(from, pane.interest(), height > 0 ? width / height : 1.6);
  }

  /** The first scene's view. */
  frame(): void {
    if (this.#isFramed) return;
    this.#isFramed = true;
    this.#set(this.fitted({ ...HOME_ORBIT, projection: this.orbit.projection }));
  }

  restore(state: OrbitState): void {
    this.#isFramed = true;
    this.move(state);
  }

  toggleProjection(): void {
    const projection = this.orbit.projection === 'perspective' ? 'orthographic' : 'perspective';
    this.move({ ...this.orbit, projection });
  }

  /** `target`: where the gripper is now. */
  setFollow(follow: boolean, target: Vec3 | undefined): void {
    this.#follow = follow;
    this.track(target);
  }

  /** The gripper moved. */
  track(target: Vec3 | undefined): void {
    if (this.#follow && target) this.#set({ ...this.orbit, target });
  }

  /** On each animation frame [ms], before drawing. */
  step(now: number): void {
    if (!this.#flight) return;
    const { orbit, flight } = fly(this.#flight, now);
    this.#flight = flight;
    this.#set(orbit);
  }

  #set(state: OrbitState): void {
    for (const { view } of this.#panes()) view.orbit = state;
  }
}
