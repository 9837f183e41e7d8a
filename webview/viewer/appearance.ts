import type { CloudColor } from './layers/cloud-layer.ts';
import type { Pane } from './pane.ts';
import type { PathField } from './path-values.ts';

/** Sizes of points that the keys step through, as multiples of the usual one. */
export const POINT_SCALES = [0.5, 1, 1.5, 2, 3] as const;

/** How things are drawn, the same in all panes: colours of paths and clouds, point size, shading. */
export class Appearance {
  readonly #panes: () => readonly Pane[];
  readonly #changed: () => void;
  #pointScale = 1;

  /** `changed` is called after each change, so that legend and controls follow. */
  constructor(panes: () => readonly Pane[], changed: () => void) {
    this.#panes = panes;
    this.#changed = changed;
  }

  /** Fields that some path can be coloured by. */
  pathFields(): readonly PathField[] {
    return [...new Set(this.#main.paths.flatMap((path) => path.fields()))];
  }

  get pathField(): PathField {
    return this.#main.paths[0]?.field ?? 'speed';
  }

  setPathField(field: PathField): void {
    for (const pane of this.#panes()) pane.setPathField(field);
    this.#changed();
  }

  /** False: no path has a field. */
  nextPathField(): boolean {
    const fields = this.pathFields();
    const next = fields[(fields.indexOf(this.pathField) + 1) % fields.length];
    if (next) this.setPathField(next);
    return next !== undefined;
  }

  /** Ways to colour the cloud, without ranges of their own; none where there is no cloud. */
  cloudColors(): readonly CloudColor[] {
    const { clouds } = this.#main;
    if (clouds.length === 0) return [];
    const fields = new Set(clouds.flatMap((cloud) => Object.keys(cloud.data.fields)));
    return [
      ...(clouds.some((cloud) => cloud.data.colors) ? [{ kind: 'rgb' } as const] : []),
      { kind: 'height' },
      { kind: 'flat' },
      ...[...fields].map((field) => ({ kind: 'field', field }) as const),
    ];
  }

  /** undefined: there is no cloud */
  get cloudColor(): CloudColor | undefined {
    return this.#main.clouds[0]?.color;
  }

  /** values at the ends of the cloud's colour map */
  get cloudRange(): readonly [number, number] | undefined {
    return this.#main.clouds[0]?.range();
  }

  setCloudColor(color: CloudColor): void {
    for (const pane of this.#panes()) pane.setCloudColor(color);
    this.#changed();
  }

  /** False: there is no cloud. */
  nextCloudColor(): boolean {
    const now = this.cloudColor;
    if (!now) return false;
    const modes = this.cloudColors();
    const at = modes.findIndex((mode) => cloudKey(mode) === cloudKey(now));
    const next = modes[(at + 1) % modes.length];
    if (next) this.setCloudColor(next);
    return true;
  }

  get pointScale(): number {
    return this.#pointScale;
  }

  setPointScale(scale: number): void {
    this.#pointScale = scale;
    for (const pane of this.#panes()) pane.setPointScale(scale);
    this.#changed();
  }

  stepPointScale(direction: 1 | -1): void {
    const now = this.#pointScale;
    const ahead = direction > 0 ? POINT_SCALES.find((s) => s > now) : POINT_SCALES.findLast((s) => s < now);
    if (ahead !== undefined) this.setPointScale(ahead);
  }

  get hasEyeDome(): boolean {
    return this.#main.view.post !== undefined;
  }

  /** Shades points by the depth of their neighbours; loaded when first asked for. */
  async setEyeDome(on: boolean): Promise<void> {
    const passes = on ? await import('./draw/eye-dome.ts') : undefined;
    for (const { view } of this.#panes()) {
      view.post?.dispose();
      view.post = passes && new passes.EyeDome();
      view.invalidate();
    }
    this.#changed();
  }

  /** Shows the tube round the refined path that an approval covers [m]; undefined takes it away. */
  setTolerance(radius: number | undefined): void {
    for (const path of this.#main.paths) path.setTolerance(radius);
    this.#changed();
  }

  /** A pane that came later looks like the first. */
  dress(pane: Pane): void {
    for (const id of pane.view.layers.keys()) {
      if (this.#main.view.layers.has(id)) pane.view.setLayerVisible(id, this.#main.view.isLayerVisible(id));
    }
    pane.setPathField(this.pathField);
    if (this.cloudColor) pane.setCloudColor(this.cloudColor);
    pane.setPointScale(this.#pointScale);
    if (this.hasEyeDome !== (pane.view.post !== undefined)) void this.setEyeDome(this.hasEyeDome);
  }

  get #main(): Pane {
    const [main] = this.#panes();
    if (!main) throw new Error('Appearance: a viewer has a pane');
    return main;
  }
}

/** The same for colourings that differ in map or range alone. */
export const cloudKey = (color: CloudColor): string =>
  color.kind === 'field' ? `field:${color.field}` : color.kind;
