import { add, subtract } from '../../src/core/geometry.ts';
import type { Vec3 } from '../../src/core/geometry.ts';
import type { Scene } from '../../src/core/scene.ts';
import type { Waypoint } from '../../src/core/waypoint.ts';
import { attachCameraInput } from './camera/camera-input.ts';
import { blend, fit, HOME_ORBIT, orbit, pan, pivotAt, preset, zoom } from './camera/orbit.ts';
import type { OrbitState, Preset } from './camera/orbit.ts';
import { el } from './dom.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import { commandOf } from './keyboard.ts';
import type { ViewCommand } from './keyboard.ts';
import { asCompared, onClockOf } from './compare.ts';
import { CloudLayerView } from './layers/cloud-layer.ts';
import type { CloudColor } from './layers/cloud-layer.ts';
import type { PathField } from './path-values.ts';
import { createLayer } from './layers/create-layer.ts';
import type { Bounds, LayerView } from './layers/layer.ts';
import { TrajectoryLayerView } from './layers/trajectory-layer.ts';
import { WaypointsLayerView } from './layers/waypoints-layer.ts';
import { LayerMenu } from './layer-menu.ts';
import { renderLegend } from './legend.ts';
import { loadScene } from './load-scene.ts';
import type { Resolve } from './load-scene.ts';
import type { LayerData, LoadedScene } from './scene-data.ts';
import { Stage } from './stage.ts';
import { currentScheme, observeScheme, PALETTES } from './theme.ts';
import type { Scheme } from './theme.ts';
import { advance, clockFor, pause, play, seek, shiftSpeed, stepTo } from './time/clock.ts';
import type { ClockState } from './time/clock.ts';
import { timelineOf } from './time/timeline.ts';
import type { Timeline } from './time/timeline.ts';
import type { Pick } from './tools/pick.ts';
import type { Measure } from './tools/measure.ts';
import type { ToolBox, ToolName } from './tools/tool-box.ts';
import { TimeBar } from './time/time-bar.ts';
import { plotsOf } from './plots/plot-data.ts';
import type { PlotStrip } from './plots/plot-strip.ts';
import { TableView } from './table-view.ts';
import { View3d } from './view3d.ts';
import style from './viewer.css';

/** Room that a crop leaves round path and things [m]. */
const CROP_MARGIN = 0.08;

/** What a viewer needs from where it lives. */
export interface ViewerHost {
  /** filled entirely; its size is the host's business and must not depend on the viewer */
  readonly element: HTMLElement;
  /** bytes of a sidecar by the path that a scene gives */
  readonly resolve: Resolve;
  /** where the plots stand: beside the view (below it when it is narrow), under it on the slider's axis, or nowhere */
  readonly plots?: 'side' | 'below' | 'none';
  /** none: the picture alone, as for a small preview */
  readonly chrome?: 'full' | 'none';
  /** elements that stand round the picture and share its theme, as the inspector's panels do */
  readonly panels?: { readonly top?: HTMLElement; readonly left?: HTMLElement; readonly right?: HTMLElement };
  /** CSS for `panels` */
  readonly style?: string;
  /** fixed look; absent: the document's, followed when it changes */
  readonly scheme?: Scheme;
  /** a waypoint was chosen in the view or in the table; -1 for none */
  onSelect?(waypoint: number): void;
  /** the slider moved, by hand or by playing */
  onTime?(time: number): void;
  /** Button "full screen": opens the inspector inside the editor, the browser's full screen on a page. */
  onExpand?(): void;
  /** something was picked or measured; without these the view says it itself, beside the point */
  onPick?(pick: Pick | undefined): void;
  onMeasure?(measure: Measure | undefined): void;
  /** a waypoint was moved and let go; absent: waypoints cannot be moved here */
  onEdit?(waypoint: number, pose: Waypoint): void;
  onTool?(tool: ToolName | undefined): void;
  /** the crop box in force, so that a panel can offer its sides */
  onCrop?(box: Bounds | undefined): void;
  /** any key that the view does not use itself */
  onCommand?(command: ViewCommand): boolean;
}

