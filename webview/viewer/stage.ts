import { ColorManagement, LinearSRGBColorSpace, WebGLRenderer } from 'three';
import type { Material, Object3D, OrthographicCamera, PerspectiveCamera, Scene } from 'three';

// Palettes are final sRGB values and shaders write them as they are; matt shading needs no linear light.
ColorManagement.enabled = false;

/** How often it is asked whether the GPU is done [ms]. */
const POLL = 10;

/** On a machine as busy as that a picture is worth more than a quick editor [ms]. */
const LONGEST = 2000;

/** Draws the scene by way of a texture, as Eye-Dome Lighting does. */
export interface PostPass {
  render(
    renderer: WebGLRenderer,
    scene: Scene,
    camera: PerspectiveCamera | OrthographicCamera,
    width: number,
    height: number,
    background: string,
  ): void;
  dispose(): void;
}

/** What a view gives the stage to draw. */
export interface StageView {
  /** CSS px */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly background: string;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera | OrthographicCamera;
  readonly post: PostPass | undefined;
  /** Called on the animation frame, before drawing. False: there is nothing to draw just now. */
  beforeFrame(now: number): boolean;
  /** There is no picture yet of what it shows now: one of before may stay. */
  waiting(): void;
  /** The picture lies in `image` at (0, top), width x height device pixels, until this returns. */
  paint(image: HTMLCanvasElement, top: number): void;
  contextLost(): void;
  contextRestored(): void;
}

/**
 * One WebGL context for every view of a document (browsers close the oldest of more than about sixteen). Views ask
 * for a frame; each is drawn in turn into the one canvas and copied to the view's own 2D canvas, which keeps the
 * picture as a still when the view is off-screen or the context is gone. Nothing is drawn that was not asked for.
 */
export class Stage {
  static #shared: Stage | undefined;
  static #users = 0;

