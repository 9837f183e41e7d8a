import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Viewer } from '../../webview/viewer/viewer.ts';
import type { Scene } from '../../src/core/scene.ts';
import { sampleScenes } from './sample-scenes.ts';
import { until, withPage } from './suite.ts';
import type { BrowserTest, World } from './suite.ts';

declare global {
  interface Window {
    viewer: Viewer;
  }
}

export const scenes = sampleScenes({ points: 6000 });

/** A viewer with one scene in it, drawn. */
export async function showing(
  world: World,
  scene: Scene,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  await withPage(world, '/harness.html?theme=dark', async (page) => {
    await until(page, 'the harness', () => 'harness' in window);
    await page.evaluate(async (shown) => {
      window.viewer = window.harness.createViewer({
        element: document.getElementById('view') as HTMLElement,
        resolve: (path) => Promise.reject(new Error(`no file ${path}`)),
        plots: 'none',
        onEdit: () => undefined,
      });
      await window.viewer.show(shown);
      window.viewer.view.renderNow();
    }, scene);
    await work(page);
  });
}

/** Numbers of the scene graph, by layer. */
const describeGraph = (): unknown => {
  const out: Record<string, unknown> = {};
  for (const [id, layer] of window.viewer.view.layers) {
    const parts: unknown[] = [];
    layer.object.traverse((node) => {
      const mesh = node as unknown as {
        name: string;
        geometry?: {
          attributes: Record<string, { count: number }>;
          instanceCount?: number;
          index?: { count: number };
        };
        material?: { uniforms?: Record<string, { value: unknown }>; opacity?: number };
      };
      if (!mesh.geometry) return;
      parts.push({
        name: mesh.name,
        vertices: mesh.geometry.attributes['position']?.count,
        segments:
          mesh.geometry.instanceCount === undefined || mesh.geometry.instanceCount === Infinity
            ? null
            : mesh.geometry.instanceCount,
        indices: mesh.geometry.index?.count ?? null,
        width: mesh.material?.uniforms?.['width']?.value ?? null,
        radius: mesh.material?.uniforms?.['radius']?.value ?? null,
        thickness: mesh.material?.uniforms?.['thickness']?.value ?? null,
      });
    });
    out[id] = parts;
  }
  return out;
};

interface Part {
  name: string;
  vertices: number;
  segments: number | null;
  indices: number | null;
  width: number | null;
  radius: number | null;
  thickness: number | null;
}
type Graph = Record<string, Part[]>;

const graphOf = async (page: Page): Promise<Graph> => (await page.evaluate(describeGraph)) as Graph;
const part = (graph: Graph, layer: string, name: string): Part => {
  const found = graph[layer]?.find((p) => p.name === name);
  assert.ok(found, `${layer} has no part "${name}"; it has ${graph[layer]?.map((p) => p.name).join(', ')}`);
  return found;
};