/** What survives a reload. */
export interface ViewerState {
  readonly orbit: OrbitState;
  readonly time: number;
  readonly hidden: readonly string[];
}

/**
 * Puts the shared viewer into `host.element`: picture, legend, layers, time bar and table. Frames are drawn only when
 * something changed.
 */
export function createViewer(host: ViewerHost): Viewer {
  return new Viewer(host);
}

export class Viewer {
  readonly host: ViewerHost;
  readonly root: HTMLElement;
  readonly view: View3d;
  readonly timeBar: TimeBar;
  readonly layerMenu: LayerMenu;
  readonly table: TableView;
  readonly stage: Stage;
  /** resolves once what `show` was last given is on screen */
  ready: Promise<void> = Promise.resolve();
  /** called after layers, visibility, colours or selection changed */
  onChange: () => void = () => undefined;
  #clock: ClockState = clockFor(0, 0);
  #timeline: Timeline = { start: 0, end: 0, marks: [], samples: new Float64Array(0) };
  #loaded: readonly LoadedScene[] = [];
  #load: AbortController | undefined;
  #lastNow = 0;
  #follow = false;
  #framed = false;
  #selected = -1;
  #tools: Promise<ToolBox> | undefined;
  #toolBox: ToolBox | undefined;
  #compared: LoadedScene | undefined;
  #flight: { from: OrbitState; to: OrbitState; start: number } | undefined;
  readonly #box: HTMLElement;
  readonly #aside: HTMLElement;
  #plots: PlotStrip | undefined;
  readonly #legend: HTMLElement;
  readonly #corner: HTMLElement;
  readonly #message: HTMLElement;
  readonly #cleanups: (() => void)[] = [];

