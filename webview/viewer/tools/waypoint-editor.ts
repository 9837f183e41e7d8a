import { Object3D } from 'three';
import { TransformControls } from 'three/examples/jsm/controls/TransformControls.js';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { Waypoint } from '../../../src/core/waypoint.ts';
import type { WaypointsLayerView } from '../layers/waypoints-layer.ts';
import type { View3d } from '../view3d.ts';
import { EMPTY_HISTORY, record, redo, rounded, undo, withWaypoint } from './edit-history.ts';
import type { EditHistory } from './edit-history.ts';

export interface WaypointEditorHost {
  /** a pose was let go, undone or redone: the cell's JSON follows */
  committed(index: number, waypoint: Waypoint): void;
  /** the cloud's surface under the pointer, for snapping */
  surfaceAt(x: number, y: number): Vec3 | undefined;
  selected(index: number): void;
}

/** Steps of the arrow keys [m]. */
const STEP = 0.005;
const FINE_STEP = 0.001;

/**
 * Moves waypoints: a gizmo on the selected one (drag to translate, R turns it into rotation, Shift snaps to the
 * surface), or keys. A change is committed when it is let go, and can be undone here whatever the editor does.
 */
export class WaypointEditor {
  readonly #view: View3d;
  readonly #layer: WaypointsLayerView;
  readonly #host: WaypointEditorHost;
  readonly #controls: TransformControls;
  readonly #proxy = new Object3D();
  readonly #abort = new AbortController();
  #history: EditHistory = EMPTY_HISTORY;
  #index = -1;
  #before: Waypoint | undefined;
  #snap = false;
  #pointer: { x: number; y: number } = { x: 0, y: 0 };

  constructor(view: View3d, layer: WaypointsLayerView, host: WaypointEditorHost) {
    this.#view = view;
    this.#layer = layer;
    this.#host = host;
    view.scene.add(this.#proxy);
    this.#controls = new TransformControls(view.camera, view.canvas);
    this.#controls.setSize(0.7);
    this.#controls.setSpace('local');
    view.scene.add(this.#controls.getHelper());
    this.#controls.addEventListener('change', () => view.invalidate());
    this.#controls.addEventListener('mouseDown', () => (this.#before = this.#current()));
    this.#controls.addEventListener('objectChange', () => this.#dragged());
    this.#controls.addEventListener('mouseUp', () => this.commit());
    const { signal } = this.#abort;
    view.canvas.addEventListener(
      'pointermove',
      (event) => {
        const rect = view.canvas.getBoundingClientRect();
        this.#pointer = { x: event.clientX - rect.left, y: event.clientY - rect.top };
        this.#snap = event.shiftKey;
      },
      { signal, capture: true },
    );
  }

  /** The gizmo has the pointer: the camera must stay. */
  get isCapturing(): boolean {
    return this.#controls.axis !== null || this.#controls.dragging;
  }

  get index(): number {
    return this.#index;
  }

  get history(): EditHistory {
    return this.#history;
  }

  select(index: number): void {
    this.revert();
    this.#index = index;
    const waypoint = this.#current();
    if (!waypoint) {
      this.#controls.detach();
    } else {
      this.#place(waypoint);
      this.#controls.camera = this.#view.camera;
      this.#controls.attach(this.#proxy);
    }
    this.#view.invalidate();
  }

  setMode(mode: 'translate' | 'rotate'): void {
    this.#controls.setMode(mode);
    this.#view.invalidate();
  }

  /** Handles the edit keys; false where the key means nothing here. */
  key(event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>): boolean {
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'z') return false;
      this.#travel(event.shiftKey ? redo(this.#history) : undo(this.#history));
      return true;
    }
    const count = this.#layer.waypoints.length;
    if (event.key === 'Tab' && count > 0) {
      this.commit();
      this.#host.selected((this.#index + (event.shiftKey ? count - 1 : 1) + count) % count);
      return true;
    }
    if (this.#index < 0) return false;
    const step = event.altKey ? FINE_STEP : STEP;
    const moves: Readonly<Record<string, Vec3>> = {
      ArrowUp: [step, 0, 0],
      ArrowDown: [-step, 0, 0],
      ArrowLeft: [0, step, 0],
      ArrowRight: [0, -step, 0],
      PageUp: [0, 0, step],
      PageDown: [0, 0, -step],
    };
    const move = event.shiftKey ? undefined : moves[event.key];
    if (move) {
      this.#nudge(move);
      return true;
    }
    switch (event.key) {
      case 'Enter':
        this.commit();
        return true;
      case 'Escape':
        if (!this.#before) return false;
        this.revert();
        return true;
      case 'r':
      case 'R':
        this.setMode(this.#controls.mode === 'rotate' ? 'translate' : 'rotate');
        return true;
      default:
        return false;
    }
  }

  /** Takes what is shown as the new pose. */
  commit(): void {
    const before = this.#before;
    const now = this.#current();
    this.#before = undefined;
    if (!before || !now) return;
    const after = rounded(now);
    if (JSON.stringify(after) === JSON.stringify(rounded(before))) return;
    this.#show(this.#index, after);
    this.#history = record(this.#history, { index: this.#index, before, after });
    this.#host.committed(this.#index, after);
  }

  /** Forgets what was not committed. */
  revert(): void {
    const before = this.#before;
    this.#before = undefined;
    if (before) this.#show(this.#index, before);
  }

  dispose(): void {
    this.revert();
    this.#abort.abort();
    this.#controls.detach();
    this.#view.scene.remove(this.#controls.getHelper(), this.#proxy);
    this.#controls.dispose();
    this.#view.invalidate();
  }

  #current(): Waypoint | undefined {
    return this.#layer.waypoints[this.#index];
  }

  #nudge(move: Vec3): void {
    const waypoint = this.#current();
    if (!waypoint) return;
    this.#before ??= waypoint;
    const [x, y, z] = waypoint.position;
    this.#show(this.#index, { ...waypoint, position: [x + move[0], y + move[1], z + move[2]] });
  }

  #dragged(): void {
    const waypoint = this.#current();
    if (!waypoint) return;
    const surface = this.#snap ? this.#host.surfaceAt(this.#pointer.x, this.#pointer.y) : undefined;
    if (surface) this.#proxy.position.set(...surface);
    const { position: p, quaternion: q } = this.#proxy;
    this.#layer.setWaypoints(
      withWaypoint(this.#layer.waypoints, this.#index, {
        ...waypoint,
        position: [p.x, p.y, p.z],
        orientation: [q.x, q.y, q.z, q.w],
      }),
    );
    this.#view.invalidate();
  }

  #travel(step: ReturnType<typeof undo>): void {
    this.revert();
    this.#history = step.history;
    if (!step.apply) return;
    this.#host.selected(step.apply.index);
    this.#show(step.apply.index, step.apply.waypoint);
    this.#host.committed(step.apply.index, step.apply.waypoint);
  }

  #show(index: number, waypoint: Waypoint): void {
    this.#layer.setWaypoints(withWaypoint(this.#layer.waypoints, index, waypoint));
    if (index === this.#index) this.#place(waypoint);
    this.#view.invalidate();
  }

  #place(waypoint: Waypoint): void {
    this.#proxy.position.set(...waypoint.position);
    this.#proxy.quaternion.set(...waypoint.orientation);
  }
}
