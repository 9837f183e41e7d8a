import type { Vec3 } from '../../src/core/geometry.ts';
import type { Scene } from '../../src/core/scene.ts';
import { Appearance } from './appearance.ts';
import { CameraControl } from './camera/camera-control.ts';
import { CompareControl } from './compare-control.ts';
import type { CompareLayout, Comparison } from './compare.ts';
import { cropBoundsOf } from './fitting.ts';
import { commandOf } from './keyboard.ts';
import type { ViewCommand } from './keyboard.ts';
import { LayerMenu } from './layer-menu.ts';
import type { Bounds } from './layers/layer.ts';
import { loadScene } from './load-scene.ts';
import type { Resolve } from './load-scene.ts';
import { connectPane } from './pane-input.ts';
import { Pane } from './pane.ts';
import { PlotPlace } from './plots/plot-place.ts';
import { clickAt, turnRound } from './point-at.ts';
import { runCommand } from './run-command.ts';
import type { LoadedScene } from './scene-data.ts';
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
import { emptyReason, loadingText, wordsOf } from './viewer-words.ts';
import type { View3d } from './view3d.ts';

export type { ViewerHost, ViewerState } from './viewer-host.ts';

/** After this a view that still waits for its data says so [ms]. */
const LATE = 300;

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
  readonly #compared = new CompareControl(
    () => this.#openSecond(),
    () => this.#showLoaded(),
  );
  #scheme: Scheme;
  #loaded: readonly LoadedScene[] = [];
  #load: AbortController | undefined;
  #selected = -1;
  #tools: Promise<ToolBox> | undefined;
  #toolBox: ToolBox | undefined;
  readonly #plots: PlotPlace | undefined;
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
    this.#frame = new ViewerFrame(host, (command) => this.run(command));
    const { message, tools, aside, shadow } = this.#frame;
    const palette = PALETTES[this.#scheme];
    const layout = host.plots ?? 'side';
    if (layout !== 'none') {
      const seek = (time: number): void => this.setTime(time);
      this.#plots = new PlotPlace(aside, shadow, { layout, palette, seek });
    }
    this.#main = new Pane(this.stage, palette, this.table.element, message, tools, this.layerMenu.element);
    this.#frame.addPane(this.#main.element);
    this.#frame.addTimeBar(this.timeBar.element);
    this.#setScheme(this.#scheme);
    this.timeBar.update(this.clock);
    this.#cleanups.push(this.#connect(this.#main));
    this.table.element.addEventListener('keydown', (event) => this.#overlayKey(event, 'table'));
    this.layerMenu.element.addEventListener('keydown', (event) => this.#overlayKey(event, 'layers'));
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
    const second = this.#compared.pane;
    return second ? [this.#main, second] : [this.#main];
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
    return this.#compared.comparison;
  }

  get compareLayout(): CompareLayout {
    return this.#compared.layout;
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
    // What is quick says nothing, and what is there already stays to be looked at.
    const late = setTimeout(() => {
      if (this.#loaded.length === 0) this.#frame.say(loadingText(list));
    }, LATE);
    this.ready = Promise.all(list.map((scene) => loadScene(scene, this.host.resolve, load.signal)))
      .then((loaded) => {
        if (load.signal.aborted) return undefined;
        this.#loaded = loaded;
        return this.#showLoaded();
      })
      .catch((error: unknown) => {
        if (!load.signal.aborted)
          this.#frame.say(`Not shown: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => clearTimeout(late));
    return this.ready;
  }

  /** Puts another run over this one or beside it, from the same start; undefined takes it away. */
  async compare(
    scenes: readonly Scene[] | undefined,
    label = 'compared',
    resolve: Resolve = this.host.resolve,
  ): Promise<void> {
    await this.#compared.set(scenes, label, resolve);
  }

  setCompareLayout(layout: CompareLayout): Promise<void> {
    return this.#compared.setLayout(layout);
  }

  /** Picking, measuring, cropping and editing, loaded when first asked for. */
  tools(): Promise<ToolBox> {
    return (this.#tools ??= import('./tools/tool-box.ts').then(({ ToolBox }) => {
      const { host } = this;
      this.#toolBox = new ToolBox(this, {
        picked: (pick) => host.onPick?.(pick),
        measured: (measure) => host.onMeasure?.(measure),
        edited: (waypoint, pose) => host.onEdit?.(waypoint, pose),
        pinned: (pin) => host.onPin?.(pin),
        pinning: (kind, next) => host.onPinning?.(kind, next),
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
    this.#compared.dispose();
    this.#main.dispose();
    this.#frame.dispose();
    Stage.release();
  }

  #connect(pane: Pane): () => void {
    return connectPane(pane, {
      orbit: () => this.camera.orbit,
      setOrbit: (state) => this.camera.move(state),
      clicked: (x, y) => clickAt(this, pane, x, y),
      doubleClicked: (x, y) => void turnRound(this, pane, x, y),
      isCaptured: () => pane === this.#main && (this.#toolBox?.editor?.isCapturing ?? false),
      key: (event) => this.#key(event),
    });
  }

  #key(event: KeyboardEvent): boolean {
    if (this.#toolBox?.editor?.key(event) === true) return true;
    const command = commandOf(event);
    return command !== undefined && this.run(command);
  }

  /** The key that opened what lies over the view, or Escape, closes it, and the view has the keys again. */
  #overlayKey(event: KeyboardEvent, kind: 'table' | 'layers'): void {
    const command = commandOf(event)?.kind;
    if (command !== kind && command !== 'leave') return;
    event.preventDefault();
    event.stopPropagation();
    (kind === 'table' ? this.table : this.layerMenu).toggle();
    this.#main.canvas.focus();
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

  async #showLoaded(): Promise<void> {
    const byId = new Map(this.#loaded.flatMap((scene) => scene.layers).map((layer) => [layer.id, layer]));
    const own = [...byId.values()];
    const { start } = timelineOf(own);
    const all = [...own, ...this.#compared.paths(start)];
    const beside = this.#compared.showBeside(start);
    this.#main.show(beside ? own : all, wordsOf(this.#loaded));
    this.#main.setCaption(beside && 'This run');
    if (beside) this.look.dress(beside);
    this.playback.setTimeline(timelineOf(all), this.camera.isFramed);
    const { marks, end } = this.timeline;
    this.timeBar.setMarks(marks, this.timeline.start, end);
    this.timeBar.update(this.clock);
    this.table.setLayers(all);
    this.camera.frame();
    this.refresh();
    this.#frame.say(emptyReason(this.view.layers));
    this.#toolBox?.layersChanged();
    await this.#plots?.show(all, this.timeline, () => this.clock.time);
  }

  /** A second pane on the same camera and clock. */
  #openSecond(): { pane: Pane; close: () => void } {
    const pane = new Pane(this.stage, PALETTES[this.#scheme]);
    this.#frame.addPane(pane.element);
    pane.view.orbit = this.camera.orbit;
    const detach = this.#connect(pane);
    return {
      pane,
      close: () => {
        detach();
        pane.dispose();
      },
    };
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