  constructor(host: ViewerHost) {
    this.host = host;
    const scheme = host.scheme ?? currentScheme(document);
    // A box of our own: not every element may have a shadow root.
    this.#box = el('div', { class: 'waybook-viewer' });
    this.#box.style.cssText = 'position:absolute;inset:0';
    if (getComputedStyle(host.element).position === 'static') host.element.style.position = 'relative';
    host.element.append(this.#box);
    const shadow = this.#box.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    const own = new CSSStyleSheet();
    own.replaceSync(host.style ?? '');
    shadow.adoptedStyleSheets = [sheet, own];
    const canvas = el('canvas', { tabindex: 0, role: 'img', 'aria-label': '3D view' });
    this.#legend = el('div', { class: 'legend', hidden: true });
    this.#corner = el('div', { class: 'corner' });
    this.#message = el('div', { class: 'message', hidden: true, role: 'status' });
    this.stage = Stage.acquire();
    this.view = new View3d(this.stage, canvas, PALETTES[scheme]);
    this.timeBar = new TimeBar({
      toggle: () => this.run({ kind: 'play' }),
      step: (direction) => this.run({ kind: 'waypoint', direction }),
      seek: (time) => this.setTime(time),
      setSpeed: (speed) => this.#setClock({ ...this.#clock, speed }),
      toggleLoop: () => this.run({ kind: 'loop' }),
    });
    this.layerMenu = new LayerMenu((id, visible) => this.setLayerVisible(id, visible));
    this.table = new TableView(
      (waypoint) => this.select(waypoint),
      (time) => this.setTime(time),
    );
    const tool = (name: IconName, label: string, act: () => void): HTMLElement => {
      const button = el('button', {
        type: 'button',
        class: 'icon-button',
        title: label,
        'aria-label': label,
      });
      button.append(icon(name));
      button.addEventListener('click', act);
      return button;
    };
    const tools = el(
      'div',
      { class: 'tools' },
      tool('table', 'Show as table (T)', () => this.run({ kind: 'table' })),
      tool('layers', 'Layers (Y)', () => this.run({ kind: 'layers' })),
      tool('home', 'Fit (F)', () => this.run({ kind: 'fit' })),
      tool('screen-full', 'Full view', () => this.#expand()),
    );
    this.#aside = el('aside', { class: 'aside', 'aria-label': 'Plots', hidden: true });
    const middle = el(
      'div',
      { class: 'view' },
      canvas,
      this.#corner,
      this.#legend,
      this.table.element,
      this.#message,
      tools,
      this.layerMenu.element,
    );
    const picture = el(
      'div',
      { class: 'picture' },
      host.panels?.top,
      el('div', { class: 'middle' }, host.panels?.left, middle, host.panels?.right),
      this.timeBar.element,
    );
    this.root = el(
      'div',
      { class: `viewer plots-${host.plots ?? 'side'} chrome-${host.chrome ?? 'full'}` },
      picture,
      this.#aside,
    );
    shadow.replaceChildren(this.root);
    this.#setScheme(scheme);
    this.timeBar.update(this.#clock);
    this.#wire(canvas);
  }

  /** Shows one scene, or several over each other; layers of equal content stay as they are. */
  show(scenes: Scene | readonly Scene[]): Promise<void> {
    this.#load?.abort();
    const load = (this.#load = new AbortController());
    const list: readonly Scene[] = 'layers' in scenes ? [scenes] : scenes;
    // Known before any data arrives, so that nothing moves when it does.
    this.#aside.hidden =
      this.host.plots === 'none' ||
      !list.some((scene) => scene.layers.some((layer) => layer.kind === 'trajectory'));
    this.view.canvas.setAttribute('aria-label', `3D view: ${list.map((s) => s.title).join(', ')}`);
    this.ready = Promise.all(list.map((scene) => loadScene(scene, this.host.resolve, load.signal)))
      .then((loaded) => {
        return load.signal.aborted ? undefined : this.#showLoaded(loaded);
      })
      .catch((error: unknown) => {
        if (!load.signal.aborted)
          this.#say(`Not shown: ${error instanceof Error ? error.message : String(error)}`);
      });
    return this.ready;
  }

  /** Lays another run's paths over this one, from the same start; undefined takes them away. */
  async compare(
    scenes: readonly Scene[] | undefined,
    label = 'compared',
    resolve: Resolve = this.host.resolve,
  ): Promise<void> {
    const loaded = await Promise.all(
      (scenes ?? []).map((scene) =>
        loadScene(asCompared(scene, label), resolve, new AbortController().signal),
      ),
    );
    this.#compared = scenes && {
      title: label,
      layers: loaded.flatMap((scene) => scene.layers),
      origin: [0, 0, 0],
      notes: loaded.flatMap((scene) => scene.notes),
    };
    await this.#showLoaded(this.#loaded);
  }

  /** Picking, measuring, cropping and editing, loaded when first asked for. */
  tools(): Promise<ToolBox> {
    return (this.#tools ??= import('./tools/tool-box.ts').then(({ ToolBox }) => {
      const { host } = this;
      this.#toolBox = new ToolBox(this, {
        picked: (pick) => host.onPick?.(pick),
        measured: (measure) => host.onMeasure?.(measure),
        edited: (waypoint, pose) => host.onEdit?.(waypoint, pose),
        changed: (tool) => host.onTool?.(tool),
        cropped: (box) => host.onCrop?.(box),
      });
      return this.#toolBox;
    }));
  }

  /** Fields that some path can be coloured by. */
  pathFields(): readonly PathField[] {
    const paths = this.#layersOf(TrajectoryLayerView).filter((l) => l.data.role === 'refined');
    return [...new Set(paths.flatMap((path) => path.fields()))];
  }

  get pathField(): PathField {
    return this.#layersOf(TrajectoryLayerView).find((l) => l.data.role === 'refined')?.field ?? 'speed';
  }

  setPathField(field: PathField): void {
    for (const path of this.#layersOf(TrajectoryLayerView)) path.setField(field);
    this.refresh();
  }

  /** Fields that some cloud has. */
  cloudFields(): readonly string[] {
    return [...new Set(this.#layersOf(CloudLayerView).flatMap((cloud) => Object.keys(cloud.data.fields)))];
  }

  get cloudColor(): CloudColor {
    return this.#layersOf(CloudLayerView)[0]?.color ?? { kind: 'rgb' };
  }

  setCloudColor(color: CloudColor): void {
    for (const cloud of this.#layersOf(CloudLayerView)) cloud.setColor(color);
    this.refresh();
  }

  /** Shows the tube round the refined path that an approval covers [m]; undefined takes it away. */
  setTolerance(radius: number | undefined): void {
    for (const path of this.#layersOf(TrajectoryLayerView)) {
      if (path.data.role === 'refined') path.setTolerance(radius);
    }
    this.refresh();
  }

  get hasEyeDome(): boolean {
    return this.view.post !== undefined;
  }

  /** Shades points by the depth of their neighbours; loaded when first asked for. */
  async setEyeDome(on: boolean): Promise<void> {
    const pass = on ? new (await import('./draw/eye-dome.ts')).EyeDome() : undefined;
    this.view.post?.dispose();
    this.view.post = pass;
    this.view.invalidate();
  }

  setPointScale(scale: number): void {
    for (const cloud of this.#layersOf(CloudLayerView)) cloud.setPointScale(scale);
    this.view.invalidate();
  }

  /** The picture as it is, marks included, as PNG. */
  screenshot(): Promise<Blob> {
    this.view.renderNow();
    return new Promise((done, fail) => {
      this.view.canvas.toBlob(
        (blob) => (blob ? done(blob) : fail(new Error('the browser made no picture'))),
        'image/png',
      );
    });
  }

  get clock(): ClockState {
    return this.#clock;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  get loaded(): readonly LoadedScene[] {
    return this.#loaded;
  }

  get selected(): number {
    return this.#selected;
  }

  get isFollowing(): boolean {
    return this.#follow;
  }

  setTime(time: number): void {
    this.#setClock(seek(this.#clock, time));
  }

  /** Marks a waypoint everywhere; -1 for none. */
  select(waypoint: number, tell = true): void {
    if (waypoint === this.#selected) return;
    this.#selected = waypoint;
    for (const layer of this.#layersOf(WaypointsLayerView)) layer.selected = waypoint;
    this.table.setSelected(waypoint);
    this.view.invalidate();
    this.#toolBox?.selectionChanged(waypoint);
    if (tell) this.host.onSelect?.(waypoint);
    this.onChange();
  }

  setLayerVisible(id: string, visible: boolean): void {
    this.view.setLayerVisible(id, visible);
    this.#refreshChrome();
  }

  /** Off-screen: keep the picture, draw nothing. */
  setVisible(visible: boolean): void {
    if (!visible) this.#setClock(pause(this.#clock));
    this.view.setVisible(visible);
  }

  get state(): ViewerState {
    return {
      orbit: this.view.orbit,
      time: this.#clock.time,
      hidden: [...this.view.layers.keys()].filter((id) => !this.view.isLayerVisible(id)),
    };
  }

  restore(state: ViewerState): void {
    this.#framed = true;
    this.view.orbit = state.orbit;
    for (const id of this.view.layers.keys()) this.view.setLayerVisible(id, !state.hidden.includes(id));
    this.#setClock(seek(this.#clock, state.time));
    this.#refreshChrome();
  }

  /** Carries out what a key or a button asks. False: nobody here knows it. */
  run(command: ViewCommand): boolean {
    switch (command.kind) {
      case 'orbit':
        this.#move(orbit(this.view.orbit, command.yaw, command.pitch));
        return true;
      case 'pan':
        this.#move(pan(this.view.orbit, command.right, command.up));
        return true;
      case 'zoom':
        this.#move(zoom(this.view.orbit, command.factor));
        return true;
      case 'preset':
        this.#fly(preset(this.view.orbit, command.name satisfies Preset));
        return true;
      case 'projection':
        this.#move({
          ...this.view.orbit,
          projection: this.view.orbit.projection === 'perspective' ? 'orthographic' : 'perspective',
        });
        return true;
      case 'fit':
        this.#fly(this.#fitted(this.view.orbit));
        return true;
      case 'follow':
        this.#follow = !this.#follow;
        this.#followGripper();
        this.onChange();
        return true;
      case 'play':
        this.#setClock(this.#clock.playing ? pause(this.#clock) : play(this.#clock));
        return true;
      case 'loop':
        this.#setClock({ ...this.#clock, loop: !this.#clock.loop });
        return true;
      case 'start':
        this.setTime(this.#clock.start);
        return true;
      case 'end':
        this.setTime(this.#clock.end);
        return true;
      case 'sample':
        this.#setClock(stepTo(this.#clock, this.#timeline.samples, command.direction));
        return true;
      case 'waypoint': {
        const stops = this.#timeline.marks.filter((m) => m.kind === 'waypoint').map((m) => m.t);
        this.#setClock(stepTo(this.#clock, stops, command.direction));
        return true;
      }
      case 'speed':
        this.#setClock(shiftSpeed(this.#clock, command.direction));
        return true;
      case 'layers':
        if (this.host.onCommand?.(command)) return true;
        this.layerMenu.toggle();
        return true;
      case 'table':
        this.table.toggle();
        return true;
      case 'leave':
        if (this.host.onCommand?.(command)) return true;
        if (this.#toolBox?.run(command)) return true;
        if (this.layerMenu.isOpen) this.layerMenu.toggle();
        else if (this.table.isOpen) this.table.toggle();
        else this.view.canvas.blur();
        return true;
      case 'tool':
        if (command.tool === 'edit' && !this.host.onEdit) return false;
        void this.tools().then((tools) => tools.choose(command.tool));
        return true;
      case 'colour': {
        const fields = this.pathFields();
        const next = fields[(fields.indexOf(this.pathField) + 1) % fields.length];
        if (next) this.setPathField(next);
        return next !== undefined;
      }
      case 'compare':
      case 'undo':
      case 'redo':
        return this.host.onCommand?.(command) ?? false;
    }
  }

  dispose(): void {
    this.#load?.abort();
    for (const cleanup of this.#cleanups) cleanup();
    this.#plots?.dispose();
    this.#toolBox?.dispose();
    this.view.dispose();
    this.#box.remove();
    Stage.release();
  }

  #wire(canvas: HTMLCanvasElement): void {
    const { view } = this;
    this.#cleanups.push(
      attachCameraInput({
        canvas,
        get orbit() {
          return view.orbit;
        },
        setOrbit: (state) => this.#move(state),
        clicked: (x, y) => this.#clicked(x, y),
        doubleClicked: (x, y) => void this.#pivot(x, y),
        captured: () => this.#toolBox?.editor?.isCapturing ?? false,
      }),
    );
    const measure = (): void => {
      view.resize(canvas.clientWidth, canvas.clientHeight, Math.min(2, devicePixelRatio || 1));
      this.#reserve();
    };
    // At once: the first picture must not wait for the observer's first report.
    measure();
    const size = new ResizeObserver(measure);
    size.observe(canvas);
    this.#cleanups.push(() => size.disconnect());
    if (!this.host.scheme) this.#cleanups.push(observeScheme(document, (scheme) => this.#setScheme(scheme)));
    view.onFrame = (now) => this.#onFrame(now);
    view.onContext = (state) => {
      if (state === 'restored') this.#say('');
      else this.#say('3D paused, click to resume', { label: 'Resume', act: () => this.stage.restore() });
    };
    canvas.addEventListener('keydown', (event) => {
      if (this.#toolBox?.editor?.key(event)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const command = commandOf(event);
      if (!command || !this.run(command)) return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  #onFrame(now: number): void {
    if (this.#clock.playing) {
      // A tab that slept must not jump: a frame counts for a fifth of a second at most.
      const elapsed = this.#lastNow === 0 ? 0 : Math.min(0.2, (now - this.#lastNow) / 1000);
      this.#lastNow = now;
      this.#setClock(advance(this.#clock, elapsed));
    } else {
      this.#lastNow = 0;
    }
    if (this.#flight) {
      const s = Math.min(1, (now - this.#flight.start) / 180);
      const eased = 1 - (1 - s) ** 3;
      const { from, to } = this.#flight;
      if (s >= 1) this.#flight = undefined;
      this.view.orbit = s >= 1 ? to : blend(from, to, eased);
    }
  }

  #setClock(clock: ClockState): void {
    const before = this.#clock;
    this.#clock = clock;
    this.timeBar.update(clock);
    if (clock.time !== before.time) {
      this.view.setTime(clock.time);
      this.#plots?.setTime(clock.time);
      this.#markCurrent();
      this.#followGripper();
      this.host.onTime?.(clock.time);
    }
    if (clock.playing) this.view.invalidate();
  }

  #markCurrent(): void {
    const reached =
      this.#timeline.marks.filter((m) => m.kind === 'waypoint' && m.t <= this.#clock.time + 1e-6).length - 1;
    for (const layer of this.#layersOf(WaypointsLayerView)) layer.current = reached;
  }

  #followGripper(): void {
    if (!this.#follow) return;
    const path = this.#layersOf(TrajectoryLayerView).find((l) => l.data.role !== 'compared');
    const at = path?.positionAt(this.#clock.time);
    if (at) this.view.orbit = { ...this.view.orbit, target: at };
  }

  #move(state: OrbitState): void {
    this.#flight = undefined;
    this.view.orbit = state;
  }

  #fly(to: OrbitState): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (still) {
      this.#move(to);
      return;
    }
    this.#flight = { from: this.view.orbit, to, start: performance.now() };
    this.view.invalidate();
  }

  #clicked(x: number, y: number): void {
    if (this.stage.isLost) {
      this.stage.restore();
      return;
    }
    if (this.#toolBox?.click(x, y)) return;
    const hit = this.view.discs.find((disc) => Math.hypot(disc.x - x, disc.y - y) <= 10);
    this.select(hit ? hit.waypoint : -1);
  }

  /** Double click: turn round what lies there; on nothing, fit. */
  async #pivot(x: number, y: number): Promise<void> {
    const tools = await this.tools();
    const hit = tools.pickAt(x, y);
    if (hit) this.#fly(pivotAt(this.view.orbit, hit.position));
    else this.run({ kind: 'fit' });
  }

  #expand(): void {
    if (this.host.onExpand) this.host.onExpand();
    else if (document.fullscreenElement) void document.exitFullscreen();
    else void this.host.element.requestFullscreen?.();
  }

  async #showLoaded(loaded: readonly LoadedScene[]): Promise<void> {
    this.#loaded = loaded;
    const wanted = new Map<string, LayerData>();
    for (const scene of loaded) for (const layer of scene.layers) wanted.set(layer.id, layer);
    const { start: origin } = timelineOf([...wanted.values()]);
    for (const layer of this.#compared?.layers ?? []) wanted.set(layer.id, onClockOf(layer, origin));
    for (const [id, layer] of [...this.view.layers]) {
      if (wanted.get(id)?.signature !== layer.data.signature) this.view.removeLayer(id);
    }
    for (const data of wanted.values()) {
      if (!this.view.layers.has(data.id)) this.view.addLayer(createLayer(data, this.view.palette));
    }
    this.#timeline = timelineOf([...wanted.values()]);
    const { start, end, marks } = this.#timeline;
    const { speed, loop, time } = this.#clock;
    this.#setClock({ ...seek({ ...clockFor(start, end), speed, loop }, this.#framed ? time : start) });
    this.view.setTime(this.#clock.time);
    this.timeBar.setMarks(marks, start, end);
    this.timeBar.update(this.#clock);
    this.#markCurrent();
    this.#markRefused();
    this.table.setLayers([...wanted.values()]);
    if (!this.#framed) {
      this.view.orbit = this.#fitted({ ...HOME_ORBIT, projection: this.view.orbit.projection });
      this.#framed = true;
    }
    this.#refreshChrome();
    this.#say(this.#emptyReason());
    this.#toolBox?.layersChanged();
    await this.#showPlots([...wanted.values()]);
  }

  async #showPlots(layers: readonly LayerData[]): Promise<void> {
    const layout = this.host.plots ?? 'side';
    if (layout === 'none') return;
    const plots = plotsOf(layers).filter(
      (p) => layout === 'below' || (p.key !== 'joints' && p.key !== 'velocities'),
    );
    if (plots.length === 0) {
      this.#aside.replaceChildren();
      return;
    }
    const root = this.#box.shadowRoot;
    if (!root) return;
    // Not part of the first chunk: a still needs no plots.
    const { PlotStrip } = await import('./plots/plot-strip.ts');
    this.#plots ??= new PlotStrip(root, {
      layout,
      palette: this.view.palette,
      seek: (time) => this.setTime(time),
    });
    if (!this.#plots.element.isConnected) this.#aside.replaceChildren(this.#plots.element);
    this.#plots.setPlots(plots, this.#timeline.start, this.#timeline.end, this.#timeline.marks);
    this.#plots.setTime(this.#clock.time);
  }

  #markRefused(): void {
    const refused = this.#timeline.marks.flatMap((m) =>
      m.refused && m.waypoint !== undefined ? [m.waypoint] : [],
    );
    for (const layer of this.#layersOf(WaypointsLayerView)) layer.refused = new Set(refused);
  }

  #emptyReason(): string {
    if (this.view.layers.size === 0) return 'Nothing to show';
    const clouds = this.#layersOf(CloudLayerView);
    const isEmpty = clouds.length > 0 && clouds.every((c) => c.data.count === 0);
    return isEmpty && this.view.layers.size === clouds.length ? 'No points' : '';
  }

  #refreshChrome(): void {
    const visible = [...this.view.layers.values()].filter((l) => this.view.isLayerVisible(l.data.id));
    renderLegend(
      this.#legend,
      visible.flatMap((layer) => [...(layer.legend?.() ?? [])]),
    );
    const notes = this.#loaded.flatMap((scene) => scene.notes);
    const points = this.#layersOf(CloudLayerView).map((cloud) => {
      const { count, total } = cloud.data;
      const shown = count.toLocaleString('en-US');
      if (count === 0) return 'no points';
      return total > count ? `${shown} of ${total.toLocaleString('en-US')} points` : `${shown} points`;
    });
    const origin = this.#loaded.find((scene) => scene.origin.some((v) => v !== 0))?.origin;
    const lines = [
      [...points.slice(0, 1), 'frame base', ...(origin ? [`from ${formatVec(origin)} m`] : [])].join(' · '),
      ...new Set(notes),
    ];
    this.#corner.replaceChildren(...lines.map((line) => el('div', {}, line)));
    this.#reserve();
    this.layerMenu.setLayers([...this.view.layers.values()], (id) => this.view.isLayerVisible(id));
    this.onChange();
  }

  /** Where the legend and the buttons lie, labels do not. */
  #reserve(): void {
    this.view.reserved = [this.#legend, this.#corner].map(
      ({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) => ({
        x: offsetLeft,
        y: offsetTop,
        width: offsetWidth,
        height: offsetHeight,
      }),
    );
  }

  /** Draws legend and layers again, after a colour mode changed. */
  refresh(): void {
    this.#refreshChrome();
    this.view.invalidate();
  }

  #say(text: string, action?: { label: string; act: () => void }): void {
    this.#message.hidden = text === '';
    const button = action && el('button', { type: 'button' }, action.label);
    button?.addEventListener('click', () => action?.act());
    this.#message.replaceChildren(el('span', {}, text), ...(button ? [button] : []));
  }

  #fitted(from: OrbitState): OrbitState {
    const aspect = this.view.height > 0 ? this.view.width / this.view.height : 1.6;
    return fit(from, this.#interest().flatMap(cornersOf), aspect);
  }

  /** Boxes round what is visible and has a say: where there is a path, it and what it is about; else everything. */
  #interest(): Bounds[] {
    const visible = [...this.view.layers.values()].filter((l) => this.view.isLayerVisible(l.data.id));
    // A small picture shows the path, a larger one the arm that follows it too.
    const kinds = ['trajectory', 'waypoints', 'boxes', ...(this.view.height > 400 ? ['robot'] : [])];
    const path = visible.filter((l) => kinds.includes(l.data.kind));
    return (path.length > 0 ? path : visible).flatMap((l) => l.bounds() ?? []);
  }

  /** Box that a crop starts from: what the path and the things are in, with a hand's width; else everything. */
  cropBounds(): Bounds | undefined {
    const visible = [...this.view.layers.values()].filter((l) => this.view.isLayerVisible(l.data.id));
    const near = visible.filter((l) => ['trajectory', 'waypoints', 'boxes'].includes(l.data.kind));
    const margin = near.length > 0 ? CROP_MARGIN : 0;
    const boxes = (near.length > 0 ? near : visible.filter((l) => l.data.kind === 'cloud'))
      .flatMap((l) => l.bounds() ?? [])
      .map(({ min, max }) => ({
        min: subtract(min, [margin, margin, margin]),
        max: add(max, [margin, margin, margin]),
      }));
    if (boxes.length === 0) return undefined;
    const side = (pick: (b: Bounds) => Vec3, best: (...v: number[]) => number): Vec3 => [
      best(...boxes.map((b) => pick(b)[0])),
      best(...boxes.map((b) => pick(b)[1])),
      best(...boxes.map((b) => pick(b)[2])),
    ];
    return { min: side((b) => b.min, Math.min), max: side((b) => b.max, Math.max) };
  }

  #layersOf<T extends LayerView>(type: abstract new (...args: never[]) => T): T[] {
    return [...this.view.layers.values()].filter((layer): layer is T => layer instanceof type);
  }

  #setScheme(scheme: Scheme): void {
    const palette = PALETTES[scheme];
    this.view.setPalette(palette);
    this.#plots?.setPalette(palette);
    const { style: css } = this.root;
    css.setProperty('--wb-canvas', palette.canvas);
    css.setProperty('--wb-coarse', palette.coarse);
    css.setProperty('--wb-refused', palette.refused);
    css.setProperty('--wb-thumb', scheme === 'dark' || scheme === 'hc-dark' ? '#ffffff' : '#1f1f1f');
    this.root.style.colorScheme = scheme.endsWith('light') ? 'light' : 'dark';
    this.#refreshChrome();
  }
}

const formatVec = (v: Vec3): string => v.map((x) => String(Math.round(x * 1000) / 1000)).join(', ');

const cornersOf = ({ min, max }: Bounds): Vec3[] =>
  Array.from({ length: 8 }, (_, i) => [
    i & 1 ? max[0] : min[0],
    i & 2 ? max[1] : min[1],
    i & 4 ? max[2] : min[2],
  ]);
