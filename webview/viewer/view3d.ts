import {
  AmbientLight,
  DirectionalLight,
  Group,
  Matrix4,
  OrthographicCamera,
  PerspectiveCamera,
  Scene,
  Vector3,
} from 'three';
import type { Vec3 } from '../../src/core/geometry.ts';
import type { Annotation, Projected } from './draw/annotation.ts';
import { paintAnnotations } from './draw/annotation-painter.ts';
import type { Rect } from './draw/label-layout.ts';
import type { DiscHit } from './draw/annotation-painter.ts';
import { Grid } from './draw/grid.ts';
import { eyeOf, FIELD_OF_VIEW, HOME_ORBIT, viewAxes, viewHeight } from './camera/orbit.ts';
import type { OrbitState } from './camera/orbit.ts';
import type { LayerView } from './layers/layer.ts';
import type { PostPass, Stage, StageView } from './stage.ts';
import type { Palette } from './theme.ts';

/** What turns a point of the scene into a place on screen, for loops that must not allocate. */
export interface Projection {
  /** projection times view, column-major, [16] */
  readonly matrix: ArrayLike<number>;
  /** CSS px */
  readonly width: number;
  readonly height: number;
  /** of the projection matrix: half the view's height in its units per unit of w */
  readonly scaleY: number;
}

/** A view lower than this shows no labels [px]. */
const LABELS_FROM = 160;

/**
 * One picture: layers, a camera and a 2D canvas. The scene is Z up throughout; only the cameras here know that three
 * would rather have Y up.
 */
export class View3d implements StageView {
  readonly canvas: HTMLCanvasElement;
  readonly scene = new Scene();
  readonly layersRoot = new Group();
  /** marks that belong to no layer: picks, measures */
  extraMarks: () => readonly Annotation[] = () => [];
  /** runs on each drawn frame before the layers are told */
  onFrame: (now: number) => void = () => undefined;
  onContext: (state: 'lost' | 'restored') => void = () => undefined;
  width = 0;
  height = 0;
  pixelRatio = 1;
  discs: readonly DiscHit[] = [];
  post: PostPass | undefined;
  /** parts of the view that belong to others [CSS px] */
  reserved: readonly Rect[] = [];
  #orbit: OrbitState = HOME_ORBIT;
  #palette: Palette;
  #isVisible = true;
  #isPainted = false;
  readonly #stage: Stage;
  readonly #context: CanvasRenderingContext2D;
  readonly #perspective = new PerspectiveCamera((FIELD_OF_VIEW * 180) / Math.PI, 1, 0.01, 100);
  readonly #orthographic = new OrthographicCamera();
  readonly #light = new DirectionalLight('#ffffff', 1.9);
  readonly #grid: Grid;
  readonly #layers = new Map<string, LayerView>();
  readonly #hidden = new Set<string>();
  readonly #viewProjection = new Matrix4();
  readonly #scratch = new Vector3();

