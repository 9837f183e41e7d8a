import assert from 'node:assert/strict';
import type { InspectorToHost } from '../../src/core/viewer-messages.ts';
import { scenes } from './scene-graph.suite.ts';
import { until, withPage } from './suite.ts';
import type { BrowserTest } from './suite.ts';

/** What the fake host of the inspector's page puts on `window`. */
interface Fakes {
  posted: InspectorToHost[];
}

export const pinTests: readonly BrowserTest[] = [
  {
    name: 'inspector: a thing is pinned by a click, a handle on a hinge by four',
    run: (world) =>
      withPage(
        world,
        '/inspector.html?theme=dark',
        async (page) => {
          await until(page, 'the panel is ready', () =>
            (window as unknown as Fakes).posted?.some((m) => m.type === 'ready'),
          );
          const document = {
            title: 'sample',
            cell: 'table',
            scenes: [scenes.executed],
            base: `${world.site.url}/data/`,
            editable: false,
            runs: [],
          };
          await page.evaluate((message) => window.postMessage(message, '*'), { type: 'show', document });
          await page.locator('.layer-row').first().waitFor();
          await page.locator('canvas').first().focus();
          await page.keyboard.press('7');
          await page.waitForTimeout(600);
          await page.getByRole('button', { name: 'Pin', exact: true }).click();
          const status = page.locator('.pin-panel [role=status]');
          const saying = (text: RegExp): Promise<void> => status.filter({ hasText: text }).waitFor();
          await saying(/Click the thing/);
          const box = await page.locator('canvas').first().boundingBox();
          assert.ok(box);
          const pins = (): Promise<Extract<InspectorToHost, { type: 'pin' }>[]> =>
            page.evaluate(() =>
              (window as unknown as Fakes).posted.filter(
                (m): m is Extract<InspectorToHost, { type: 'pin' }> => m.type === 'pin',
              ),
            );
          /** Clicks on the cloud, near a place of the picture: it has gaps between its points. */
          const click = async (right: number, down: number, done: () => Promise<boolean>): Promise<void> => {
            for (let i = 0; i < 40 && !(await done()); i++) {
              const x = box.x + box.width * right + ((i * 7) % 40) - 20;
              await page.mouse.click(x, box.y + box.height * down + ((i * 11) % 40) - 20);
            }
            assert.ok(await done(), 'the click met the cloud');
          };
          await click(0.62, 0.19, async () => (await pins()).length > 0);
          const [thing] = await pins();
          assert.ok(thing?.at.every(Number.isFinite));
          assert.equal(thing.cell, 'table');
          assert.equal(thing.called, 'blue bowl', 'it is called what was found there');
          assert.equal(thing.hinge, undefined);

          await page.locator('.pin-panel select').selectOption('swings');
          const says = (text: RegExp) => async (): Promise<boolean> => text.test(await status.innerText());
          await saying(/Click the handle/);
          await click(0.45, 0.3, says(/one end of the hinge/));
          await click(0.42, 0.12, says(/other end of the hinge/));
          await click(0.42, 0.4, says(/towards which/));
          await click(0.52, 0.42, async () => (await pins()).length > 1);
          const hinged = (await pins())[1];
          assert.ok(hinged?.hinge, 'a hinge is told');
          assert.ok(Math.abs(Math.hypot(...hinged.hinge.axis) - 1) < 1e-6);
          await page.keyboard.press('Escape');
          assert.equal(await page.locator('.pin-panel').isVisible(), false);
        },
        { width: 1400, height: 800 },
      ),
  },
];
