// The viewer beside bare three.js doing the same, in the same run: prints a table, and JSON with --json.
import type { Page } from 'playwright-core';
import { launch } from './browser.ts';
import { startSite } from './site.ts';

interface Row {
  readonly name: string;
  readonly viewer: number;
  readonly bare: number;
  readonly unit: string;
  /** most that viewer / bare may be */
  readonly limit: number;
}

const isQuick = process.argv.includes('--quick');
const site = await startSite();
const browser = await launch();
const rows: Row[] = [];

/** A fresh page each time: neither side warms the other's caches. */
async function fresh<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const page = await browser.newPage({ viewport: { width: 960, height: 600 } });
  try {
    await page.goto(`${site.url}/harness.html`);
    await page.waitForFunction(() => 'harness' in window);
    return await work(page);
  } finally {
    await page.close();
  }
}

/** Median of frame times with `points` points: submit, and wait for the GPU by reading a pixel back. */
const frames = (which: 'viewer' | 'bare', points: number, count: number): Promise<number> =>
  fresh((page) =>
    page.evaluate(
      async ([side, n, rounds]) => {
        const { three: T, createViewer, sampleCloud, encodeBuffer } = window.harness;
        const { positions, colors } = sampleCloud(n);
        const element = document.getElementById('view') as HTMLElement;
        // The same eye on both sides.
        const VIEW = {
          target: [0.5, 0, 0.05],
          distance: 1.3,
          elevation: 0.45,
          projection: 'perspective',
        } as const;
        const place = (camera: InstanceType<typeof T.PerspectiveCamera>, azimuth: number): void => {
          const flat = VIEW.distance * Math.cos(VIEW.elevation);
          camera.position.set(
            VIEW.target[0] + flat * Math.cos(azimuth),
            VIEW.target[1] + flat * Math.sin(azimuth),
            VIEW.target[2] + VIEW.distance * Math.sin(VIEW.elevation),
          );
          camera.lookAt(...VIEW.target);
        };
        let draw: () => void;
        let gl: WebGL2RenderingContext;
        if (side === 'viewer') {
          const viewer = createViewer({
            element,
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
          await new Promise(requestAnimationFrame);
          viewer.view.renderNow();
          gl = viewer.stage.renderer?.getContext() as WebGL2RenderingContext;
          let turn = 0;
          draw = () => {
            viewer.view.orbit = { ...VIEW, azimuth: -0.7 + 0.01 * turn++ };
            viewer.view.renderNow();
          };
        } else {
          const renderer = new T.WebGLRenderer({ antialias: true });
          renderer.setSize(960, 600 - 0);
          element.append(renderer.domElement);
          const geometry = new T.BufferGeometry();
          geometry.setAttribute('position', new T.BufferAttribute(positions, 3));
          geometry.setAttribute('color', new T.BufferAttribute(colors, 3, true));
          // three scales by half the height alone; this makes a point as large on screen as the viewer's.
          const size = 0.0066 / Math.tan((38 * Math.PI) / 360);
          const points3 = new T.Points(geometry, new T.PointsMaterial({ size, vertexColors: true }));
          const scene = new T.Scene();
          scene.background = new T.Color('#181818');
          scene.add(points3);
          const camera = new T.PerspectiveCamera(38, 960 / 600, 0.02, 60);
          camera.up.set(0, 0, 1);
          gl = renderer.getContext() as WebGL2RenderingContext;
          let turn = 0;
          draw = () => {
            const a = -0.7 + 0.01 * turn++;
            place(camera, a);
            renderer.render(scene, camera);
          };
        }
        const pixel = new Uint8Array(4);
        const times: number[] = [];
        for (let i = 0; i < rounds + 3; i++) {
          await new Promise(requestAnimationFrame);
          const start = performance.now();
          draw();
          gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
          if (i >= 3) times.push(performance.now() - start);
        }
        times.sort((a, b) => a - b);
        return times[times.length >> 1] ?? Number.NaN;
      },
      [which, points, count] as const,
    ),
  );

/** Heap and array buffers after a cloud is on screen, less those before [MB]. */
const memory = (which: 'viewer' | 'bare', points: number): Promise<number> =>
  fresh((page) =>
    page.evaluate(
      async ([side, n]) => {
        const { three: T, createViewer, sampleCloud } = window.harness;
        const collect = async (): Promise<number> => {
          for (let i = 0; i < 4; i++) {
            (window as unknown as { gc(): void }).gc();
            await new Promise((done) => setTimeout(done, 30));
          }
          return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
        };
        const element = document.getElementById('view') as HTMLElement;
        const sidecars = new Map<string, Uint8Array>();
        const make = (): { positions: Float32Array; colors: Uint8Array } => {
          const { positions, colors } = sampleCloud(n);
          return { positions, colors };
        };
        const before = await collect();
        if (side === 'viewer') {
          const { positions, colors } = make();
          sidecars.set('p', new Uint8Array(positions.buffer as ArrayBuffer));
          sidecars.set('c', colors);
          const viewer = createViewer({
            element,
            plots: 'none',
            // Handed over once, as a fetch does.
            resolve: async (path) => {
              const bytes = sidecars.get(path) as Uint8Array;
              sidecars.delete(path);
              return bytes;
            },
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
                positions: { dtype: 'f32', shape: [n, 3], sha256: 'p', path: 'p' },
                colors: { dtype: 'u8', shape: [n, 3], sha256: 'c', path: 'c' },
              },
            ],
          });
          viewer.view.renderNow();
          (window as unknown as { keep: unknown }).keep = viewer;
        } else {
          const { positions, colors } = make();
          const renderer = new T.WebGLRenderer({ antialias: true });
          renderer.setSize(960, 600);
          element.append(renderer.domElement);
          const geometry = new T.BufferGeometry();
          geometry.setAttribute('position', new T.BufferAttribute(positions, 3));
          geometry.setAttribute('color', new T.BufferAttribute(colors, 3, true));
          const scene = new T.Scene();
          scene.add(new T.Points(geometry, new T.PointsMaterial({ size: 0.0066, vertexColors: true })));
          renderer.render(scene, new T.PerspectiveCamera());
          (window as unknown as { keep: unknown }).keep = [renderer, scene];
        }
        return ((await collect()) - before) / 1e6;
      },
      [which, points] as const,
    ),
  );

