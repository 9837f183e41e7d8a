import type { Vec3 } from '../../src/core/geometry.ts';
import type { Scene } from '../../src/core/scene.ts';
import { Appearance } from './appearance.ts';
import { CameraControl } from './camera/camera-control.ts';
import { attachCameraInput } from './camera/camera-input.ts';
import { pivotAt } from './camera/orbit.ts';
import type { OrbitState } from './camera/orbit.ts';
import { comparedLayers, comparedPaths } from './compare.ts';
import type { CompareLayout, Comparison } from './compare.ts';
import { cropBoundsOf } from './fitting.ts';
import { commandOf } from './keyboard.ts';
import type { ViewCommand } from './keyboard.ts';
import { LayerMenu } from './layer-menu.ts';
import type { Bounds, LayerView } from './layers/layer.ts';
import { loadScene } from './load-scene.ts';
import type { Resolve } from './load-scene.ts';
import { Pane } from './pane.ts';
import { plotsOf } from './plots/plot-data.ts';
import type { PlotStrip } from './plots/plot-strip.ts';
import { runCommand } from './run-command.ts';
import type { LayerData, LoadedScene } from './scene-data.ts';
import { captureOf } from './screenshot.ts';
import { Stage } from './stage.ts';
import { TableView } from './table-view.ts';
import { currentScheme, observeScheme, PALETTES } from './theme.ts';
import type { Scheme } from './theme.ts';
import type { ClockState } from './time/clock.ts';
import { Playback } from './time/playback.ts';
import { TimeBar } from './time/time-bar.ts';
import { timelineOf } from './time/timeline.ts';
import type { Timeline } from './time/timeline.ts';
import type { ToolBox } from './tools/tool-box.ts';
import { ViewerFrame } from './viewer-frame.ts';
import type { ViewerHost, ViewerState } from './viewer-host.ts';
import type { View3d } from './view3d.ts';

export type { ViewerHost, ViewerState } from './viewer-host.ts';

/**
 * Puts the shared viewer into `host.element`: picture, legend, layers, time bar and table. Frames are drawn only when
 * something changed.
 */
export function createViewer(host: ViewerHost): Viewer {
  return new Viewer(host);
}

/** Ties scene, time, camera, looks and tools of one viewer together; each of them is a module of its own. */
export class Viewer {
  readonly host: ViewerHost;
  readonly stage = Stage.acquire();
  readonly camera = new CameraControl(() => this.panes);
  readonly look = new Appearance(
    () => this.panes,
    () => this.refresh(),
  );
  readonly playback: Playback;
  readonly timeBar: TimeBar;
  readonly layerMenu: LayerMenu;
  readonly table: TableView;
  /** resolves once what `show` was last given is on screen */
  ready: Promise<void> = Promise.resolve();
  /** called after layers, visibility, colours or selection changed */
  onChange: () => void = () => undefined;
  readonly #frame: ViewerFrame;
  readonly #main: Pane;
  /** the compared run's picture, while it stands beside this one */
  #second: { readonly pane: Pane; readonly detach: () => void } | undefined;
  #scheme: Scheme;
  #loaded: readonly LoadedScene[] = [];
  #load: AbortController | undefined;
  #selected = -1;
  #tools: Promise<ToolBox> | undefined;
  #toolBox: ToolBox | undefined;
  #comparison: Comparison | undefined;
  #layout: CompareLayout = 'overlay';
  #plots: PlotStrip | undefined;
  readonly #cleanups: (() => void)[] = [];

