import type { Scene } from '../../src/core/scene.ts';
import type { Fix } from '../../src/core/viewer-messages.ts';
import { el } from '../viewer/dom.ts';
import type { Resolve } from '../viewer/load-scene.ts';
import { createViewer } from '../viewer/viewer.ts';
import type { Viewer, ViewerState } from '../viewer/viewer.ts';
import style from './output.css';

/** What an output may ask of the editor; absent where there is no messaging (a viewer without our extension). */
export interface OutputActions {
  inspect(cell: string, run: string | undefined): void;
  select(cell: string, waypoint: number): void;
  fix(cell: string, fix: string): void;
  /** the slider reached another waypoint */
  current(cell: string, waypoint: number): void;
}

export interface OutputContext {
  readonly scene: Scene;
  readonly resolve: Resolve;
  readonly actions: OutputActions | undefined;
  /** name of the run that it was restored from */
  readonly from: string | undefined;
  readonly run: string | undefined;
}

/**
 * One output: a box whose size is known before any data arrives, with the 3D view, one line of verdict and one of
 * provenance. Near the window it holds a live viewer, far from it only the last picture.
 */
export class OutputView {
  readonly #host: HTMLElement;
  readonly #shadow: ShadowRoot;
  readonly #stage: HTMLElement;
  readonly #still: HTMLImageElement;
  readonly #badge: HTMLElement;
  readonly #buttons = el('div', { class: 'buttons' });
  #context: OutputContext;
  #viewer: Viewer | undefined;
  #state: ViewerState | undefined;
  #stillUrl: string | undefined;
  #isDisposed = false;