/** From bytes in hand to the first picture [ms]; bare three.js starts from a ready typed array. */
const firstPaint = (which: 'viewer' | 'bare', points: number): Promise<number> =>
  fresh((page) =>
    page.evaluate(
      async ([side, n]) => {
        const { three: T, createViewer, sampleCloud } = window.harness;
        const { positions, colors } = sampleCloud(n);
        const element = document.getElementById('view') as HTMLElement;
        const bytes = new Map([
          ['p', new Uint8Array(positions.buffer as ArrayBuffer)],
          ['c', colors],
        ]);
        const pixel = new Uint8Array(4);
        await new Promise(requestAnimationFrame);
        const start = performance.now();
        if (side === 'viewer') {
          const viewer = createViewer({
            element,
            plots: 'none',
            resolve: async (path) => bytes.get(path) as Uint8Array,
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
                positions: { dtype: 'f32', shape: [n, 3], sha256: 'p', path: 'p' },
                colors: { dtype: 'u8', shape: [n, 3], sha256: 'c', path: 'c' },
              },
            ],
          });
          if (viewer.view.width === 0)
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          if (viewer.stage.frames === 0) viewer.view.renderNow();
          const gl = viewer.stage.renderer?.getContext();
          gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        } else {
          const renderer = new T.WebGLRenderer({ antialias: true });
          renderer.setSize(960, 600);
          element.append(renderer.domElement);
          const geometry = new T.BufferGeometry();
          geometry.setAttribute('position', new T.BufferAttribute(positions, 3));
          geometry.setAttribute('color', new T.BufferAttribute(colors, 3, true));
          const scene = new T.Scene();
          scene.add(new T.Points(geometry, new T.PointsMaterial({ size: 0.0066, vertexColors: true })));
          const camera = new T.PerspectiveCamera(38, 1.6, 0.02, 60);
          camera.up.set(0, 0, 1);
          camera.position.set(1.6, -1, 0.7);
          camera.lookAt(0.5, 0, 0);
          await new Promise(requestAnimationFrame);
          renderer.render(scene, camera);
          const gl = renderer.getContext();
          gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        }
        return performance.now() - start;
      },
      [which, points] as const,
    ),
  );

type Side = 'viewer' | 'bare';

/** The better of several tries of either side, in turns: a busy machine must not decide. */
async function inTurns(
  tries: number,
  measure: (side: Side) => Promise<number>,
): Promise<Record<Side, number>> {
  const best = { viewer: Infinity, bare: Infinity };
  for (let i = 0; i < tries; i++) {
    for (const side of ['viewer', 'bare'] as const) best[side] = Math.min(best[side], await measure(side));
  }
  return best;
}

const million = isQuick ? 200_000 : 1_000_000;
const text = million.toLocaleString('en-US');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';
const plans: readonly (Omit<Row, Side> & { readonly tries: number; measure(side: Side): Promise<number> })[] =
  [
    {
      name: `frame, ${text} points, median`,
      unit: 'ms',
      limit: 1.1,
      tries: 3,
      measure: (side) => frames(side, million, isQuick ? 5 : 9),
    },
    {
      name: `memory, ${text} points`,
      unit: 'MB',
      limit: 1.3,
      tries: 1,
      measure: (side) => memory(side, million),
    },
    {
      name: 'bytes to first paint, 200,000 points',
      unit: 'ms',
      limit: 1.5,
      tries: 3,
      measure: (side) => firstPaint(side, 200_000),
    },
  ];
for (const { name, unit, limit, tries, measure } of plans) {
  if (name.includes(only)) rows.push({ name, unit, limit, ...(await inTurns(tries, measure)) });
}
await browser.close();
await site.close();

const result = rows.map((row) => ({
  ...row,
  ratio: row.viewer / row.bare,
  holds: row.viewer / row.bare <= row.limit,
}));
if (process.argv.includes('--json')) {
  console.log(
    JSON.stringify(
      { bench: 'viewer', renderer: 'headless Chromium, SwiftShader', rows: result },
      undefined,
      2,
    ),
  );
} else {
  for (const row of result) {
    console.log(
      `${row.name.padEnd(40)} viewer ${row.viewer.toFixed(1).padStart(8)} ${row.unit}  bare ${row.bare.toFixed(1).padStart(8)} ${row.unit}  ratio ${row.ratio.toFixed(2)} (at most ${row.limit})  ${row.holds ? 'holds' : 'DOES NOT HOLD'}`,
    );
  }
}
process.exitCode = result.every((row) => row.holds) ? 0 : 1;