  constructor(host: ViewerHost) {
    this.host = host;
    this.#scheme = host.scheme ?? currentScheme(document);
    this.playback = new Playback({
      changed: (clock) => this.#clockChanged(clock),
      moved: (time) => this.#timeMoved(time),
      reached: (waypoint) => {
        this.#mark();
        host.onCurrent?.(waypoint);
      },
    });
    this.timeBar = new TimeBar({
      toggle: () => this.playback.toggle(),
      step: (direction) => this.playback.stepWaypoint(direction),
      seek: (time) => this.playback.seek(time),
      setSpeed: (speed) => this.playback.setSpeed(speed),
      toggleLoop: () => this.playback.toggleLoop(),
    });
    this.layerMenu = new LayerMenu((id, visible) => this.setLayerVisible(id, visible));
    this.table = new TableView(
      (waypoint) => this.select(waypoint),
      (time) => this.setTime(time),
    );
    this.#frame = new ViewerFrame(host, {
      run: (command) => this.run(command),
      expand: () => this.#expand(),
    });
    const { message, tools } = this.#frame;
    this.#main = new Pane(
      this.stage,
      PALETTES[this.#scheme],
      this.table.element,
      message,
      tools,
      this.layerMenu.element,
    );
    this.#frame.addPane(this.#main.element);
    this.#frame.addTimeBar(this.timeBar.element);
    this.#setScheme(this.#scheme);
    this.timeBar.update(this.clock);
    this.#cleanups.push(this.#connect(this.#main));
    if (!host.scheme) this.#cleanups.push(observeScheme(document, (scheme) => this.#setScheme(scheme)));
    this.view.onFrame = (now) => {
      this.playback.step(now);
      this.camera.step(now);
    };
    this.view.onContext = (state) => {
      if (state === 'restored') this.#frame.say('');
      else
        this.#frame.say('3D paused, click to resume', { label: 'Resume', act: () => this.stage.restore() });
    };
  }

  get root(): HTMLElement {
    return this.#frame.root;
  }

  get view(): View3d {
    return this.#main.view;
  }

  /** this run's pane, and the compared run's while it stands beside it */
  get panes(): readonly Pane[] {
    return this.#second ? [this.#main, this.#second.pane] : [this.#main];
  }

  get clock(): ClockState {
    return this.playback.clock;
  }

  get timeline(): Timeline {
    return this.playback.timeline;
  }

  get loaded(): readonly LoadedScene[] {
    return this.#loaded;
  }

  get comparison(): Comparison | undefined {
    return this.#comparison;
  }

  get compareLayout(): CompareLayout {
    return this.#layout;
  }

  get selected(): number {
    return this.#selected;
  }

  /** undefined until a tool was first asked for */
  get toolBox(): ToolBox | undefined {
    return this.#toolBox;
  }

  get state(): ViewerState {
    return {
      orbit: this.view.orbit,
      time: this.clock.time,
      hidden: [...this.view.layers.keys()].filter((id) => !this.view.isLayerVisible(id)),
    };
  }

  /** Shows one scene, or several over each other; layers of equal content stay as they are. */
  show(scenes: Scene | readonly Scene[]): Promise<void> {
    this.#load?.abort();
    const load = (this.#load = new AbortController());
    const list: readonly Scene[] = 'layers' in scenes ? [scenes] : scenes;
    // Known before any data arrives, so that nothing moves when it does.
    this.#frame.aside.hidden =
      this.host.plots === 'none' ||
      !list.some((scene) => scene.layers.some((layer) => layer.kind === 'trajectory'));
    this.#main.canvas.setAttribute('aria-label', `3D view: ${list.map((s) => s.title).join(', ')}`);
    this.ready = Promise.all(list.map((scene) => loadScene(scene, this.host.resolve, load.signal)))
      .then((loaded) => {
        if (load.signal.aborted) return undefined;
        this.#loaded = loaded;
        return this.#showLoaded();
      })
      .catch((error: unknown) => {
        if (!load.signal.aborted)
          this.#frame.say(`Not shown: ${error instanceof Error ? error.message : String(error)}`);
      });
    return this.ready;
  }

  /** Puts another run over this one or beside it, from the same start; undefined takes it away. */
  async compare(
    scenes: readonly Scene[] | undefined,
    label = 'compared',
    resolve: Resolve = this.host.resolve,
  ): Promise<void> {
    const { signal } = new AbortController();
    const loaded = await Promise.all((scenes ?? []).map((scene) => loadScene(scene, resolve, signal)));
    this.#comparison = scenes && { label, scenes: loaded };
    await this.#showLoaded();
  }

  async setCompareLayout(layout: CompareLayout): Promise<void> {
    if (layout === this.#layout) return;
    this.#layout = layout;
    await this.#showLoaded();
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

  /** The picture as it is, marks included, as PNG; both pictures where two stand side by side. */
  screenshot(): Promise<Blob> {
    for (const { view } of this.panes) view.renderNow();
    return captureOf(this.panes.map(({ canvas }) => canvas));
  }

  setTime(time: number): void {
    this.playback.seek(time);
  }

  /** Marks a waypoint everywhere; -1 for none. */
  select(waypoint: number, tell = true): void {
    if (waypoint === this.#selected) return;
    this.#selected = waypoint;
    this.#mark();
    this.table.setSelected(waypoint);
    this.#toolBox?.selectionChanged(waypoint);
    if (tell) this.host.onSelect?.(waypoint);
    this.onChange();
  }

  setLayerVisible(id: string, visible: boolean): void {
    for (const { view } of this.panes) view.setLayerVisible(id, visible);
    this.refresh();
  }

  /** Off-screen: keep the picture, draw nothing. */
  setVisible(visible: boolean): void {
    if (!visible) this.playback.pause();
    for (const { view } of this.panes) view.setVisible(visible);
  }

  restore(state: ViewerState): void {
    this.camera.restore(state.orbit);
    for (const id of this.view.layers.keys()) this.view.setLayerVisible(id, !state.hidden.includes(id));
    this.setTime(state.time);
    this.refresh();
  }

  /** Where the gripper is at the slider's time. */
  gripper(): Vec3 | undefined {
    return this.#main.gripperAt(this.clock.time);
  }

  /** Box that a crop starts from. */
  cropBounds(): Bounds | undefined {
    return cropBoundsOf(this.#main.visible);
  }

  /** Draws legend and layers again, after a colour mode changed. */
  refresh(): void {
    for (const pane of this.panes) pane.refresh();
    this.layerMenu.setLayers([...this.view.layers.values()], (id) => this.view.isLayerVisible(id));
    this.onChange();
  }

  /** Carries out what a key or a button asks. False: nobody here knows it. */
  run(command: ViewCommand): boolean {
    return runCommand(this, command);
  }

  dispose(): void {
    this.#load?.abort();
    for (const cleanup of this.#cleanups) cleanup();
    this.#plots?.dispose();
    this.#toolBox?.dispose();
    this.#dropSecond();
    this.#main.dispose();
    this.#frame.dispose();
    Stage.release();
  }

  /** Pointer, keys and size of a pane; the function returned takes them away. */
  #connect(pane: Pane): () => void {
    const { canvas } = pane;
    const abort = new AbortController();
    const orbitNow = (): OrbitState => this.camera.orbit;
    const isMain = pane === this.#main;
    const input = attachCameraInput({
      canvas,
      get orbit() {
        return orbitNow();
      },
      setOrbit: (state) => this.camera.move(state),
      clicked: (x, y) => this.#clicked(pane, x, y),
      doubleClicked: (x, y) => void this.#pivot(pane, x, y),
      captured: () => isMain && (this.#toolBox?.editor?.isCapturing ?? false),
    });
    // At once: the first picture must not wait for the observer's first report.
    pane.measure();
    const size = new ResizeObserver(() => pane.measure());
    size.observe(canvas);
    canvas.addEventListener('keydown', (event) => this.#key(event), { signal: abort.signal });
    return () => {
      input();
      size.disconnect();
      abort.abort();
    };
  }

  #key(event: KeyboardEvent): void {
    const command = commandOf(event);
    const isTaken =
      this.#toolBox?.editor?.key(event) === true || (command !== undefined && this.run(command));
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #clockChanged(clock: ClockState): void {
    this.timeBar.update(clock);
    if (clock.playing) this.view.invalidate();
  }

  #timeMoved(time: number): void {
    for (const { view } of this.panes) view.setTime(time);
    this.#plots?.setTime(time);
    this.camera.track(this.gripper());
    this.host.onTime?.(time);
  }

  #mark(): void {
    const refused = new Set(
      this.timeline.marks.flatMap((m) => (m.refused && m.waypoint !== undefined ? [m.waypoint] : [])),
    );
    for (const pane of this.panes) pane.mark(this.playback.reached, refused, this.#selected);
  }

  #clicked(pane: Pane, x: number, y: number): void {
    if (this.stage.isLost) {
      this.stage.restore();
      return;
    }
    if (pane === this.#main && this.#toolBox?.click(x, y)) return;
    const hit = pane.view.discs.find((disc) => Math.hypot(disc.x - x, disc.y - y) <= 10);
    this.select(hit ? hit.waypoint : -1);
  }

  /** Double click: turn round what lies there; on nothing, fit. */
  async #pivot(pane: Pane, x: number, y: number): Promise<void> {
    const tools = await this.tools();
    const hit = tools.pickAt(x, y, pane.view);
    if (hit) this.camera.fly(pivotAt(this.camera.orbit, hit.position));
    else this.run({ kind: 'fit' });
  }

  #expand(): void {
    if (this.host.onExpand) this.host.onExpand();
    else if (document.fullscreenElement) void document.exitFullscreen();
    else void this.host.element.requestFullscreen?.();
  }

  async #showLoaded(): Promise<void> {
    const byId = new Map(this.#loaded.flatMap((scene) => scene.layers).map((layer) => [layer.id, layer]));
    const own = [...byId.values()];
    const { start } = timelineOf(own);
    const comparison = this.#comparison;
    const isSide = comparison !== undefined && this.#layout === 'side';
    const paths = comparison ? comparedPaths(comparison, start) : [];
    const all = [...own, ...paths];
    this.#main.show(isSide ? own : all, wordsOf(this.#loaded));
    if (isSide) this.#showSecond(comparison, start);
    else this.#dropSecond();
    this.playback.setTimeline(timelineOf(all), this.camera.isFramed);
    const { marks, end } = this.timeline;
    this.timeBar.setMarks(marks, this.timeline.start, end);
    this.timeBar.update(this.clock);
    this.table.setLayers(all);
    this.camera.frame();
    this.refresh();
    this.#frame.say(emptyReason(this.view.layers));
    this.#toolBox?.layersChanged();
    await this.#showPlots(all);
  }

  /** The compared run's picture, on the same camera and clock. */
  #showSecond(comparison: Comparison, start: number): void {
    if (!this.#second) {
      const pane = new Pane(this.stage, PALETTES[this.#scheme]);
      this.#frame.addPane(pane.element);
      pane.view.orbit = this.camera.orbit;
      this.#second = { pane, detach: this.#connect(pane) };
    }
    const { pane } = this.#second;
    pane.canvas.setAttribute('aria-label', `3D view: ${comparison.label}`);
    pane.show(comparedLayers(comparison, start), wordsOf(comparison.scenes));
    this.look.dress(pane);
    this.#main.setCaption('This run');
    pane.setCaption(comparison.label);
  }

  #dropSecond(): void {
    if (!this.#second) return;
    this.#second.detach();
    this.#second.pane.dispose();
    this.#second = undefined;
    this.#main.setCaption(undefined);
  }

  async #showPlots(layers: readonly LayerData[]): Promise<void> {
    const layout = this.host.plots ?? 'side';
    if (layout === 'none') return;
    const plots = plotsOf(layers).filter(
      (p) => layout === 'below' || (p.key !== 'joints' && p.key !== 'velocities'),
    );
    if (plots.length === 0) {
      this.#frame.aside.replaceChildren();
      return;
    }
    // Not part of the first chunk: a still needs no plots.
    const { PlotStrip } = await import('./plots/plot-strip.ts');
    this.#plots ??= new PlotStrip(this.#frame.shadow, {
      layout,
      palette: this.view.palette,
      seek: (time) => this.setTime(time),
    });
    if (!this.#plots.element.isConnected) this.#frame.aside.replaceChildren(this.#plots.element);
    this.#plots.setPlots(plots, this.timeline.start, this.timeline.end, this.timeline.marks);
    this.#plots.setTime(this.clock.time);
  }

  #setScheme(scheme: Scheme): void {
    this.#scheme = scheme;
    const palette = PALETTES[scheme];
    for (const { view } of this.panes) view.setPalette(palette);
    this.#plots?.setPalette(palette);
    this.#frame.setPalette(palette);
    this.refresh();
  }
}

const wordsOf = (
  scenes: readonly LoadedScene[],
): { notes: readonly string[]; origin: LoadedScene['origin'] | undefined } => ({
  notes: scenes.flatMap((scene) => scene.notes),
  origin: scenes.find((scene) => scene.origin.some((v) => v !== 0))?.origin,
});

function emptyReason(layers: ReadonlyMap<string, LayerView>): string {
  if (layers.size === 0) return 'Nothing to show';
  const isEmpty = [...layers.values()].every(({ data }) => data.kind === 'cloud' && data.count === 0);
  return isEmpty ? 'No points' : '';
}