  constructor(element: HTMLElement, context: OutputContext, state?: ViewerState) {
    this.#context = context;
    this.#state = state;
    this.#host = el('div', { class: 'waybook-output' });
    this.#shadow = this.#host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#still = el('img', { class: 'still', alt: '', hidden: true });
    this.#stage = el('div', { class: 'stage' }, this.#still);
    this.#badge = el('span', { class: 'badge', hidden: true });
    element.replaceChildren(this.#host);
    this.#render();
  }

  /** The element that says whether the output is near the window. */
  get element(): HTMLElement {
    return this.#host;
  }

  get cell(): string {
    return this.#context.scene.cell;
  }

  get state(): ViewerState | undefined {
    return this.#viewer?.state ?? this.#state;
  }

  get isLive(): boolean {
    return this.#viewer !== undefined;
  }

  get viewer(): Viewer | undefined {
    return this.#viewer;
  }

  /** The cell ran again: the same box, the same view, other content. */
  update(context: OutputContext): void {
    this.#context = context;
    this.#render();
    if (this.#viewer) void this.#viewer.show(context.scene);
  }

  select(waypoint: number): void {
    this.#viewer?.select(waypoint, false);
  }

  seek(time: number): void {
    this.#viewer?.setTime(time);
  }

  /** Why it is stale; the picture stays, dimmed. Undefined: it is fresh. */
  setBadge(text: string | undefined): void {
    this.#badge.textContent = text ?? '';
    this.#badge.hidden = text === undefined;
    this.#host.classList.toggle('stale', text !== undefined);
    this.#shadow.firstElementChild?.classList.toggle('stale', text !== undefined);
  }

  /** What can be done about a refusal: the first button repairs. */
  setFixes(fixes: readonly Fix[]): void {
    const { scene, actions, run } = this.#context;
    if (!actions) return;
    const act = fixes.map(({ id, title }, i) =>
      linkButton(title, () => actions.fix(scene.cell, id), i === 0 ? 'primary' : 'secondary'),
    );
    const edit = linkButton(
      'Edit in 3D',
      () => actions.inspect(scene.cell, run),
      act.length === 0 ? 'primary' : 'secondary',
    );
    act.splice(1, 0, edit);
    this.#buttons.replaceChildren(...act);
  }

  /** near: a live viewer; on screen: it draws. */
  setNear(near: boolean, onScreen: boolean): void {
    if (this.#isDisposed) return;
    if (near) this.#wake();
    else void this.#sleep();
    this.#viewer?.setVisible(onScreen);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#viewer?.dispose();
    this.#viewer = undefined;
    if (this.#stillUrl) URL.revokeObjectURL(this.#stillUrl);
    this.#host.remove();
  }

  #wake(): void {
    if (this.#viewer) return;
    const { scene, resolve, actions, run } = this.#context;
    const small = isSmall(scene);
    this.#viewer = createViewer({
      element: this.#stage,
      resolve,
      plots: small ? 'none' : 'side',
      chrome: small ? 'none' : 'full',
      ...(actions
        ? {
            onSelect: (waypoint: number) => actions.select(scene.cell, waypoint),
            onCurrent: (waypoint: number) => actions.current(scene.cell, waypoint),
            onExpand: () => actions.inspect(scene.cell, run),
          }
        : {}),
    });
    const viewer = this.#viewer;
    const state = this.#state;
    void viewer.show(scene).then(() => {
      if (state && this.#viewer === viewer) viewer.restore(state);
      this.#still.hidden = true;
    });
  }

  /** Keeps the last picture as a compressed image and gives everything else back. */
  async #sleep(): Promise<void> {
    const viewer = this.#viewer;
    if (!viewer) return;
    this.#state = viewer.state;
    this.#viewer = undefined;
    const blob = await new Promise<Blob | null>((done) => viewer.view.canvas.toBlob(done, 'image/webp', 0.9));
    viewer.dispose();
    if (!blob || this.#isDisposed || this.#viewer) return;
    if (this.#stillUrl) URL.revokeObjectURL(this.#stillUrl);
    this.#stillUrl = URL.createObjectURL(blob);
    this.#still.src = this.#stillUrl;
    this.#still.hidden = false;
  }

  #render(): void {
    const { scene, actions, from, run } = this.#context;
    const small = isSmall(scene);
    const badges = el(
      'span',
      { class: 'badges' },
      this.#badge,
      from === undefined ? undefined : el('span', { class: 'badge plain' }, `From ${from}`),
    );
    const parts = [
      scene.verdict.ok ? undefined : this.#refusal(badges),
      small ? this.#preview(badges) : this.#stage,
      scene.verdict.ok && !small
        ? el(
            'div',
            { class: 'line' },
            badges,
            el('span', { class: 'ok' }, scene.kind === 'executed' && from === undefined ? 'Success' : ''),
            el('span', {}, scene.verdict.text),
            el('span', { class: 'dim' }, provenanceLine(scene, run)),
            el('span', { class: 'spacer' }),
            actions && linkButton('Open in Inspector', () => actions.inspect(scene.cell, run)),
          )
        : undefined,
    ];
    this.#stage.classList.toggle('large', !small);
    this.#shadow.replaceChildren(el('div', { class: 'output' }, ...parts));
  }

  /** The sentence answers, the picture below proves, the first button repairs. */
  #refusal(badges: HTMLElement): HTMLElement {
    const { scene, actions } = this.#context;
    const notes = (scene.notes ?? []).map((note) => el('div', {}, note));
    this.setFixes([]);
    return el(
      'div',
      { class: 'refusal', role: 'note' },
      el('strong', {}, scene.verdict.text),
      ...notes,
      actions && this.#buttons,
      badges,
    );
  }

  #preview(badges: HTMLElement): HTMLElement {
    const { scene } = this.#context;
    const facts = scene.facts.flatMap((fact) => [el('dt', {}, fact.name), el('dd', {}, fact.value)]);
    return el(
      'div',
      { class: `small ${scene.kind}` },
      this.#stage,
      el(
        'div',
        { class: 'words' },
        scene.verdict.ok ? el('div', {}, scene.verdict.text) : undefined,
        planChain(scene),
        el('dl', {}, ...facts),
        ...(scene.verdict.ok ? (scene.notes ?? []) : []).map((note) => el('div', { class: 'dim' }, note)),
        scene.verdict.ok ? badges : undefined,
      ),
    );
  }
}

/** Captures and plans are a thumbnail beside words: what to look at comes with refinement. */
const isSmall = (scene: Scene): boolean => scene.kind === 'capture' || scene.kind === 'plan';

function linkButton(text: string, act: () => void, look = 'link'): HTMLElement {
  const button = el('button', { type: 'button', class: look }, text);
  button.addEventListener('click', act);
  return button;
}

/** "above the cube → grasp → lift", for a plan. */
function planChain(scene: Scene): HTMLElement | undefined {
  const plan = scene.layers.find((layer) => layer.kind === 'waypoints');
  if (scene.kind !== 'plan' || plan?.kind !== 'waypoints') return undefined;
  return el('div', { class: 'dim' }, plan.waypoints.map((w) => w.label).join(' → '));
}

function provenanceLine(scene: Scene, run: string | undefined): string {
  const p = scene.provenance;
  return [
    run,
    p?.planner?.provider,
    p?.refiner?.id,
    p?.seed === undefined ? undefined : `seed ${p.seed}`,
    p && `epoch ${p.epoch.counter}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
