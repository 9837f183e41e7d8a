import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import type { Page } from 'playwright-core';
import { renderPageHtml } from '../../src/core/page-html.ts';
import type { Scene } from '../../src/core/scene.ts';
import type { InspectorToHost } from '../../src/core/viewer-messages.ts';
import { fillNotebook, idleFrames, paintedOutputs, rerun, scrollThrough } from './bench/notebook-page.ts';
import { samplePage } from './sample-page.ts';
import { sampleScenes } from './sample-scenes.ts';
import { initialBytes } from './site.ts';
import { scenes } from './scene-graph.suite.ts';
import { until, withPage } from './suite.ts';
import type { BrowserTest, World } from './suite.ts';

/** What the fake hosts of the site put on `window`. */
interface Fakes {
  posted: InspectorToHost[];
  send(message: unknown): void;
  counts: { contexts: number };
  renderer: {
    renderOutputItem(item: unknown, element: HTMLElement, signal: AbortSignal): void;
    disposeOutputItem(id?: string): void;
  };
}

const posted = (page: Page): Promise<InspectorToHost[]> =>
  page.evaluate(() => (window as unknown as Fakes).posted);

async function inspecting(
  world: World,
  scene: Scene,
  work: (page: Page) => Promise<void>,
  theme = 'dark',
): Promise<void> {
  await withPage(
    world,
    `/inspector.html?theme=${theme}`,
    async (page) => {
      await until(page, 'the panel is ready', () =>
        (window as unknown as Fakes).posted?.some((m) => m.type === 'ready'),
      );
      await page.evaluate((message) => window.postMessage(message, '*'), {
        type: 'show',
        document: {
          title: 'sample',
          cell: 'grasp',
          scenes: [scene],
          base: `${world.site.url}/data/`,
          editable: true,
          runs: [{ id: 'run-6', label: 'Run 6' }],
        },
      });
      await page.locator('.layer-row').first().waitFor();
      await work(page);
    },
    { width: 1400, height: 800 },
  );
}

