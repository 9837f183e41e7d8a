import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Scene, SceneLayer } from '../../src/core/scene.ts';
import { encodeBuffer } from '../../src/core/scene-buffer.ts';
import { scenes, showing } from './scene-graph.suite.ts';
import { until, withPage } from './suite.ts';
import type { BrowserTest } from './suite.ts';

const corner = (page: Page): Promise<string> => page.locator('.corner').innerText();

/** Share of the canvas that differs from its top left pixel: is there a picture at all? */
const painted = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document
      .querySelector('.waybook-viewer')
      ?.shadowRoot?.querySelector('canvas') as HTMLCanvasElement;
    const data =
      canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ??
      new Uint8ClampedArray(4);
    let other = 0;
    for (let i = 0; i < data.length; i += 4) if (Math.abs((data[i] ?? 0) - (data[0] ?? 0)) > 8) other++;
    return other / (data.length / 4);
  });

const withLayers = (layers: readonly SceneLayer[], more: Partial<Scene> = {}): Scene => ({
  ...scenes.capture,
  layers,
  ...more,
});

const cloudOf = (
  values: number[],
  more: Partial<Extract<SceneLayer, { kind: 'cloud' }>> = {},
): SceneLayer => ({
  kind: 'cloud',
  id: 'cloud',
  label: 'Cloud',
  positions: encodeBuffer(Float32Array.from(values), [values.length / 3, 3]),
  ...more,
});

const onePoint = (scene: Scene): Scene => {
  const path = scene.layers.find((l) => l.kind === 'trajectory');
  if (path?.kind !== 'trajectory') throw new Error('the sample has changed');
  return withLayers([
    {
      kind: 'trajectory',
      id: 'refined',
      label: 'Trajectory',
      role: 'refined',
      times: encodeBuffer(Float64Array.of(0), [1]),
      tool: encodeBuffer(Float32Array.of(0.4, 0, 0.2, 1, 0, 0, 0), [1, 7]),
      gripper: encodeBuffer(Float32Array.of(1), [1]),
      events: [],
    },
  ]);
};

