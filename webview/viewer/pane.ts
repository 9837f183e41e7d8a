import type { Vec3 } from '../../src/core/geometry.ts';
import { el } from './dom.ts';
import { interestOf } from './fitting.ts';
import { CloudLayerView } from './layers/cloud-layer.ts';
import type { CloudColor } from './layers/cloud-layer.ts';
import { createLayer } from './layers/create-layer.ts';
import type { LayerView } from './layers/layer.ts';
import { TrajectoryLayerView } from './layers/trajectory-layer.ts';
import { WaypointsLayerView } from './layers/waypoints-layer.ts';
import { renderLegend } from './legend.ts';
import type { PathField } from './path-values.ts';
import type { LayerData } from './scene-data.ts';
import type { Stage } from './stage.ts';
import type { Palette } from './theme.ts';
import { View3d } from './view3d.ts';

/** A view of at least this height shows the arm whole, a lower one the path [px]. */
const ARM_FROM = 400;

/** What a pane says about itself, besides its picture. */
export interface PaneWords {
  readonly notes: readonly string[];
  readonly origin: Vec3 | undefined;
}

/** One picture with its legend and its corner of facts. Side by side there are two, with one camera and one clock. */
export class Pane {
  readonly element: HTMLElement;
  readonly view: View3d;
  readonly #legend = el('div', { class: 'legend', hidden: true });
  readonly #corner = el('div', { class: 'corner' });
  readonly #caption = el('div', { class: 'caption', hidden: true });
  #words: PaneWords = { notes: [], origin: undefined };
  #pathField: PathField | undefined;
  #cloudColor: CloudColor | undefined;
  #pointScale = 1;

  constructor(stage: Stage, palette: Palette, ...over: readonly Node[]) {
    const canvas = el('canvas', {
      tabindex: 0,
      // Keys are the view's own, so that a screen reader passes them on.
      role: 'application',
      'aria-roledescription': '3D view',
      'aria-label': '3D view',
      'aria-description': 'T shows it as tables, Escape leaves it.',
    });
    this.view = new View3d(stage, canvas, palette);
    this.element = el('div', { class: 'view' }, canvas, this.#corner, this.#caption, this.#legend, ...over);
  }

  get canvas(): HTMLCanvasElement {
    return this.view.canvas;
  }

  /** Layers in place, of which those of equal content stay as they are. */
  show(wanted: readonly LayerData[], words: PaneWords): void {
    this.#words = words;
    const byId = new Map(wanted.map((layer) => [layer.id, layer]));
    for (const [id, layer] of [...this.view.layers]) {
      if (byId.get(id)?.signature !== layer.data.signature) this.view.removeLayer(id);
    }
    for (const data of byId.values()) {
      if (!this.view.layers.has(data.id)) this.#add(createLayer(data, this.view.palette));
    }
  }

  /** Words over the picture that say whose it is; undefined: there is but one. */
  setCaption(text: string | undefined): void {
    this.#caption.textContent = text ?? '';
    this.#caption.hidden = text === undefined;
  }

  layersOf<T extends LayerView>(type: abstract new (...args: never[]) => T): T[] {
    return [...this.view.layers.values()].filter((layer): layer is T => layer instanceof type);
  }

  get visible(): LayerView[] {
    return [...this.view.layers.values()].filter((layer) => this.view.isLayerVisible(layer.data.id));
  }

  /** What "fit" must show, in this pane's size. */
  interest(): Vec3[] {
    return interestOf(this.visible, this.view.height > ARM_FROM);
  }

  get clouds(): CloudLayerView[] {
    return this.layersOf(CloudLayerView);
  }

  /** Paths that are coloured by a field. */
  get paths(): TrajectoryLayerView[] {
    return this.layersOf(TrajectoryLayerView).filter((path) => path.data.role === 'refined');
  }

  /** Where the tool is on this run's own path at `time` [s]. */
  gripperAt(time: number): Vec3 | undefined {
    return this.layersOf(TrajectoryLayerView)
      .find((path) => path.data.role !== 'compared')
      ?.positionAt(time);
  }

  setPathField(field: PathField): void {
    this.#pathField = field;
    for (const path of this.paths) path.setField(field);
  }

  setCloudColor(color: CloudColor): void {
    this.#cloudColor = color;
    for (const cloud of this.clouds) cloud.setColor(color);
  }

  setPointScale(scale: number): void {
    this.#pointScale = scale;
    for (const cloud of this.clouds) cloud.setPointScale(scale);
    this.view.invalidate();
  }

  /** The waypoint that the slider has reached, and those that lie behind a refused stretch. */
  mark(current: number, refused: ReadonlySet<number>, selected: number): void {
    for (const layer of this.layersOf(WaypointsLayerView)) {
      layer.current = current;
      layer.refused = refused;
      layer.selected = selected;
    }
    this.view.invalidate();
  }

  /** Legend and corner anew: layers, visibility or colours changed. */
  refresh(): void {
    renderLegend(
      this.#legend,
      this.visible.flatMap((layer) => [...(layer.legend?.() ?? [])]),
    );
    const { notes, origin } = this.#words;
    const [points] = this.clouds.map((cloud) => pointsText(cloud.data.count, cloud.data.total));
    const facts = [points, 'frame base', origin && `from ${formatVec(origin)} m`];
    this.#corner.replaceChildren(
      ...[facts.filter((fact) => fact !== undefined).join(' · '), ...new Set(notes)].map((line) =>
        el('div', {}, line),
      ),
    );
    // A thumbnail has no room for facts, but what is missing from it must be said.
    const isCut = this.clouds.some(({ data }) => data.total > data.count);
    this.#corner.classList.toggle('must', isCut || notes.length > 0);
    this.reserve();
    this.view.invalidate();
  }

  /** Takes the canvas's size on the page. */
  measure(): void {
    this.view.resize(this.canvas.clientWidth, this.canvas.clientHeight, Math.min(2, devicePixelRatio || 1));
    this.reserve();
  }

  /** Where the words lie, labels do not. */
  reserve(): void {
    this.view.reserved = [this.#legend, this.#corner, this.#caption].map(
      ({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) => ({
        x: offsetLeft,
        y: offsetTop,
        width: offsetWidth,
        height: offsetHeight,
      }),
    );
  }

  dispose(): void {
    this.view.dispose();
    this.element.remove();
  }

  /** A layer that replaces another keeps what was set for all. */
  #add(layer: LayerView): void {
    if (layer instanceof CloudLayerView) {
      if (this.#cloudColor) layer.setColor(this.#cloudColor);
      layer.setPointScale(this.#pointScale);
    } else if (layer instanceof TrajectoryLayerView && this.#pathField !== undefined) {
      layer.setField(this.#pathField);
    }
    this.view.addLayer(layer);
  }
}

function pointsText(count: number, total: number): string {
  if (count === 0) return 'no points';
  const shown = count.toLocaleString('en-US');
  return total > count ? `${shown} of ${total.toLocaleString('en-US')} points` : `${shown} points`;
}

const formatVec = (v: Vec3): string => v.map((x) => String(Math.round(x * 1000) / 1000)).join(', ');
