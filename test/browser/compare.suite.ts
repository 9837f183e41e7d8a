import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Scene } from '../../src/core/scene.ts';
import { sampleScenes } from './sample-scenes.ts';
import { showing } from './scene-graph.suite.ts';
import type { BrowserTest, World } from './suite.ts';

const scenes = sampleScenes({ points: 3000 });
/** The other run: its own path, on a robot clock that began much later, and one layer fewer. */
const other = shifted(scenes.refused, 1000);

function shifted(scene: Scene, by: number): Scene {
  return {
    ...scene,
    layers: scene.layers.map((layer) => {
      if (!('times' in layer) || layer.times.base64 === undefined) return layer;
      const bytes = Uint8Array.from(Buffer.from(layer.times.base64, 'base64'));
      const times = new Float64Array(bytes.buffer).map((t) => t + by);
      const base64 = Buffer.from(times.buffer).toString('base64');
      return { ...layer, times: { ...layer.times, sha256: `${layer.times.sha256}+${by}`, base64 } };
    }),
  };
}

const compared = (world: World, work: (page: Page) => Promise<void>): Promise<void> =>
  showing(world, scenes.refined, async (page) => {
    await page.evaluate(async (scene) => {
      await window.viewer.compare([scene], 'Run 6');
      await window.viewer.setCompareLayout('side');
      for (const { view } of window.viewer.panes) view.renderNow();
    }, other);
    await work(page);
  });

export const compareTests: readonly BrowserTest[] = [
  {
    name: 'side by side: two pictures, one WebGL context, each named, the other with all of its own layers',
    run: (world) =>
      compared(world, async (page) => {
        assert.equal(await page.locator('canvas').count(), 2);
        const { contexts } = await page.evaluate(
          () => (window as unknown as { counts: { contexts: number } }).counts,
        );
        assert.equal(contexts, 1);
        assert.deepEqual(await page.locator('.caption').allInnerTexts(), ['This run', 'Run 6']);
        const layers = await page.evaluate(() =>
          window.viewer.panes.map(({ view }) => [...view.layers.keys()]),
        );
        assert.deepEqual(layers[1], ['cloud:table', 'robot', 'refined', 'coarse', 'target']);
        assert.ok(!layers[0]?.some((id) => id.startsWith('compared')), 'nothing lies over this run');
      }),
  },
  {
    name: 'side by side: one clock, whenever either run began, and one camera, whichever picture is turned',
    run: (world) =>
      compared(world, async (page) => {
        const gaps = await page.evaluate(() => {
          window.viewer.setTime(4);
          return window.viewer.panes.map(({ view }) => {
            const hand = view.layers.get('robot')?.object.getObjectByName('hand')?.position.toArray() ?? [];
            const path = view.layers.get('refined') as unknown as { positionAt(t: number): number[] };
            return Math.hypot(...hand.map((v, i) => v - (path.positionAt(4)[i] ?? 0)));
          });
        });
        for (const gap of gaps) assert.ok(gap < 0.004, `a hand is ${gap} m off its own path`);
        const canvas = page.locator('canvas').nth(1);
        const box = await canvas.boundingBox();
        assert.ok(box);
        await page.mouse.move(box.x + 200, box.y + 60);
        await page.mouse.down();
        await page.mouse.move(box.x + 160, box.y + 80);
        await page.mouse.up();
        const orbits = await page.evaluate(() =>
          window.viewer.panes.map(({ view }) => JSON.stringify(view.orbit)),
        );
        assert.equal(orbits[0], orbits[1]);
      }),
  },
  {
    name: 'side by side: layers, colours and shading go together; Shift+X lays one run over the other again',
    run: (world) =>
      compared(world, async (page) => {
        await page.evaluate(async () => {
          window.viewer.setLayerVisible('cloud:table', false);
          window.viewer.look.setPathField('jerk');
          await window.viewer.look.setEyeDome(true);
        });
        const looks = await page.evaluate(() =>
          window.viewer.panes.map(({ view, paths }) => [
            view.isLayerVisible('cloud:table'),
            paths[0]?.field,
            view.post !== undefined,
          ]),
        );
        assert.deepEqual(looks, [
          [false, 'jerk', true],
          [false, 'jerk', true],
        ]);
        const width = await page.evaluate(async () => {
          const bitmap = await createImageBitmap(await window.viewer.screenshot());
          return [bitmap.width, window.viewer.panes.reduce((sum, { canvas }) => sum + canvas.width, 0)];
        });
        assert.equal(width[0], width[1], 'a screenshot holds both');
        await page.locator('canvas').first().focus();
        await page.keyboard.press('Shift+X');
        await page.locator('canvas').nth(1).waitFor({ state: 'detached' });
        const ids = await page.evaluate(() => [...window.viewer.view.layers.keys()]);
        assert.ok(ids.includes('compared:grasp'));
        await page.evaluate(() => window.viewer.compare(undefined));
        assert.equal(await page.evaluate(() => window.viewer.view.layers.has('compared:grasp')), false);
      }),
  },
];