export const hostTests: readonly BrowserTest[] = [
  {
    name: "bundles: the renderer's first chunk is 900 kB at most, without plots, gizmos, picking and shading",
    run: async ({ site }) => {
      const bytes = initialBytes(site.metafile, 'renderer.mjs');
      console.log(
        `     renderer: ${Math.round(bytes / 1000)} kB at first, inspector: ${Math.round(initialBytes(site.metafile, 'inspector.mjs') / 1000)} kB`,
      );
      assert.ok(bytes <= 900_000, `${bytes} bytes`);
      const initial = Object.entries(site.metafile.outputs)
        .filter(([name]) => name.endsWith('renderer.mjs'))
        .flatMap(([, output]) => Object.keys(output.inputs));
      for (const late of [
        'uPlot',
        'TransformControls',
        'tool-box',
        'eye-dome',
        'urdf-loader',
        'ColladaLoader',
      ]) {
        assert.ok(!initial.some((input) => input.includes(late)), `${late} is in the first chunk`);
      }
    },
  },
  {
    name: 'inspector: strict policy, layers, plots on the same axis as the slider to the pixel',
    run: (world) =>
      inspecting(world, scenes.executed, async (page) => {
        await page.locator('.plots .row').first().waitFor();
        assert.equal(await page.locator('.plots .row').count(), 5);
        const axis = await page.evaluate(() => {
          const root = document.querySelector('.waybook-viewer')?.shadowRoot;
          const box = (selector: string): DOMRect =>
            (root?.querySelector(selector) as Element).getBoundingClientRect();
          return [box('.track'), box('.plots .box'), box('.plots .lane')].map((r) => [r.left, r.right]);
        });
        assert.deepEqual(axis[0], axis[1]);
        assert.deepEqual(axis[0], axis[2]);
        assert.match(
          await page.locator('.layers').innerText(),
          /Capture #table[\s\S]*Plan[\s\S]*Refined[\s\S]*Executed[\s\S]*Robot/,
        );
      }),
  },
  {
    name: 'inspector: selecting, editing, comparing and copying speak to the host in the agreed messages',
    run: (world) =>
      inspecting(world, scenes.executed, async (page) => {
        await page.locator('canvas').first().focus();
        await page.keyboard.press('e');
        await until(page, 'the editor chose a waypoint', () =>
          (window as unknown as Fakes).posted.some((m) => m.type === 'select'),
        );
        await page.keyboard.press('PageUp');
        await page.keyboard.press('Enter');
        await until(page, 'the edit was sent', () =>
          (window as unknown as Fakes).posted.some((m) => m.type === 'edit'),
        );
        const edit = (await posted(page)).find((m) => m.type === 'edit');
        assert.equal(edit?.type === 'edit' && edit.label, 'above the cube');
        assert.deepEqual(edit?.type === 'edit' && edit.position, [0.45, 0.145, 0.225]);
        await page.keyboard.press('x');
        await until(page, 'a run was asked for', () =>
          (window as unknown as Fakes).posted.some((m) => m.type === 'compare'),
        );
        await page.evaluate((message) => window.postMessage(message, '*'), {
          type: 'compare',
          run: { id: 'run-6', label: 'Run 6' },
          scenes: [scenes.refused],
          base: `${world.site.url}/data/`,
          differences: [{ name: 'Refiner', left: 'expert', right: 'spline' }],
        });
        await page.getByText('This run compared with Run 6').waitFor();
        const differences = page.locator('.readout section', { hasText: 'compared with' });
        assert.match(await differences.innerText(), /Refiner\s+expert\s+spline[\s\S]*Farthest apart\s+\d/);
        assert.match(await page.locator('.legend').innerText(), /Run 6/);
        await page.getByRole('button', { name: 'Copy camera' }).click();
        assert.ok((await posted(page)).some((m) => m.type === 'copy' && m.text.includes('azimuth')));
        await page.getByRole('button', { name: 'Screenshot' }).click();
        await until(page, 'a picture was sent', () =>
          (window as unknown as Fakes).posted.some(
            (m) => m.type === 'screenshot' && m.png.startsWith('iVBOR'),
          ),
        );
      }),
  },
  {
    name: "inspector: wears the editor's light theme, and a layer that is toggled by key keeps the focus",
    run: (world) =>
      inspecting(
        world,
        scenes.executed,
        async (page) => {
          const worn = await page.evaluate(() => {
            const root = document.querySelector('.waybook-viewer')?.shadowRoot;
            const style = (selector: string): CSSStyleDeclaration =>
              getComputedStyle(root?.querySelector(selector) as Element);
            return [style('.bar label > span').color, style('.bar select').backgroundColor];
          });
          assert.deepEqual(worn, ['rgb(95, 95, 95)', 'rgb(255, 255, 255)']);
          const box = page.locator('.layers .tree-children input').first();
          await box.focus();
          await page.keyboard.press('Space');
          assert.equal(await box.isChecked(), false);
          assert.equal(await box.evaluate((node) => node.matches(':focus')), true);
        },
        'light',
      ),
  },
  {
    name: 'inspector: crop offers its six sides while it is in force',
    run: (world) =>
      inspecting(world, scenes.executed, async (page) => {
        await page.getByRole('button', { name: 'Crop' }).click();
        const side = page.getByLabel('X to, m');
        await side.fill('0.5');
        assert.equal(await page.locator('.readout dl input[aria-label$=" m"]').count(), 6);
        await page.getByRole('button', { name: 'Crop' }).click();
        assert.equal(await page.locator('.readout dl input[aria-label$=" m"]').count(), 0);
      }),
  },
  {
    name: 'inspector: a picked sample is read in the frame that is chosen',
    run: (world) =>
      inspecting(world, scenes.executed, async (page) => {
        await page.locator('canvas').first().focus();
        await page.keyboard.press('p');
        await page.getByRole('button', { name: 'Pick', pressed: true }).waitFor();
        const canvas = await page.locator('canvas').first().boundingBox();
        assert.ok(canvas);
        const picked = page.getByText('Picked sample');
        // The path runs through the picture's middle part: one of these lies on it.
        for (let x = 0.3; x < 0.7 && !(await picked.isVisible()); x += 0.008)
          await page.mouse.click(canvas.x + canvas.width * x, canvas.y + canvas.height * 0.56);
        await picked.waitFor();
        const place = page.locator('.readout dd').nth(2);
        const inBase = await place.innerText();
        await page.getByLabel('Frame of positions').selectOption('red cube');
        assert.notEqual(await place.innerText(), inBase);
        assert.match(await page.locator('.readout').innerText(), /Position, red cube/);
      }),
  },
  {
    name: 'inspector: a cloud takes a field, a map and a range; nonsense is marked, its own range comes back',
    run: (world) =>
      inspecting(world, scenes.executed, async (page) => {
        const low = page.getByLabel('Least value of the colour map');
        assert.equal(await low.isVisible(), false, 'RGB has no range');
        await page.getByLabel('Cloud colour').selectOption('field:intensity');
        await page.getByLabel('Colour map', { exact: true }).selectOption('viridis');
        await low.fill('0.5');
        await page.getByLabel('Greatest value of the colour map').fill('2');
        await page.getByLabel('Greatest value of the colour map').press('Enter');
        await page.getByText('intensity, 0.50 to 2.0').waitFor();
        await low.fill('3');
        await low.press('Enter');
        assert.equal(await low.getAttribute('aria-invalid'), 'true');
        assert.match(
          await page.locator('.legend').innerText(),
          /intensity, 0\.50 to 2\.0/,
          'it stays as it was',
        );
        await page.getByRole('button', { name: 'Own range' }).click();
        await page.getByText(/intensity, 0\.7\d to 1\.1/).waitFor();
      }),
  },
  {
    name: 'inspector: side by side on a button, with the plots below on one axis for both runs',
    run: (world) =>
      inspecting(world, scenes.executed, async (page) => {
        await page.evaluate((message) => window.postMessage(message, '*'), {
          type: 'compare',
          run: { id: 'run-6', label: 'Run 6' },
          scenes: [scenes.refused],
          base: `${world.site.url}/data/`,
          differences: [],
        });
        await page.getByRole('button', { name: 'Side by Side' }).click();
        await page.locator('canvas[aria-label="3D view: Run 6"]').waitFor();
        const [a, b] = await page
          .locator('.view canvas')
          .evaluateAll((list) => list.map((node) => node.getBoundingClientRect().width));
        assert.ok(Math.abs((a ?? 0) - (b ?? 1000)) < 3, 'both have the same room');
        await page.getByRole('button', { name: 'Overlay' }).click();
        assert.equal(await page.locator('.view canvas').count(), 1);
      }),
  },
  {
    name: 'inspector: a reload keeps camera, time and hidden layers; nonsense from outside is ignored',
    run: (world) =>
      inspecting(world, scenes.executed, async (page) => {
        await page.evaluate(() => {
          for (const nonsense of [
            null,
            4,
            'x',
            { type: 'show' },
            { type: 'seek', time: 'now' },
            { type: 'select' },
          ])
            window.postMessage(nonsense, '*');
          window.postMessage({ type: 'seek', time: 3 }, '*');
        });
        await page.getByText('3.00 / ').waitFor();
        await page.locator('.layers .layer-row', { hasText: 'Point cloud' }).locator('input').uncheck();
        await page.waitForTimeout(400);
        await page.reload();
        await until(page, 'the panel is back', () =>
          (window as unknown as Fakes).posted?.some((m) => m.type === 'ready'),
        );
        await page.evaluate((message) => window.postMessage(message, '*'), {
          type: 'show',
          document: {
            title: 'sample',
            cell: 'grasp',
            scenes: [scenes.executed],
            base: `${world.site.url}/data/`,
            editable: false,
            runs: [],
          },
        });
        await page.getByText('3.00 / ').waitFor();
        assert.equal(
          await page.locator('.layers .layer-row', { hasText: 'Point cloud' }).locator('input').isChecked(),
          false,
        );
        assert.equal(await page.getByRole('button', { name: 'Edit' }).isDisabled(), true);
      }),
  },
  {
    name: 'notebook: 100 outputs share one WebGL context, all are painted, none draws while idle',
    run: (world) =>
      withPage(
        world,
        '/notebook.html?theme=dark',
        async (page) => {
          await until(page, 'the renderer', () => 'renderer' in window);
          await fillNotebook(page, sampleScenes({ points: 800 }).capture, 100);
          await scrollThrough(page, 100);
          assert.equal(await paintedOutputs(page, 100), 100);
          assert.equal(await idleFrames(page), 0);
          const live = await page.evaluate(
            () =>
              [...document.querySelectorAll('.waybook-output')].filter((o) =>
                o.shadowRoot?.querySelector('.waybook-viewer'),
              ).length,
          );
          assert.ok(live < 40, `${live} live viewers; those far away are stills`);
          const { contexts } = await page.evaluate(() => (window as unknown as Fakes).counts);
          assert.equal(contexts, 1);
        },
        { height: 700 },
      ),
  },
  {
    name: 'notebook: 200 re-runs of a cell keep one view and do not grow memory',
    run: (world) =>
      withPage(world, '/notebook.html?theme=dark', async (page) => {
        await until(page, 'the renderer', () => 'renderer' in window);
        const small = sampleScenes({ points: 800 });
        await fillNotebook(page, small.refined, 1);
        await page.waitForTimeout(800);
        const grown = await rerun(page, [small.refined, small.refused], 200);
        assert.ok(grown < 2, `${grown.toFixed(2)} MB more after 200 re-runs`);
        assert.equal(await page.locator('.waybook-output').count(), 1);
      }),
  },
  {
    name: 'notebook: what a thumbnail leaves out is said in it, and the slider tells the host its waypoint',
    run: (world) =>
      withPage(world, '/notebook.html?theme=light', async (page) => {
        await until(page, 'the renderer', () => 'renderer' in window);
        const { capture, refined } = sampleScenes({ points: 800 });
        const layers = capture.layers.map((layer) =>
          layer.kind === 'cloud' ? { ...layer, total: 50_000_000 } : layer,
        );
        await fillNotebook(page, { ...capture, layers }, 1);
        await page.getByText('800 of 50,000,000 points').waitFor();
        await page.evaluate((scene) => {
          const element = document.createElement('div');
          document.getElementById('cells')?.append(element);
          const item = { id: 'r', mime: 'x', json: () => scene, metadata: {} };
          (window as unknown as Fakes).renderer.renderOutputItem(item, element, new AbortController().signal);
        }, refined);
        const track = page.locator('.track').last();
        await track.waitFor();
        await page.waitForTimeout(500);
        const box = await track.boundingBox();
        assert.ok(box);
        await page.mouse.click(box.x + box.width * 0.56, box.y + box.height / 2);
        await until(page, 'the host is told', () =>
          (window as unknown as Fakes).posted.some((m) => m.type === 'current' && m.waypoint === 2),
        );
      }),
  },
  {
    name: 'notebook: sidecars by a path relative to the document, sizes kept from the start, dispose of all',
    run: (world) =>
      withPage(world, '/notebook.html?theme=light', async (page) => {
        await until(page, 'the renderer', () => 'renderer' in window);
        const files: string[] = [];
        const { refined } = sampleScenes({
          points: 3000,
          sidecar: (hash, bytes) => {
            world.site.data.set(`runs/${hash}.bin`, bytes.slice());
            files.push(hash);
            return `${hash}.bin`;
          },
        });
        assert.ok(files.length > 2);
        const heights = await page.evaluate(async (scene) => {
          const element = document.createElement('div');
          document.getElementById('cells')?.append(element);
          const item = {
            id: 'a',
            mime: 'x',
            json: () => scene,
            metadata: { waybook: { base: 'data/runs', run: 'Run 7' } },
          };
          (window as unknown as Fakes).renderer.renderOutputItem(item, element, new AbortController().signal);
          const first = element.getBoundingClientRect().height;
          await new Promise((done) => setTimeout(done, 2500));
          return [first, element.getBoundingClientRect().height];
        }, refined);
        assert.equal(heights[0], heights[1], 'the output never changes its height');
        assert.match(await page.locator('.corner').innerText(), /^3,000 points · frame base$/);
        await page.evaluate(() => (window as unknown as Fakes).renderer.disposeOutputItem(undefined));
        assert.equal(await page.locator('.waybook-output').count(), 0);
      }),
  },
  {
    name: 'exported page: one file, works from disk under its own strict policy, and reads with scripts off',
    run: async (world) => {
      const built = await esbuild.build({
        entryPoints: ['webview/page/main.ts'],
        bundle: true,
        minify: true,
        write: false,
        format: 'iife',
        target: 'es2022',
        loader: { '.css': 'text', '.svg': 'text' },
      });
      const still = '<svg viewBox="0 0 16 9"><path d="M0 0h16"/></svg>';
      const sample = samplePage();
      const withStills = {
        ...sample,
        cells: sample.cells.map((cell) => ('scene' in cell ? { ...cell, still } : cell)),
      };
      const html = renderPageHtml(withStills, built.outputFiles[0]?.text ?? '');
      await mkdir('out/browser', { recursive: true });
      const file = join('out/browser', 'suite-page.html');
      await writeFile(file, html);
      await withPage(world, pathToFileURL(file).href, async (page) => {
        // Scenes far below are drawn when they come near; until then their stills are code that nobody should read.
        assert.doesNotMatch(await page.locator('main').innerText(), /<svg/);
        await page.evaluate(() => document.getElementById('go')?.scrollIntoView());
        await page.locator('#go .legend-row').first().waitFor();
        const requests = await page.evaluate(
          () => performance.getEntriesByType('resource').filter((r) => r.name.startsWith('http')).length,
        );
        assert.equal(requests, 0, 'nothing comes from a network');
        const { contexts } = await page.evaluate(() => (window as unknown as Fakes).counts);
        assert.equal(contexts, 1);
      });
      const plain = await world.browser.newContext({ javaScriptEnabled: false });
      const page = await plain.newPage();
      await page.goto(pathToFileURL(file).href);
      assert.match(await page.locator('main').innerText(), /Put the red cube in the bowl/);
      assert.equal(await page.locator('#grasp table').first().locator('tbody tr').count(), 6);
      const box = await page.locator('#go figure.scene svg').boundingBox();
      assert.ok(box && box.height > 100, 'the still stands for the 3D view');
      await plain.close();
    },
  },
];
