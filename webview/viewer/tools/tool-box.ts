import type { Vec3 } from '../../../src/core/geometry.ts';
import type { PinMarked } from '../../../src/core/viewer-messages.ts';
import type { Waypoint } from '../../../src/core/waypoint.ts';
import type { Annotation } from '../draw/annotation.ts';
import { CloudLayerView } from '../layers/cloud-layer.ts';
import type { Bounds } from '../layers/layer.ts';
import { WaypointsLayerView } from '../layers/waypoints-layer.ts';
import type { LayerData } from '../scene-data.ts';
import type { Viewer } from '../viewer.ts';
import type { View3d } from '../view3d.ts';
import { twoDigits } from '../path-values.ts';
import { measureText } from './measure.ts';
import type { Measure } from './measure.ts';
import { pickAt } from './pick.ts';
import type { Pick } from './pick.ts';
import { canClick, nextClick, pinFrom, thingAt } from './pin-marker.ts';
import type { PinKind } from './pin-marker.ts';
import { WaypointEditor } from './waypoint-editor.ts';

export type ToolName = 'pick' | 'measure' | 'crop' | 'edit' | 'pin';

export interface ToolBoxHost {
  picked(pick: Pick | undefined): void;
  measured(measure: Measure | undefined): void;
  edited(index: number, waypoint: Waypoint): void;
  pinned(pin: PinMarked): void;
  /** what to click next for a pin of this kind */
  pinning(kind: PinKind, next: string): void;
  /** crop box in force; undefined: none */
  cropped(box: Bounds | undefined): void;
  /** active tool changed; undefined: none */
  changed(tool: ToolName | undefined): void;
}

/** Picking, measuring, cropping and editing: one tool at a time, loaded when first asked for. */
export class ToolBox {
  readonly #viewer: Viewer;
  readonly #host: ToolBoxHost;
  #tool: ToolName | undefined;
  #pick: Pick | undefined;
  #from: Vec3 | undefined;
  #measure: Measure | undefined;
  #crop: Bounds | undefined;
  #editor: WaypointEditor | undefined;
  #pinKind: PinKind = 'thing';
  /** clicked so far for the pin that is being made */
  #pinPoints: readonly Vec3[] = [];
  /** the keyboard picks: the middle of the view is marked */
  #aims = false;

  constructor(viewer: Viewer, host: ToolBoxHost) {
    this.#viewer = viewer;
    this.#host = host;
    viewer.view.extraMarks = () => this.#marks();
  }

  get tool(): ToolName | undefined {
    return this.#tool;
  }

  get editor(): WaypointEditor | undefined {
    return this.#editor;
  }

  get measure(): Measure | undefined {
    return this.#measure;
  }

  get crop(): Bounds | undefined {
    return this.#crop;
  }

