import { freshPage, median, ratioFigure } from './figure.ts';
import type { Bench, Figure } from './figure.ts';

const BUDGET_MS = 60_000;

/**
 * Time of one frame with a cloud, viewer and bare `THREE.Points` in turns in one page: what else the machine does falls
 * on both alike. A frame is drawn, and waited for by reading a pixel of what a person would see: the viewer's own
 * canvas with its marks, the bare renderer's drawing buffer.
 */
export async function frameTime(bench: Bench): Promise<Figure> {
  const points = bench.quick ? 200_000 : 1_000_000;
  const rounds = bench.quick ? 5 : 24;
  const times = await freshPage(bench, (page) =>
    page.evaluate(
      async ([n, count, budget]) => {
        const { createViewer, sampleCloud, encodeBuffer, bareCloud } = window.harness;
        const { positions, colors } = sampleCloud(n);
        const host = document.getElementById('view') as HTMLElement;
        const halves = ['top:0', 'top:600px'].map((place) => {
          const half = document.createElement('div');
          half.style.cssText = `position:absolute;left:0;${place};width:960px;height:600px`;
          host.append(half);
          return half;
        });
        const [upper = host, lower = host] = halves;
        const VIEW = {
          target: [0.5, 0, 0.05],
          distance: 1.3,
          elevation: 0.45,
          projection: 'perspective',
        } as const;

        const viewer = createViewer({
          element: upper,
          resolve: () => Promise.reject(new Error('none')),
          plots: 'none',
          chrome: 'none',
        });
        await viewer.show({
          version: 1,
          kind: 'capture',
          cell: 'c',
          title: 'cloud',
          verdict: { ok: true, text: '' },
          facts: [],
          layers: [
            {
              kind: 'cloud',
              id: 'cloud',
              label: 'cloud',
              positions: encodeBuffer(positions, [n, 3]),
              colors: encodeBuffer(colors, [n, 3]),
            },
          ],
        });

        const bare = bareCloud(lower, positions, colors);

        const drawViewer = (azimuth: number): void => {
          viewer.view.orbit = { ...VIEW, azimuth };
          viewer.view.renderNow();
          viewer.view.canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
        };
        const { camera, renderer } = bare;
        const gl = renderer.getContext() as WebGL2RenderingContext;
        const pixel = new Uint8Array(4);
        const drawBare = (azimuth: number): void => {
          const flat = VIEW.distance * Math.cos(VIEW.elevation);
          camera.position.set(
            VIEW.target[0] + flat * Math.cos(azimuth),
            VIEW.target[1] + flat * Math.sin(azimuth),
            VIEW.target[2] + VIEW.distance * Math.sin(VIEW.elevation),
          );
          camera.lookAt(...VIEW.target);
          bare.draw();
          gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        };
        const times: { viewer: number[]; bare: number[] } = { viewer: [], bare: [] };
        const timed = (draw: (azimuth: number) => void, azimuth: number): number => {
          const start = performance.now();
          draw(azimuth);
          return performance.now() - start;
        };
        const started = performance.now();
        for (let i = 0; i < count + 2; i++) {
          // Software rendering on a busy machine: fewer frames, but never fewer than seven.
          if (times.bare.length >= 7 && performance.now() - started > budget) break;
          const azimuth = -0.7 + 0.02 * i;
          await new Promise(requestAnimationFrame);
          // Who comes first takes turns too.
          const first = i % 2 === 0;
          const a = timed(first ? drawViewer : drawBare, azimuth);
          await new Promise(requestAnimationFrame);
          const b = timed(first ? drawBare : drawViewer, azimuth);
          // The first two warm shaders and buffers.
          if (i < 2) continue;
          times.viewer.push(first ? a : b);
          times.bare.push(first ? b : a);
        }
        return times;
      },
      [points, rounds, BUDGET_MS] as const,
    ),
  );
  const both = { viewer: median(times.viewer), bare: median(times.bare) };
  const spread = (values: readonly number[]): string =>
    `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
  return ratioFigure(
    `median frame, ${points.toLocaleString('en-US')} points`,
    'ms',
    1.1,
    both,
    `range ${spread(times.viewer)} and ${spread(times.bare)} ms, ${times.viewer.length} frames each in turns`,
  );
}