export const behaviourTests: readonly BrowserTest[] = [
  {
    name: 'the first picture is copied once the GPU has drawn it, and what was on screen stays until then',
    run: (world) =>
      withPage(world, '/harness.html?theme=dark', async (page) => {
        await until(page, 'the harness', () => 'harness' in window);
        const frames = await page.evaluate(async (scene) => {
          const gl = WebGL2RenderingContext.prototype;
          const original = gl.getSyncParameter;
          gl.getSyncParameter = () => gl.UNSIGNALED;
          const viewer = window.harness.createViewer({
            element: document.getElementById('view') as HTMLElement,
            resolve: () => Promise.reject(new Error('none')),
            plots: 'none',
          });
          const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
          await viewer.show(scene);
          await wait(500);
          const busy = viewer.stage.frames;
          const { canvas, background } = viewer.view;
          const corner = canvas.getContext('2d')?.getImageData(canvas.width >> 1, 2, 1, 1).data ?? [];
          const shade = [...corner].slice(0, 3).map((value) => value.toString(16).padStart(2, '0'));
          gl.getSyncParameter = original;
          for (let i = 0; i < 600 && viewer.stage.frames === 0; i++) await wait(50);
          return { busy, ready: viewer.stage.frames, shade: `#${shade.join('')}`, background };
        }, scenes.plan);
        assert.equal(frames.busy, 0);
        assert.equal(frames.shade, frames.background);
        assert.ok(frames.ready > 0);
      }),
  },
  {
    name: 'nothing is drawn while nothing changes',
    run: (world) =>
      showing(world, scenes.executed, async (page) => {
        await page.waitForTimeout(500);
        const frames = await page.evaluate(async () => {
          const before = window.viewer.stage.frames;
          await new Promise((done) => setTimeout(done, 700));
          return window.viewer.stage.frames - before;
        });
        assert.equal(frames, 0);
      }),
  },
  {
    name: 'playing advances time and stops at the end; keys step, jump and change speed',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        await page.locator('canvas').focus();
        await page.keyboard.press('Space');
        await until(page, 'time passes', () => window.viewer.clock.time > 0.2);
        await page.keyboard.press('Space');
        const state = await page.evaluate(() => window.viewer.clock);
        assert.equal(state.playing, false);
        await page.keyboard.press('Home');
        await page.keyboard.press(']');
        const first = await page.evaluate(() => [
          window.viewer.clock.time,
          window.viewer.timeline.marks[0]?.t,
        ]);
        assert.equal(first[0], first[1]);
        await page.keyboard.press('.');
        assert.ok((await page.evaluate(() => window.viewer.clock.time)) > (first[0] ?? 0));
        await page.keyboard.press('End');
        assert.equal(await page.evaluate(() => window.viewer.clock.time === window.viewer.clock.end), true);
        await page.keyboard.press('Shift+.');
        assert.equal(await page.evaluate(() => window.viewer.clock.speed), 2);
        await page.keyboard.press('l');
        assert.equal(await page.evaluate(() => window.viewer.clock.loop), true);
      }),
  },
  {
    name: 'the wheel belongs to the page until the view has the focus',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        const distance = (): Promise<number> => page.evaluate(() => window.viewer.view.orbit.distance);
        const before = await distance();
        await page.mouse.move(400, 200);
        await page.mouse.wheel(0, 200);
        await page.waitForTimeout(150);
        assert.equal(await distance(), before);
        await page.mouse.click(760, 60);
        await page.mouse.wheel(0, 200);
        await until(page, 'the view zooms', () => window.viewer.view.orbit.distance > 0);
        await page.waitForTimeout(150);
        assert.ok((await distance()) > before);
        await page.keyboard.press('Escape');
        const left = await distance();
        await page.mouse.wheel(0, 200);
        await page.waitForTimeout(150);
        assert.equal(await distance(), left);
      }),
  },
  {
    name: 'presets, orthographic, fit, orbit and pan from the keyboard',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        await page.locator('canvas').focus();
        await page.keyboard.press('7');
        assert.ok(
          Math.abs((await page.evaluate(() => window.viewer.view.orbit.elevation)) - Math.PI / 2) < 1e-9,
        );
        await page.keyboard.press('5');
        assert.equal(await page.evaluate(() => window.viewer.view.camera.type), 'OrthographicCamera');
        await page.keyboard.press('1');
        assert.equal(await page.evaluate(() => window.viewer.view.orbit.azimuth), 0);
        const target = await page.evaluate(() => window.viewer.view.orbit.target);
        await page.keyboard.press('Shift+ArrowRight');
        assert.notDeepEqual(await page.evaluate(() => window.viewer.view.orbit.target), target);
        await page.keyboard.press('f');
        await page.keyboard.press('ArrowLeft');
        assert.ok((await page.evaluate(() => window.viewer.view.orbit.azimuth)) < 0);
        await page.keyboard.press('g');
        await page.keyboard.press('End');
        const gap = await page.evaluate(() => {
          const path = window.viewer.view.layers.get('refined') as unknown as {
            positionAt(t: number): number[];
          };
          const at = path.positionAt(window.viewer.clock.end);
          return Math.hypot(...window.viewer.view.orbit.target.map((v, i) => v - (at[i] ?? 0)));
        });
        assert.ok(gap < 1e-6, 'following keeps the gripper in the middle');
      }),
  },
  {
    name: 'layers toggle, the legend follows, and the table has the same selection',
    run: (world) =>
      showing(world, scenes.executed, async (page) => {
        const legend = page.locator('.legend');
        assert.match(await legend.innerText(), /executed/);
        await page.evaluate(() => window.viewer.setLayerVisible('executed', false));
        assert.doesNotMatch(await legend.innerText(), /executed/);
        await page.locator('canvas').focus();
        await page.keyboard.press('t');
        const row = page.locator('.tables tbody tr').nth(1);
        assert.match(await row.innerText(), /grasp/);
        await row.click();
        assert.equal(await page.evaluate(() => window.viewer.selected), 1);
        assert.equal(await row.getAttribute('aria-current'), 'true');
        const focused = (): Promise<string> =>
          page.evaluate(() => {
            const active = document.querySelector('.waybook-viewer')?.shadowRoot?.activeElement;
            return active instanceof HTMLInputElement ? active.type : (active?.localName ?? 'nothing');
          });
        await row.locator('button').focus();
        await page.keyboard.press('Escape');
        assert.equal(await page.locator('.tables').isVisible(), false, 'Escape closes the table');
        assert.equal(await focused(), 'canvas', 'and the view has the keys again');
        await page.keyboard.press('y');
        assert.equal(await focused(), 'checkbox');
        await page.keyboard.press('Space');
        assert.equal(await focused(), 'checkbox', 'what was toggled keeps the focus');
        assert.equal(await page.locator('.panel input').first().isChecked(), false);
        await page.keyboard.press('y');
        assert.equal(await page.locator('.panel').isVisible(), false);
        assert.equal(await focused(), 'canvas');
      }),
  },
  {
    name: 'picking tells the sample and the point; two picks measure; crop hides points; double click pivots',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        const found = await page.evaluate(async () => {
          const tools = await window.viewer.tools();
          const path = window.viewer.view.layers.get('refined') as unknown as {
            positionAt(t: number): [number, number, number];
          };
          const at = window.viewer.view.project(path.positionAt(4.2));
          const sample = tools.pickAt(at.x, at.y);
          tools.choose('measure');
          tools.click(at.x, at.y);
          const other = window.viewer.view.project(path.positionAt(1));
          tools.click(other.x, other.y);
          const { measure } = tools;
          const marks = window.viewer.view.annotations().filter((m) => m.kind === 'ruler').length;
          tools.choose('crop');
          const cropped = (
            window.viewer.view.layers.get('cloud:table')?.object as unknown as {
              material: { defines: object };
            }
          ).material.defines;
          tools.setCrop({ min: [0, 0, 0], max: [0.5, 0.5, 0.5] });
          const sides = (
            window.viewer.view.layers.get('cloud:table')?.object as unknown as {
              material: { uniforms: Record<string, { value: { toArray(): number[] } }> };
            }
          ).material.uniforms['cropMax']?.value.toArray();
          return { sample, measure, marks, crop: 'CROP' in cropped, sides };
        });
        assert.equal(found.sample?.kind, 'sample');
        assert.ok(found.measure, 'two picks make a measure');
        assert.equal(found.marks, 1);
        assert.equal(found.crop, true);
        assert.deepEqual(found.sides, [0.5, 0.5, 0.5]);
      }),
  },
  {
    name: 'editing: arrows move 5 mm, Enter commits, Ctrl+Z takes it back, Escape reverts',
    run: (world) =>
      showing(world, scenes.plan, async (page) => {
        await page.evaluate(() => {
          const edits: unknown[] = [];
          Object.assign(window, { edits });
          (window.viewer.host as { onEdit?: (i: number, w: unknown) => void }).onEdit = (i, w) =>
            edits.push([i, w]);
          window.viewer.select(2);
        });
        await page.locator('canvas').focus();
        await page.keyboard.press('e');
        await until(
          page,
          'the editor starts',
          async () => (await window.viewer.tools()).editor !== undefined,
        );
        const position = (): Promise<readonly number[]> =>
          page.evaluate(
            () =>
              (window.viewer.view.layers.get('coarse') as unknown as { waypoints: { position: number[] }[] })
                .waypoints[2]?.position ?? [],
          );
        await page.keyboard.press('ArrowUp');
        await page.keyboard.press('PageUp');
        await page.keyboard.press('Alt+PageUp');
        assert.deepEqual(
          (await position()).map((v) => Math.round(v * 1e4) / 1e4),
          [0.455, 0.145, 0.266],
        );
        await page.keyboard.press('Escape');
        assert.deepEqual(await position(), [0.45, 0.145, 0.26]);
        await page.keyboard.press('PageUp');
        await page.keyboard.press('Enter');
        await page.keyboard.press('Control+z');
        assert.deepEqual(await position(), [0.45, 0.145, 0.26]);
        await page.keyboard.press('Control+Shift+z');
        const edits = await page.evaluate(
          () => (window as unknown as { edits: [number, { position: number[] }][] }).edits,
        );
        assert.deepEqual(
          edits.map(([i, w]) => [i, w.position[2]]),
          [
            [2, 0.265],
            [2, 0.26],
            [2, 0.265],
          ],
        );
      }),
  },
  {
    name: 'a lost context keeps the last picture, says so, and comes back on request',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        const before = await painted(page);
        await page.evaluate(() =>
          window.viewer.stage.renderer?.getContext().getExtension('WEBGL_lose_context')?.loseContext(),
        );
        await until(page, 'the loss is said', () => window.viewer.stage.isLost);
        assert.match(await page.locator('.message').innerText(), /3D paused, click to resume/);
        assert.ok((await painted(page)) > before * 0.9, 'the still stays');
        await page.locator('.message button').click();
        await until(
          page,
          'a new context draws',
          () => !window.viewer.stage.isLost && window.viewer.stage.renderer !== undefined,
        );
        await page.evaluate(() => window.viewer.view.renderNow());
        assert.ok(Math.abs((await painted(page)) - before) < 0.05);
        assert.equal(await page.locator('.message').isHidden(), true);
      }),
  },
  {
    name: 'no points: the grid, and a line that says so',
    run: (world) =>
      showing(world, withLayers([cloudOf([])]), async (page) => {
        assert.match(await corner(page), /no points/);
        assert.match(await page.locator('.message').innerText(), /No points/);
        assert.ok((await painted(page)) > 0.001, 'the grid is there');
      }),
  },
  {
    name: 'NaN points are left out and counted',
    run: (world) =>
      showing(
        world,
        withLayers([cloudOf([0.4, 0, 0.1, Number.NaN, 0, 0, 0.5, 0.1, 0.2, 0.5, Infinity, 0.2])]),
        async (page) => {
          assert.match(await corner(page), /2 points without a position left out/);
          assert.equal(
            await page.evaluate(
              () => (window.viewer.view.layers.get('cloud')?.data as { count: number }).count,
            ),
            2,
          );
        },
      ),
  },
  {
    name: 'a decimated cloud says of how many',
    run: (world) =>
      showing(
        world,
        withLayers([cloudOf([0.4, 0, 0.1, 0.5, 0.1, 0.2], { total: 50_000_000 })]),
        async (page) => {
          assert.match(await corner(page), /2 of 50,000,000 points/);
        },
      ),
  },
  {
    name: 'UTM-size coordinates: drawn about the origin, which is said',
    run: (world) =>
      showing(
        world,
        withLayers([cloudOf([0.1, 0, 0, 0.4, 0.3, 0.2])], { origin: [448_262.5, 5_411_932.25, 310] }),
        async (page) => {
          assert.match(await corner(page), /from 448262\.5, 5411932\.25, 310 m/);
          assert.ok((await painted(page)) > 0.0005);
        },
      ),
  },
  {
    name: 'a trajectory of one sample is a point, and says so',
    run: (world) =>
      showing(world, onePoint(scenes.refined), async (page) => {
        assert.match(await corner(page), /one sample only/);
        assert.ok((await painted(page)) > 0.0005);
      }),
  },
  {
    name: 'Eye-Dome Lighting darkens edges and goes away again',
    run: (world) =>
      showing(world, scenes.capture, async (page) => {
        const sum = (): Promise<number> =>
          page.evaluate(() => {
            window.viewer.view.renderNow();
            const canvas = window.viewer.view.canvas;
            const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
              data: [],
            };
            let total = 0;
            for (let i = 0; i < data.length; i += 4) total += data[i] ?? 0;
            return total;
          });
        const plain = await sum();
        await page.evaluate(() => window.viewer.look.setEyeDome(true));
        const shaded = await sum();
        await page.evaluate(() => window.viewer.look.setEyeDome(false));
        assert.ok(shaded < plain, 'edges are darker');
        assert.ok(Math.abs((await sum()) - plain) < plain * 0.001);
      }),
  },
];
