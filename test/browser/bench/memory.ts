import { freshPage, ratioFigure } from './figure.ts';
import type { Bench, Figure } from './figure.ts';

type Side = 'viewer' | 'bare';

/** Heap and array buffers with a cloud on screen, less those before: viewer from sidecar bytes, bare from ready arrays. */
export async function memory(bench: Bench): Promise<Figure> {
  const points = bench.quick ? 200_000 : 1_000_000;
  const both = { viewer: await measure(bench, 'viewer', points), bare: await measure(bench, 'bare', points) };
  return ratioFigure(`memory, ${points.toLocaleString('en-US')} points`, 'MB', 1.3, both);
}

const measure = (bench: Bench, side: Side, points: number): Promise<number> =>
  freshPage(bench, (page) =>
    page.evaluate(
      async ([which, n]) => {
        const { bareCloud, sampleCloud, heap, sidecarScene, createViewer } = window.harness;
        const element = document.getElementById('view') as HTMLElement;
        const before = await heap();
        if (which === 'viewer') {
          // Handed over once, as a fetch does.
          const sidecars = new Map<string, Uint8Array>();
          {
            const { positions, colors } = sampleCloud(n);
            sidecars.set('p', new Uint8Array(positions.buffer as ArrayBuffer)).set('c', colors);
          }
          const viewer = createViewer({
            element,
            plots: 'none',
            resolve: async (path) => {
              const bytes = sidecars.get(path) as Uint8Array;
              sidecars.delete(path);
              return bytes;
            },
          });
          await viewer.show(sidecarScene(n));
          viewer.view.renderNow();
          Object.assign(window, { keep: viewer });
        } else {
          const { positions, colors } = sampleCloud(n);
          const bare = bareCloud(element, positions, colors);
          bare.draw();
          Object.assign(window, { keep: bare });
        }
        return ((await heap()) - before) / 1e6;
      },
      [side, points] as const,
    ),
  );