  /** The same tool again puts it away. */
  choose(tool: ToolName | undefined): void {
    const other = tool === this.#tool ? undefined : tool;
    const next = other === 'pin' && !this.#viewer.host.onPin ? undefined : other;
    this.#editor?.dispose();
    this.#editor = undefined;
    this.#tool = next;
    this.#from = undefined;
    this.#pinPoints = [];
    const points = next === 'pick' || next === 'measure' || next === 'pin';
    this.#aims = points;
    if (next === 'edit') this.#startEditing();
    if (next === 'crop') this.setCrop(this.#crop ?? this.#viewer.cropBounds());
    else this.setCrop(undefined);
    this.#viewer.view.canvas.classList.toggle('tool', points);
    this.#viewer.view.invalidate();
    this.#host.changed(next);
    if (next === 'pin') this.setPinKind(this.#pinKind);
  }

  /** Begins a pin of this kind. */
  setPinKind(kind: PinKind): void {
    this.#pinKind = kind;
    this.#pinPoints = [];
    this.#viewer.view.invalidate();
    this.#host.pinning(kind, nextClick(kind, 0));
  }

  /** Puts the tool away; false where there is none in hand. */
  leave(): boolean {
    if (!this.#tool) return false;
    this.choose(undefined);
    return true;
  }

  /** Picks or measures what lies in the middle of the view, for those who aim with the camera; false: no such tool. */
  takeCentre(): boolean {
    if (this.#tool !== 'pick' && this.#tool !== 'measure' && this.#tool !== 'pin') return false;
    const { width, height } = this.#viewer.view;
    const isTaken = this.click(width / 2, height / 2);
    this.#aims = true;
    return isTaken;
  }

  /** A click in the view; true where a tool took it. */
  click(x: number, y: number): boolean {
    // Whoever points with the mouse needs no mark in the middle.
    this.#aims = false;
    switch (this.#tool) {
      case 'pick':
        this.#pick = this.pickAt(x, y);
        this.#host.picked(this.#pick);
        this.#viewer.view.invalidate();
        return true;
      case 'measure': {
        const hit = this.pickAt(x, y);
        if (!hit) return true;
        if (this.#from) {
          this.#measure = { from: this.#from, to: hit.position };
          this.#from = undefined;
          this.#host.measured(this.#measure);
        } else {
          this.#from = hit.position;
          this.#measure = undefined;
          this.#host.measured(undefined);
        }
        this.#viewer.view.invalidate();
        return true;
      }
      case 'pin':
        this.#clickPin(this.#surfaceAt(x, y));
        return true;
      case 'edit':
      case 'crop':
      case undefined:
        return false;
    }
  }

  /** What a camera measured there, whatever is drawn over it. */
  #surfaceAt(x: number, y: number): Vec3 | undefined {
    const { view } = this.#viewer;
    const clouds = visibleData(view).filter((data) => data.kind === 'cloud');
    return pickAt(clouds, view.projection, x, y)?.position;
  }

  #clickPin(at: Vec3 | undefined): void {
    if (at === undefined || !canClick(this.#pinPoints, at)) return;
    this.#pinPoints = [...this.#pinPoints, at];
    const pin = pinFrom(this.#pinKind, this.#pinPoints);
    if (pin) {
      const thing = thingAt(visibleData(this.#viewer.view), pin.at);
      this.#host.pinned({
        ...pin,
        // a thing is meant by its middle, a handle by where it was clicked
        ...(thing === undefined ? {} : { called: thing.label }),
        ...(thing !== undefined && this.#pinKind === 'thing' ? { at: thing.at } : {}),
      });
      this.#pinPoints = [];
    }
    this.#host.pinning(this.#pinKind, nextClick(this.#pinKind, this.#pinPoints.length));
    this.#viewer.view.invalidate();
  }

  clearMeasure(): void {
    this.#measure = undefined;
    this.#from = undefined;
    this.#host.measured(undefined);
    this.#viewer.view.invalidate();
  }

  /** What lies at a place of the view, or of another with the same tools. */
  pickAt(x: number, y: number, view: View3d = this.#viewer.view): Pick | undefined {
    const crop = this.#tool === 'crop' ? this.#crop : undefined;
    return pickAt(visibleData(view), view.projection, x, y, crop);
  }

  showPick(pick: Pick | undefined): void {
    this.#pick = pick;
    this.#host.picked(pick);
    this.#viewer.view.invalidate();
  }

  /** Shows only the points inside; undefined shows all, and the box is remembered for the next time. */
  setCrop(box: Bounds | undefined): void {
    this.#crop = box ?? this.#crop;
    const inForce = this.#tool === 'crop' ? box : undefined;
    for (const layer of this.#viewer.view.layers.values()) {
      if (layer instanceof CloudLayerView) layer.setCrop(inForce);
    }
    this.#host.cropped(inForce);
    this.#viewer.view.invalidate();
  }

  /** The selection changed elsewhere: the gizmo follows. */
  selectionChanged(waypoint: number): void {
    if (this.#editor && this.#editor.index !== waypoint) this.#editor.select(waypoint);
  }

  /** Layers were replaced: an editor of a layer that is gone is useless. */
  layersChanged(): void {
    if (this.#tool !== 'edit') return;
    this.#editor?.dispose();
    this.#startEditing();
  }

  dispose(): void {
    this.#editor?.dispose();
    this.#viewer.view.extraMarks = () => [];
  }

  #startEditing(): void {
    const layer = [...this.#viewer.view.layers.values()].find((l) => l instanceof WaypointsLayerView);
    if (!layer) return;
    this.#editor = new WaypointEditor(this.#viewer.view, layer, {
      committed: (index, waypoint) => this.#host.edited(index, waypoint),
      surfaceAt: (x, y) => this.#surfaceAt(x, y),
      selected: (index) => this.#viewer.select(index),
    });
    this.#editor.select(this.#viewer.selected < 0 && layer.waypoints.length > 0 ? 0 : this.#viewer.selected);
    this.#viewer.select(this.#editor.index);
  }

  #marks(): Annotation[] {
    const { palette } = this.#viewer.view;
    const marks: Annotation[] = [];
    if (this.#aims) marks.push({ kind: 'aim', color: palette.text });
    if (this.#pick) {
      marks.push({ kind: 'dot', at: this.#pick.position, color: palette.text, radius: 4 });
      // Where no panel reads it out, the view says it itself.
      if (!this.#viewer.host.onPick) {
        marks.push({
          kind: 'label',
          anchor: this.#pick.position,
          text: pickText(this.#pick),
          color: palette.text,
          look: 'boxed',
          leader: true,
          weight: 9,
        });
      }
    }
    this.#pinPoints.forEach((at, i) => {
      marks.push({ kind: 'dot', at, color: palette.text, radius: 4 });
      const before = this.#pinPoints[i - 1];
      // the handle and the hinge stand apart
      if (before && !(this.#pinKind === 'swings' && i === 1))
        marks.push({ kind: 'ruler', from: before, to: at, color: palette.text });
    });
    if (this.#from) marks.push({ kind: 'dot', at: this.#from, color: palette.text, radius: 3 });
    if (this.#measure) {
      const { from, to } = this.#measure;
      marks.push({ kind: 'ruler', from, to, color: palette.text });
      marks.push({
        kind: 'label',
        anchor: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2],
        text: measureText(this.#measure).length,
        color: palette.text,
        look: 'boxed',
        leader: false,
        weight: 9,
      });
    }
    return marks;
  }
}

const visibleData = (view: View3d): LayerData[] =>
  [...view.layers.values()].filter((l) => view.isLayerVisible(l.data.id)).map((l) => l.data);

/** One line of what was picked: time or index, place, and what is nearest to it. */
function pickText(pick: Pick): string {
  const at = `${pick.position.map((v) => v.toFixed(3)).join(', ')} m`;
  if (pick.kind === 'sample') {
    const clearance =
      pick.clearance === undefined ? '' : `, clearance ${twoDigits(pick.clearance * 1000)} mm`;
    return `${pick.time.toFixed(2)} s, ${at}${clearance}`;
  }
  return pick.toPath === undefined ? at : `${at}, ${twoDigits(pick.toPath * 1000)} mm to the path`;
}