export const sceneGraphTests: readonly BrowserTest[] = [
  {
    name: 'approval: the tube at its true size with 27 rings, and its line in the legend',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        await page.evaluate(() => window.viewer.look.setTolerance(0.02));
        const graph = await graphOf(page);
        assert.equal(part(graph, 'refined', 'tolerance').radius, 0.02);
        assert.equal(part(graph, 'refined', 'tolerance rings').segments, 27 * 8);
        assert.match(await page.locator('.legend').innerText(), /approved tube, 20 mm/);
        await page.evaluate(() => window.viewer.look.setTolerance(undefined));
        assert.equal(
          (await graphOf(page))['refined']?.some((p) => p.name === 'tolerance'),
          false,
        );
      }),
  },
  {
    name: 'cloud: one draw call, its colours as given, and every colour mode without touching positions',
    run: (world) =>
      showing(world, scenes.capture, async (page) => {
        const result = await page.evaluate(() => {
          const { viewer } = window;
          const layer = viewer.view.layers.get('cloud:table');
          const object = layer?.object as unknown as {
            geometry: {
              attributes: Record<string, { array: ArrayLike<number>; count: number; normalized: boolean }>;
            };
            material: {
              defines: Record<string, unknown>;
              uniforms: Record<string, { value: { x: number; y: number } }>;
            };
          };
          const positions = object.geometry.attributes['position']?.array;
          const modes: unknown[] = [];
          for (const color of [
            { kind: 'rgb' },
            { kind: 'flat' },
            { kind: 'height' },
            { kind: 'field', field: 'intensity' },
            { kind: 'field', field: 'nothing' },
          ] as const) {
            viewer.look.setCloudColor(color);
            viewer.view.renderNow();
            const { range } = object.material.uniforms;
            modes.push([
              object.material.defines['COLOR_MODE'],
              viewer.look.cloudColor?.kind,
              range?.value.x,
              range?.value.y,
            ]);
          }
          return {
            count: object.geometry.attributes['position']?.count,
            rgb: object.geometry.attributes['rgb']?.normalized,
            same: positions === object.geometry.attributes['position']?.array,
            modes: modes as [number, string, number, number][],
          };
        });
        assert.equal(result.count, 6000);
        assert.equal(result.rgb, true);
        assert.equal(result.same, true);
        assert.deepEqual(
          result.modes.map(([mode, kind]) => [mode, kind]),
          [
            [1, 'rgb'],
            [0, 'flat'],
            [2, 'height'],
            [3, 'field'],
            [2, 'height'],
          ],
        );
        const [, , low, high] = result.modes[3] as [number, string, number, number];
        assert.ok(low > 0.77 && high < 1.09 && high - low > 0.2, 'the field runs over its own range');
        assert.ok((result.modes[2]?.[3] ?? 0) > 0.1, 'height reaches the top of the carton');
      }),
  },
  {
    name: 'cloud: map and range as set, by the texels of the look-up table and the ends in the legend',
    run: (world) =>
      showing(world, scenes.capture, async (page) => {
        const read = (): Promise<{ range: number[]; first: string; last: string; legend: string }> =>
          page.evaluate(() => {
            window.viewer.view.renderNow();
            const cloud = window.viewer.view.layers.get('cloud:table')?.object as unknown as {
              material: {
                uniforms: {
                  range: { value: { x: number; y: number } };
                  ramp: { value: { image: { data: Uint8Array } } };
                };
              };
            };
            const { range, ramp } = cloud.material.uniforms;
            const { data } = ramp.value.image;
            const hex = (at: number): string =>
              [0, 1, 2].map((k) => (data[at + k] ?? 0).toString(16).padStart(2, '0')).join('');
            const rows =
              document.querySelector('.waybook-viewer')?.shadowRoot?.querySelectorAll('.legend-row') ?? [];
            return {
              range: [range.value.x, range.value.y],
              first: hex(0),
              last: hex(255 * 4),
              legend: [...rows].map((row) => row.textContent ?? '').join('; '),
            };
          });
        const set = (color: object): Promise<void> =>
          page.evaluate((c) => window.viewer.look.setCloudColor(c as never), color);
        await set({ kind: 'field', field: 'intensity' });
        const own = await read();
        assert.deepEqual([own.first, own.last], ['00204d', 'ffea46'], 'cividis unless asked otherwise');
        assert.match(own.legend, /intensity, 0\.78 to 1\.1/);
        await set({ kind: 'field', field: 'intensity', map: 'viridis', range: [0.5, 2] });
        const other = await read();
        assert.deepEqual(other.range, [0.5, 2]);
        assert.deepEqual([other.first, other.last], ['440154', 'fde725']);
        assert.match(other.legend, /intensity, 0\.50 to 2\.0/);
        await set({ kind: 'height', range: [0, 0.1] });
        const height = await read();
        assert.deepEqual([height.first, height.last], ['6e7681', 'c8cdd2'], 'height is a neutral ramp');
        assert.match(height.legend, /height, 0 to 0\.10 m/);
        await set({ kind: 'flat' });
        assert.doesNotMatch((await read()).legend, /height|intensity/);
        const flat = await page.evaluate(() => {
          const cloud = window.viewer.view.layers.get('cloud:table')?.object as unknown as {
            material: { uniforms: { flatColor: { value: { getHexString(): string } } } };
          };
          return cloud.material.uniforms.flatColor.value.getHexString();
        });
        assert.equal(flat, '9da5ae');
      }),
  },
  {
    name: 'boxes: a held thing has whole edges, the workspace is dashed, thin and out of the way of "fit"',
    run: (world) =>
      showing(
        world,
        {
          ...scenes.capture,
          layers: [
            {
              kind: 'boxes',
              id: 'things',
              label: 'Things',
              boxes: [
                {
                  label: 'cube',
                  role: 'held',
                  pose: { position: [0.4, 0, 0.1], orientation: [0, 0, 0, 1] },
                  size: [0.05, 0.05, 0.05],
                },
              ],
            },
            {
              kind: 'boxes',
              id: 'limits',
              label: 'Workspace limits',
              hidden: true,
              boxes: [
                {
                  label: 'workspace',
                  role: 'workspace',
                  pose: { position: [0, 0, 1], orientation: [0, 0, 0, 1] },
                  size: [4, 4, 2],
                },
              ],
            },
          ],
        },
        async (page) => {
          const graph = await graphOf(page);
          assert.equal(part(graph, 'things', 'cube').segments, 12);
          assert.equal(part(graph, 'things', 'cube').width, 2);
          assert.equal(part(graph, 'limits', 'workspace').segments, 12);
          assert.equal(part(graph, 'limits', 'workspace').width, 1);
          const [isShown, dash, bounds] = await page.evaluate(() => {
            const { view } = window.viewer;
            const layer = view.layers.get('limits');
            const line = layer?.object.getObjectByName('workspace') as unknown as {
              material: { uniforms: { dash: { value: { x: number } } } };
            };
            return [
              view.isLayerVisible('limits'),
              line.material.uniforms.dash.value.x,
              layer?.bounds(),
            ] as const;
          });
          assert.equal(isShown, false);
          assert.ok(Math.abs(dash - 0.03) < 1e-6);
          assert.equal(bounds, undefined);
          assert.match(await page.locator('.legend').innerText(), /target, held/);
        },
      ),
  },
  {
    name: 'waypoints: dashed polyline, a sphere and ring of each radius, numbers, glyphs open and closed',
    run: (world) =>
      showing(world, scenes.plan, async (page) => {
        const graph = await graphOf(page);
        assert.equal(part(graph, 'coarse', 'polyline').segments, 5);
        assert.equal(part(graph, 'coarse', 'polyline').width, 1.5);
        const marks = await page.evaluate(() => window.viewer.view.annotations());
        const rings = marks.filter((m) => m.kind === 'ring');
        assert.deepEqual(
          rings.map((r) => r.kind === 'ring' && r.radius),
          [0.03, 0.02, 0.04, 0.03, 0.025, 0.05],
        );
        assert.deepEqual(
          marks.filter((m) => m.kind === 'disc').map((m) => m.kind === 'disc' && m.text),
          ['1', '2', '3', '4', '5', '6'],
        );
        const widths = await page.evaluate(() =>
          [0, 1].map((i) => {
            const mesh = window.viewer.view.layers
              .get('coarse')
              ?.object.getObjectByName(`gripper ${i}`) as unknown as {
              geometry: { attributes: Record<string, { array: Float32Array }> };
            };
            const start = mesh.geometry.attributes['start']?.array as Float32Array;
            const finish = mesh.geometry.attributes['finish']?.array as Float32Array;
            return Math.hypot(
              (finish[3] ?? 0) - (start[3] ?? 0),
              (finish[4] ?? 0) - (start[4] ?? 0),
              (finish[5] ?? 0) - (start[5] ?? 0),
            );
          }),
        );
        assert.ok(Math.abs((widths[0] ?? 0) - 0.08) < 1e-6, 'open is as wide as the opening');
        assert.ok(Math.abs((widths[1] ?? 0) - 0.012) < 1e-6, 'closed is narrow');
      }),
  },
  {
    name: 'trajectory: tube, halo and hidden part over one geometry, and every colour mode with its range',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        const graph = await graphOf(page);
        const tube = part(graph, 'refined', 'tube');
        assert.equal(tube.vertices % 8, 0);
        assert.equal(tube.indices, (tube.vertices / 8 - 1) * 48);
        assert.equal(part(graph, 'refined', 'halo').thickness, 1.55);
        assert.ok((tube.radius ?? 0) >= 0.0056 && (tube.radius ?? 0) <= 0.0085);
        const modes = await page.evaluate(() =>
          window.viewer.look.pathFields().map((field) => {
            window.viewer.look.setPathField(field);
            window.viewer.view.renderNow();
            const layer = window.viewer.view.layers.get('refined') as unknown as {
              range: readonly [number, number];
              object: {
                getObjectByName(n: string): {
                  geometry: { attributes: Record<string, { array: Float32Array }> };
                };
              };
            };
            const values = layer.object.getObjectByName('tube').geometry.attributes['value']
              ?.array as Float32Array;
            let low = Infinity;
            let high = -Infinity;
            for (const v of values) {
              low = Math.min(low, v);
              high = Math.max(high, v);
            }
            const legend = [
              ...(document.querySelector('.waybook-viewer')?.shadowRoot?.querySelectorAll('.legend-row') ??
                []),
            ]
              .map((row) => row.textContent ?? '')
              .find((text) => text.startsWith('refined'));
            return { field, range: layer.range, low, high, legend };
          }),
        );
        assert.deepEqual(
          modes.map((m) => m.field),
          ['speed', 'acceleration', 'jerk', 'clearance', 'deviation'],
        );
        for (const mode of modes) {
          assert.ok(
            mode.low >= -1e-6 && Math.abs(mode.high - 1) < 1e-5,
            `${mode.field} runs to the end of its map`,
          );
          assert.ok(mode.range[1] > mode.range[0]);
        }
        assert.match(modes[0]?.legend ?? '', /0 to 0\.\d+ m\/s/);
        assert.match(modes[3]?.legend ?? '', /clearance \d+ to \d+ mm/);
      }),
  },
  {
    name: 'executed and compared: a core with halo, a dotted line; boxes, frames and camera have their forms',
    run: (world) =>
      showing(world, scenes.executed, async (page) => {
        await page.evaluate(async (other) => window.viewer.compare([other], 'Run 6'), scenes.compared);
        const graph = await graphOf(page);
        assert.equal(part(graph, 'executed', 'core').width, 1.6);
        assert.ok((part(graph, 'executed', 'halo').width ?? 0) > 3);
        assert.equal(graph['compared:go']?.length, 1, 'a compared line has no halo');
        assert.equal(
          part(graph, 'target', 'red cube').segments,
          24,
          'brackets from both ends of twelve edges',
        );
        assert.equal(part(graph, 'detections', 'carton').segments, 12, 'a detection is a whole box');
        assert.equal(graph['frames']?.length, 3);
        assert.equal(part(graph, 'camera:front', 'frustum').segments, 10);
        const letters = await page.evaluate(() =>
          window.viewer.view
            .annotations()
            .filter((m) => m.kind === 'letter')
            .map((m) => m.kind === 'letter' && m.text),
        );
        assert.deepEqual(letters, ['X', 'Y', 'Z']);
      }),
  },
  {
    name: 'robot: links follow the slider and blend between poses',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        const places = await page.evaluate(() => {
          const hand = (): number[] =>
            window.viewer.view.layers.get('robot')?.object.getObjectByName('hand')?.position.toArray() ?? [];
          const { end } = window.viewer.clock;
          const path = window.viewer.view.layers.get('refined') as unknown as {
            positionAt(t: number): number[];
          };
          return [0, 0.33, 0.62, 1].map((share) => {
            window.viewer.setTime(end * share);
            return { hand: hand(), path: path.positionAt(end * share) };
          });
        });
        for (const { hand, path } of places) {
          const gap = Math.hypot(...hand.map((v, i) => v - (path[i] ?? 0)));
          assert.ok(gap < 0.004, `the hand is ${gap} m off the path`);
        }
        assert.notDeepEqual(places[0]?.hand, places[2]?.hand);
      }),
  },
  {
    name: 'refused: a thick stretch, a cross and a filled label at the worst sample, the waypoint marked',
    run: (world) =>
      showing(world, scenes.refused, async (page) => {
        const graph = await graphOf(page);
        assert.equal(part(graph, 'refined', 'refused').thickness, 1.7);
        const marks = await page.evaluate(() => window.viewer.view.annotations());
        assert.equal(marks.filter((m) => m.kind === 'cross').length, 1);
        const label = marks.find((m) => m.kind === 'label' && m.look === 'filled');
        assert.match((label?.kind === 'label' && label.text) || '', /^\d+ mm, needs 130$/);
        const filled = marks.filter((m) => m.kind === 'disc' && m.filled && m.color === '#ff5449');
        assert.deepEqual(
          filled.map((m) => m.kind === 'disc' && m.text),
          ['4'],
        );
        const ring = await page.locator('.mark-ring.refused').count();
        assert.equal(ring, 1);
      }),
  },
];