  /** The document's stage; give it back with {@link Stage.release}. */
  static acquire(): Stage {
    Stage.#users++;
    return (Stage.#shared ??= new Stage());
  }

  /** The last one out frees the context. */
  static release(): void {
    Stage.#users--;
    if (Stage.#users > 0) return;
    if (Stage.#shared) Stage.#shared.#dispose();
    Stage.#shared = undefined;
  }

  /** frames drawn since the start, over all views */
  frames = 0;
  #renderer: WebGLRenderer | undefined;
  readonly #views = new Set<StageView>();
  readonly #dirty = new Set<StageView>();
  #request = 0;
  #isLost = false;
  /** materials that this renderer has drawn with */
  #warm = new WeakSet<Material>();
  /** views that wait, and what tells one waiting from the next */
  readonly #warming = new Map<StageView, object>();

  get isLost(): boolean {
    return this.#isLost;
  }

  /** the renderer, for tests and measurements; undefined before the first frame */
  get renderer(): WebGLRenderer | undefined {
    return this.#renderer;
  }

  add(view: StageView): void {
    this.#views.add(view);
  }

  remove(view: StageView): void {
    this.#views.delete(view);
    this.#dirty.delete(view);
    this.#warming.delete(view);
  }

  requestFrame(view: StageView): void {
    if (!this.#views.has(view)) return;
    this.#dirty.add(view);
    if (this.#request === 0) this.#request = requestAnimationFrame((now) => this.#frame(now));
  }

  /** Draws one view now, as for a screenshot, and waits for shaders where it must. */
  renderNow(view: StageView): void {
    this.#dirty.delete(view);
    if (this.#isLost || !view.beforeFrame(performance.now())) return;
    this.#draw(this.#current(), view);
    // What was being warmed up has been drawn.
    this.#warming.delete(view);
    for (const material of this.#coldOf(view) ?? []) this.#warm.add(material);
  }

  /** After a lost context: a new one, and every view drawn again. */
  restore(): void {
    this.#renderer?.dispose();
    this.#renderer = undefined;
    this.#warm = new WeakSet();
    this.#warming.clear();
    this.#isLost = false;
    for (const view of this.#views) {
      view.contextRestored();
      this.requestFrame(view);
    }
  }

  #frame(now: number): void {
    this.#request = 0;
    const views = [...this.#dirty];
    this.#dirty.clear();
    for (const view of views) this.#render(view, now);
  }

  #render(view: StageView, now: number): void {
    if (this.#isLost || !view.beforeFrame(now)) return;
    const renderer = this.#current();
    if (this.#canDraw(renderer, view)) this.#draw(renderer, view);
  }

  /**
   * Whether the view has been drawn with the materials that it has now. Where it has not, that is done beside everything else, and a
   * frame is asked for afterwards: compiling on the first draw, and copying what is not drawn yet, block the thread, which a
   * notebook's outputs may share with the editor.
   */
  #canDraw(renderer: WebGLRenderer, view: StageView): boolean {
    if (this.#warming.has(view)) return false;
    const cold = this.#coldOf(view);
    if (!cold) return true;
    const waiting = {};
    this.#warming.set(view, waiting);
    view.waiting();
    const isOver = (): boolean => renderer !== this.#renderer || this.#warming.get(view) !== waiting;
    const done = (): void => {
      if (isOver()) return;
      this.#warming.delete(view);
      for (const material of cold) this.#warm.add(material);
      this.requestFrame(view);
    };
    // What cannot be compiled says so when it is drawn.
    this.#warmUp(renderer, view, isOver).then(done, done);
    setTimeout(done, LONGEST);
    return false;
  }

  /** Visible materials that this renderer has not drawn with yet; undefined where there are none. */
  #coldOf(view: StageView): ReadonlySet<Material> | undefined {
    const warm = this.#warm;
    let cold: Set<Material> | undefined;
    view.scene.traverseVisible((object) => {
      for (const material of materialsOf(object)) if (!warm.has(material)) (cold ??= new Set()).add(material);
    });
    return cold;
  }

  async #warmUp(renderer: WebGLRenderer, view: StageView, isOver: () => boolean): Promise<void> {
    const gl = renderer.getContext() as WebGL2RenderingContext;
    await renderer.compileAsync(view.scene, view.camera);
    // Where the browser cannot tell whether a program is ready, a fence behind it does.
    await finished(gl);
    if (isOver()) return;
    this.#drawInto(renderer, view, 1);
    await finished(gl);
  }

  #current(): WebGLRenderer {
    return (this.#renderer ??= this.#createRenderer());
  }

  #draw(renderer: WebGLRenderer, view: StageView): void {
    const height = this.#drawInto(renderer, view);
    const canvas = renderer.domElement;
    this.frames++;
    view.paint(canvas, canvas.height - height);
  }

  /** Draws into the lower left corner of the canvas, of that only `pixels` if given; returns the picture's height. */
  #drawInto(renderer: WebGLRenderer, view: StageView, pixels?: number): number {
    const width = Math.max(1, Math.round(view.width * view.pixelRatio));
    const height = Math.max(1, Math.round(view.height * view.pixelRatio));
    const canvas = renderer.domElement;
    // Grows to the largest view and stays: resizing a drawing buffer costs more than its spare pixels.
    if (canvas.width < width || canvas.height < height) {
      renderer.setSize(Math.max(canvas.width, width), Math.max(canvas.height, height), false);
    }
    renderer.setViewport(0, 0, width, height);
    renderer.setScissor(0, 0, pixels ?? width, pixels ?? height);
    renderer.setScissorTest(true);
    renderer.setClearColor(view.background, 1);
    renderer.clear();
    if (view.post) view.post.render(renderer, view.scene, view.camera, width, height, view.background);
    else renderer.render(view.scene, view.camera);
    return height;
  }

  #createRenderer(): WebGLRenderer {
    const renderer = new WebGLRenderer({
      antialias: true,
      alpha: false,
      powerPreference: 'high-performance',
    });
    renderer.outputColorSpace = LinearSRGBColorSpace;
    renderer.autoClear = false;
    renderer.setPixelRatio(1);
    renderer.setSize(1, 1, false);
    renderer.domElement.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      if (this.#renderer !== renderer) return;
      this.#isLost = true;
      for (const view of this.#views) view.contextLost();
    });
    return renderer;
  }

  #dispose(): void {
    cancelAnimationFrame(this.#request);
    const renderer = this.#renderer;
    this.#renderer = undefined;
    renderer?.dispose();
    // Without this the browser keeps the context until it feels like collecting it.
    renderer?.forceContextLoss();
  }
}

function materialsOf(object: Object3D): readonly Material[] {
  if (!('material' in object)) return [];
  const material = object.material as Material | readonly Material[];
  return 'length' in material ? material : [material];
}

/** Resolves once the GPU has done what it was told until now, without waiting for it. */
function finished(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  return new Promise((resolve) => {
    const look = (): void => {
      const isDone =
        !fence || gl.isContextLost() || gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED;
      if (!isDone) {
        setTimeout(look, POLL);
        return;
      }
      gl.deleteSync(fence);
      resolve();
    };
    setTimeout(look, 0);
  });
}
