import { freshPage, ratioFigure } from './figure.ts';
import type { Bench, Figure } from './figure.ts';

type Side = 'viewer' | 'bare';
const POINTS = 200_000;
const TRIES = 3;

/**
 * From bytes in hand to the first picture; bare three.js starts from a ready typed array. The better of several tries of
 * either side, in turns, each in a page of its own. The scan of the points is a worker's: the note says how many it made.
 */
export async function firstPaint(bench: Bench): Promise<Figure> {
  const best = { viewer: Infinity, bare: Infinity };
  let workers = 0;
  for (let i = 0; i < (bench.quick ? 1 : TRIES); i++) {
    const viewer = await measure(bench, 'viewer');
    const bare = await measure(bench, 'bare');
    best.viewer = Math.min(best.viewer, viewer.ms);
    best.bare = Math.min(best.bare, bare.ms);
    workers = viewer.workers;
  }
  const figure = ratioFigure(
    `bytes to first paint, ${POINTS.toLocaleString('en-US')} points`,
    'ms',
    1.5,
    best,
    `decoded by ${workers} worker`,
  );
  return { ...figure, holds: figure.holds && workers === 1 };
}

const measure = (bench: Bench, side: Side): Promise<{ ms: number; workers: number }> =>
  freshPage(bench, (page) =>
    page.evaluate(
      async ([which, n]) => {
        const { bareCloud, sampleCloud, sidecarScene, createViewer } = window.harness;
        const { positions, colors } = sampleCloud(n);
        const element = document.getElementById('view') as HTMLElement;
        const sidecars = new Map([
          ['p', new Uint8Array(positions.buffer as ArrayBuffer)],
          ['c', colors],
        ]);
        let workers = 0;
        const Original = window.Worker;
        window.Worker = class extends Original {
          constructor(url: string | URL) {
            super(url);
            workers++;
          }
        };
        const pixel = new Uint8Array(4);
        await new Promise(requestAnimationFrame);
        const start = performance.now();
        let gl: WebGL2RenderingContext | WebGLRenderingContext | undefined;
        if (which === 'viewer') {
          const viewer = createViewer({
            element,
            plots: 'none',
            resolve: async (path) => sidecars.get(path) as Uint8Array,
          });
          await viewer.show(sidecarScene(n));
          if (viewer.stage.frames === 0) viewer.view.renderNow();
          gl = viewer.stage.renderer?.getContext();
        } else {
          const bare = bareCloud(element, positions, colors);
          await new Promise(requestAnimationFrame);
          bare.draw();
          gl = bare.renderer.getContext();
        }
        gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        return { ms: performance.now() - start, workers };
      },
      [side, POINTS] as const,
    ),
  );
