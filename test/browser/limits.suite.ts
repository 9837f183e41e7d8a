import assert from 'node:assert/strict';
import type { CloudLayer, Scene, SceneBuffer } from '../../src/core/scene.ts';
import { scenes, showing } from './scene-graph.suite.ts';
import { until, withPage } from './suite.ts';
import type { BrowserTest } from './suite.ts';

/** Buffers by path, as the host's sidecars. */
const sidecar = (path: string, shape: number[]): SceneBuffer => ({ dtype: 'f32', shape, sha256: path, path });

const cloud = (points: number, more: Partial<CloudLayer> = {}): Scene => ({
  ...scenes.capture,
  layers: [
    {
      kind: 'cloud',
      id: 'cloud',
      label: 'Cloud',
      positions: sidecar('huge.bin', [points, 3]),
      ...more,
    },
  ],
});

const FIFTY_MILLION = 50_000_000;

export const limitTests: readonly BrowserTest[] = [
  {
    name: 'limits: 50,000,000 points that really come are thinned evenly to a million off the main thread, and it says so',
    run: (world) =>
      withPage(world, '/harness.html?theme=dark', async (page) => {
        page.setDefaultTimeout(240_000);
        await until(page, 'the harness', () => 'harness' in window);
        const found = await page.evaluate(
          async ([scene, n]) => {
            let longest = 0;
            const Original = window.Worker;
            let workers = 0;
            window.Worker = class extends Original {
              constructor(url: string | URL) {
                super(url);
                workers++;
              }
            };
            let given: Float32Array | undefined;
            window.viewer = window.harness.createViewer({
              element: document.getElementById('view') as HTMLElement,
              plots: 'none',
              resolve: async () => {
                // 600 MB: a square metre of floor, row by row, one point in a thousand without a position.
                const positions = new Float32Array(3 * n);
                for (let i = 0; i < n; i++) {
                  const at = 3 * i;
                  positions[at] = (i % 7071) / 7071;
                  positions[at + 1] = Math.floor(i / 7071) / 7071 - 0.5;
                  positions[at + 2] = i % 1000 === 999 ? Number.NaN : 0.02;
                }
                given = positions;
                return new Uint8Array(positions.buffer);
              },
            });
            await window.viewer.show(scene);
            const start = performance.now();
            window.viewer.view.renderNow();
            longest = performance.now() - start;
            const layer = window.viewer.view.layers.get('cloud');
            const data = layer?.data as { count: number; total: number; positions: Float32Array };
            // Evenly: each fifth of the rows has its share.
            const shares = [0, 0, 0, 0, 0];
            for (let i = 0; i < data.count; i++) {
              const fifth = Math.min(4, Math.floor(((data.positions[3 * i + 1] ?? 0) + 0.5) * 5));
              shares[fifth] = (shares[fifth] ?? 0) + 1;
            }
            return {
              count: data.count,
              total: data.total,
              shares,
              workers,
              handedOver: given?.length,
              drawn: longest > 0,
            };
          },
          [cloud(FIFTY_MILLION), FIFTY_MILLION] as const,
        );
        assert.equal(found.count, 1_000_000);
        assert.equal(found.total, FIFTY_MILLION);
        assert.equal(found.workers, 1);
        assert.equal(found.handedOver, 0, 'its memory went over to the worker, not a copy of it');
        for (const share of found.shares) assert.ok(Math.abs(share - 200_000) < 2000, `a fifth has ${share}`);
        const corner = await page.locator('.corner').innerText();
        assert.match(corner, /1,000,000 of 50,000,000 points/);
        assert.match(corner, /50,000 points without a position left out/);
      }),
  },
  {
    name: 'limits: UTM-size coordinates without an origin are drawn without jitter, about an origin that is said',
    run: (world) =>
      withPage(world, '/harness.html?theme=dark', async (page) => {
        await until(page, 'the harness', () => 'harness' in window);
        const found = await page.evaluate(async (scene) => {
          // float64 in the file: millimetres survive at UTM size only there.
          const utm = Float64Array.of(
            448_262.5,
            5_411_932.25,
            310,
            448_262.501,
            5_411_932.25,
            310,
            448_263,
            5_411_933,
            310.5,
          );
          window.viewer = window.harness.createViewer({
            element: document.getElementById('view') as HTMLElement,
            plots: 'none',
            resolve: async () => new Uint8Array(utm.slice().buffer),
          });
          await window.viewer.show({
            ...scene,
            layers: scene.layers.map((layer) =>
              layer.kind === 'cloud'
                ? { ...layer, positions: { ...layer.positions, dtype: 'f64' as const } }
                : layer,
            ),
          });
          window.viewer.view.renderNow();
          const data = window.viewer.view.layers.get('cloud')?.data as { positions: Float32Array };
          return {
            apart: (data.positions[3] ?? 0) - (data.positions[0] ?? 0),
            first: [...data.positions.slice(0, 3)],
          };
        }, cloud(3));
        assert.ok(Math.abs(found.apart - 0.001) < 1e-6, `a millimetre is ${found.apart} m`);
        assert.ok(Math.hypot(...found.first) < 10, 'small numbers near the origin');
        assert.match(await page.locator('.corner').innerText(), /from 448262\S*, 541193\S*, 310/);
      }),
  },
  {
    name: 'limits: the context lost with two pictures on screen: both keep their still, one click brings both back',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        await page.evaluate(async (scene) => {
          await window.viewer.compare([scene], 'Run 6');
          await window.viewer.setCompareLayout('side');
          for (const { view } of window.viewer.panes) view.renderNow();
          window.viewer.stage.renderer?.getContext().getExtension('WEBGL_lose_context')?.loseContext();
        }, scenes.refused);
        await until(page, 'the loss is said', () => window.viewer.stage.isLost);
        assert.match(await page.locator('.message').first().innerText(), /3D paused, click to resume/);
        await page.locator('.message button').click();
        await until(
          page,
          'both are drawn again',
          () => !window.viewer.stage.isLost && window.viewer.stage.renderer !== undefined,
        );
        assert.equal(await page.locator('.message').first().isHidden(), true);
      }),
  },
];
