import type { Page } from 'playwright-core';
import type { Scene } from '../../../src/core/scene.ts';

/** What the notebook's page of the site holds for tests. */
interface NotebookPage {
  readonly renderer: {
    renderOutputItem(item: unknown, element: HTMLElement, signal: AbortSignal): void;
    disposeOutputItem(id?: string): void;
  };
}

/** For `addInitScript`: counts the WebGL contexts that the page makes. */
export function countContexts(): void {
  const counts = { contexts: 0 };
  Object.assign(window, { counts });
  const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (
    this: HTMLCanvasElement,
    kind: string,
    ...rest: unknown[]
  ) {
    const context: unknown = Reflect.apply(original, this, [kind, ...rest]);
    if (kind.startsWith('webgl') && context) counts.contexts++;
    return context;
  } as typeof HTMLCanvasElement.prototype.getContext;
}

/** Renders one scene into as many cells as asked: `#cell0`, `#cell1`, … */
export const fillNotebook = (page: Page, scene: Scene, count: number): Promise<void> =>
  page.evaluate(
    ([shown, n]) => {
      const cells = document.getElementById('cells');
      for (let i = 0; i < n; i++) {
        const element = document.createElement('div');
        element.className = 'cell';
        element.id = `cell${i}`;
        cells?.append(element);
        const item = { id: `o${i}`, mime: 'x', json: () => shown, metadata: { waybook: { run: 'Run 7' } } };
        (window as unknown as NotebookPage).renderer.renderOutputItem(
          item,
          element,
          new AbortController().signal,
        );
      }
    },
    [scene, count] as const,
  );

/** Scrolls past every output as a reader does, waiting for each fifth to be drawn, and back to the top. */
export async function scrollThrough(page: Page, count: number): Promise<void> {
  for (let i = 0; i < count; i += 5) {
    await page.evaluate((n) => document.getElementById(`cell${n}`)?.scrollIntoView({ block: 'center' }), i);
    await page.waitForFunction((n) => {
      const output = document.querySelector(`#cell${n} .waybook-output`)?.shadowRoot;
      const canvas = output?.querySelector('.waybook-viewer')?.shadowRoot?.querySelector('canvas');
      // A canvas that was never drawn has the default height.
      return canvas !== null && canvas !== undefined && canvas.height > 10 && canvas.height !== 150;
    }, i);
  }
  await page.evaluate(() => document.getElementById('cell0')?.scrollIntoView());
  await page.waitForTimeout(1500);
}

/** Outputs that show a picture, live or as a still. */
export const paintedOutputs = (page: Page, count: number): Promise<number> =>
  page.evaluate(
    (n) =>
      Array.from({ length: n }, (_, i) => {
        const output = document.querySelector(`#cell${i} .waybook-output`)?.shadowRoot;
        const still = output?.querySelector('img');
        const live = output?.querySelector('.waybook-viewer')?.shadowRoot?.querySelector('canvas');
        return (still !== null && still !== undefined && !still.hidden) || (live?.width ?? 0) > 10;
      }).filter(Boolean).length,
    count,
  );

/** Pictures copied to a view's canvas within a second in which nothing happens. */
export const idleFrames = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const original = CanvasRenderingContext2D.prototype.drawImage;
    let frames = 0;
    CanvasRenderingContext2D.prototype.drawImage = function (
      this: CanvasRenderingContext2D,
      ...rest: unknown[]
    ) {
      frames++;
      Reflect.apply(original, this, rest);
    };
    await new Promise((done) => setTimeout(done, 1000));
    CanvasRenderingContext2D.prototype.drawImage = original;
    return frames;
  });

/** Runs the first cell again, `times` times with two scenes in turns: how much the heap has grown by then [MB]. */
export const rerun = (page: Page, scenes: readonly [Scene, Scene], times: number): Promise<number> =>
  page.evaluate(
    async ([[a, b], count]) => {
      const heap = async (): Promise<number> => {
        for (let i = 0; i < 5; i++) {
          (window as unknown as { gc(): void }).gc();
          await new Promise((done) => setTimeout(done, 20));
        }
        return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
      };
      const element = document.getElementById('cell0') as HTMLElement;
      const run = async (n: number): Promise<void> => {
        for (let i = 0; i < n; i++) {
          const item = { id: 'o0', mime: 'x', json: () => (i % 2 ? a : b), metadata: {} };
          (window as unknown as NotebookPage).renderer.renderOutputItem(
            item,
            element,
            new AbortController().signal,
          );
          await new Promise((done) => setTimeout(done, 8));
        }
        await new Promise((done) => setTimeout(done, 400));
      };
      await run(40);
      const before = await heap();
      await run(count);
      return ((await heap()) - before) / 1e6;
    },
    [scenes, times] as const,
  );