  constructor(stage: Stage, canvas: HTMLCanvasElement, palette: Palette) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('View3d: this browser gives no 2D canvas');
    this.#stage = stage;
    this.#context = context;
    this.canvas = canvas;
    this.#palette = palette;
    this.#grid = new Grid(palette);
    for (const camera of [this.#perspective, this.#orthographic]) camera.up.set(0, 0, 1);
    this.scene.add(
      this.#grid.object,
      this.layersRoot,
      new AmbientLight('#ffffff', 1.15),
      this.#light,
      this.#light.target,
    );
    stage.add(this);
  }

  get palette(): Palette {
    return this.#palette;
  }

  get background(): string {
    return this.#palette.canvas;
  }

  get camera(): PerspectiveCamera | OrthographicCamera {
    return this.#orbit.projection === 'perspective' ? this.#perspective : this.#orthographic;
  }

  get orbit(): OrbitState {
    return this.#orbit;
  }

  set orbit(orbit: OrbitState) {
    this.#orbit = orbit;
    this.invalidate();
  }

  get layers(): ReadonlyMap<string, LayerView> {
    return this.#layers;
  }

  addLayer(layer: LayerView): void {
    this.removeLayer(layer.data.id);
    this.#layers.set(layer.data.id, layer);
    if (layer.data.hidden) this.#hidden.add(layer.data.id);
    layer.object.visible = !this.#hidden.has(layer.data.id);
    this.layersRoot.add(layer.object);
    this.invalidate();
  }

  removeLayer(id: string): void {
    const layer = this.#layers.get(id);
    if (!layer) return;
    this.layersRoot.remove(layer.object);
    layer.dispose();
    this.#layers.delete(id);
    this.invalidate();
  }

  isLayerVisible(id: string): boolean {
    return !this.#hidden.has(id);
  }

  setLayerVisible(id: string, visible: boolean): void {
    if (visible) this.#hidden.delete(id);
    else this.#hidden.add(id);
    const layer = this.#layers.get(id);
    if (layer) layer.object.visible = visible;
    this.invalidate();
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#grid.setPalette(palette);
    for (const layer of this.#layers.values()) layer.setPalette(palette);
    this.invalidate();
  }

  setTime(time: number): void {
    for (const layer of this.#layers.values()) layer.setTime?.(time);
    this.invalidate();
  }

  resize(width: number, height: number, pixelRatio: number): void {
    if (width === this.width && height === this.height && pixelRatio === this.pixelRatio) return;
    this.width = width;
    this.height = height;
    this.pixelRatio = pixelRatio;
    this.invalidate();
  }

  /** Off-screen views keep their last picture and are drawn again when they come back. */
  setVisible(visible: boolean): void {
    if (visible === this.#isVisible) return;
    this.#isVisible = visible;
    if (visible) this.invalidate();
  }

  invalidate(): void {
    if (this.#isVisible) this.#stage.requestFrame(this);
  }

  renderNow(): void {
    this.#stage.renderNow(this);
  }

  beforeFrame(now: number): boolean {
    if (this.width < 2 || this.height < 2) return false;
    this.onFrame(now);
    this.#placeCamera();
    const frame = {
      width: this.width,
      height: this.height,
      pixelRatio: this.pixelRatio,
      distance: this.#orbit.distance,
    };
    for (const layer of this.#layers.values()) layer.beforeFrame?.(frame);
    return true;
  }

  /** An opaque canvas that nobody has drawn into is black. */
  waiting(): void {
    if (this.#isPainted) return;
    const [width, height] = this.#fitCanvas();
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.fillStyle = this.#palette.canvas;
    this.#context.fillRect(0, 0, width, height);
  }

  paint(image: HTMLCanvasElement, top: number): void {
    const [width, height] = this.#fitCanvas();
    this.#isPainted = true;
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(image, 0, top, width, height, 0, 0, width, height);
    context.setTransform(this.pixelRatio, 0, 0, this.pixelRatio, 0, 0);
    this.discs = paintAnnotations(
      {
        context,
        width: this.width,
        height: this.height,
        palette: this.#palette,
        reserved: this.reserved,
        fontFamily: getComputedStyle(this.canvas).fontFamily || 'sans-serif',
      },
      this.annotations(),
      (point) => this.project(point),
    );
  }

  /** Every mark over the picture, visible layers first. */
  annotations(): readonly Annotation[] {
    const marks: Annotation[] = [];
    for (const [id, layer] of this.#layers) {
      if (!this.#hidden.has(id) && layer.annotate) marks.push(...layer.annotate());
    }
    marks.push(...this.extraMarks());
    // A thumbnail has no room for words.
    return this.height < LABELS_FROM
      ? marks.filter((mark) => mark.kind !== 'label' && mark.kind !== 'letter')
      : marks;
  }

  contextLost(): void {
    this.onContext('lost');
  }

  contextRestored(): void {
    this.onContext('restored');
  }

  /** Scene to screen for many points at once. */
  get projection(): Projection {
    return {
      matrix: this.#updateViewProjection().elements,
      width: this.width,
      height: this.height,
      scaleY: this.camera.projectionMatrix.elements[5] ?? 1,
    };
  }

  /** Where a point of the scene is on screen. */
  project(point: Vec3): Projected {
    this.#updateViewProjection();
    const e = this.#viewProjection.elements;
    const [x, y, z] = point;
    const w = (e[3] ?? 0) * x + (e[7] ?? 0) * y + (e[11] ?? 0) * z + (e[15] ?? 1);
    const v = this.#scratch.set(x, y, z).applyMatrix4(this.#viewProjection);
    const scaleY = this.camera.projectionMatrix.elements[5] ?? 1;
    return {
      x: ((v.x + 1) / 2) * this.width,
      y: ((1 - v.y) / 2) * this.height,
      pixelsPerMetre: (scaleY * this.height) / 2 / Math.max(1e-6, w),
      visible: w > 1e-3 && v.z <= 1,
    };
  }

  /** Gives the canvas as many pixels as the view has on screen. */
  #fitCanvas(): readonly [width: number, height: number] {
    const width = Math.max(1, Math.round(this.width * this.pixelRatio));
    const height = Math.max(1, Math.round(this.height * this.pixelRatio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    return [width, height];
  }

  #updateViewProjection(): Matrix4 {
    const { projectionMatrix, matrixWorldInverse } = this.camera;
    return this.#viewProjection.multiplyMatrices(projectionMatrix, matrixWorldInverse);
  }

  dispose(): void {
    this.#stage.remove(this);
    for (const id of [...this.#layers.keys()]) this.removeLayer(id);
    this.#grid.dispose();
    this.post?.dispose();
    // A canvas keeps its pixels until it is collected; this gives them back at once.
    this.canvas.width = 0;
    this.canvas.height = 0;
  }

  #placeCamera(): void {
    const aspect = this.width / this.height;
    const eye = eyeOf(this.#orbit);
    const { up, right } = viewAxes(this.#orbit);
    const { distance, target } = this.#orbit;
    const camera = this.camera;
    camera.up.set(...up);
    camera.position.set(...eye);
    camera.lookAt(...target);
    if (camera === this.#perspective) {
      camera.aspect = aspect;
      camera.near = Math.max(0.001, distance * 0.02);
      camera.far = distance * 40 + 20;
    } else if (camera === this.#orthographic) {
      const half = viewHeight(this.#orbit) / 2;
      camera.top = half;
      camera.bottom = -half;
      camera.left = -half * aspect;
      camera.right = half * aspect;
      camera.near = -distance * 20 - 20;
      camera.far = distance * 20 + 20;
    }
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld(true);
    // Over the viewer's shoulder: shading tells form from any side.
    this.#light.position.set(
      eye[0] + (up[0] * 0.8 - right[0] * 0.6) * distance,
      eye[1] + (up[1] * 0.8 - right[1] * 0.6) * distance,
      eye[2] + (up[2] * 0.8 - right[2] * 0.6) * distance,
    );
    this.#light.target.position.set(...target);
  }
}
