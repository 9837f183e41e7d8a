import type { LayerData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import type { Timeline } from '../time/timeline.ts';
import { plotsOf } from './plot-data.ts';
import type { PlotStrip } from './plot-strip.ts';

/** Where the plots of a viewer stand: empty until there is a trajectory, and the library that draws them loaded only then. */
export class PlotPlace {
  readonly #place: HTMLElement;
  readonly #shadow: ShadowRoot;
  readonly #layout: 'side' | 'below';
  readonly #seek: (time: number) => void;
  #palette: Palette;
  #strip: PlotStrip | undefined;

  /** `place` is inside `shadow`; `seek` is called with a time that was pointed at [s]. */
  constructor(
    place: HTMLElement,
    shadow: ShadowRoot,
    options: { layout: 'side' | 'below'; palette: Palette; seek(time: number): void },
  ) {
    this.#place = place;
    this.#shadow = shadow;
    this.#layout = options.layout;
    this.#palette = options.palette;
    this.#seek = (time) => options.seek(time);
  }

  /** Plots of these layers over the timeline, at `time` [s]. Beside the view there is no room for joints. */
  async show(layers: readonly LayerData[], timeline: Timeline, time: () => number): Promise<void> {
    const plots = plotsOf(layers).filter(
      ({ key }) => this.#layout === 'below' || (key !== 'joints' && key !== 'velocities'),
    );
    if (plots.length === 0) {
      this.#place.replaceChildren();
      return;
    }
    // Not part of the first chunk: a still needs no plots.
    const { PlotStrip } = await import('./plot-strip.ts');
    this.#strip ??= new PlotStrip(this.#shadow, {
      layout: this.#layout,
      palette: this.#palette,
      seek: this.#seek,
    });
    if (!this.#strip.element.isConnected) this.#place.replaceChildren(this.#strip.element);
    this.#strip.setPlots(plots, timeline.start, timeline.end, timeline.marks);
    this.#strip.setTime(time());
  }

  setTime(time: number): void {
    this.#strip?.setTime(time);
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#strip?.setPalette(palette);
  }

  dispose(): void {
    this.#strip?.dispose();
  }
}
