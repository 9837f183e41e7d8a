// Writes screenshots of all three hosts in every theme to out/browser, to be looked at by a person. `picture PAGE` makes
// the README's picture of an exported run of the sample instead.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { renderPageHtml } from '../../src/core/page-html.ts';
import { launch } from './browser.ts';
import { samplePage } from './sample-page.ts';
import { sampleScenes } from './sample-scenes.ts';
import { startSite } from './site.ts';

const out = 'out/browser';
const only = process.argv[2] ?? '';
await mkdir(out, { recursive: true });
const site = await startSite();
const browser = await launch();
const scenes = sampleScenes();

const watch = (page: Page, name: string): void => {
  page.on('console', (m) => console.log(name, m.type(), m.text()));
  page.on('pageerror', (e) => console.log(name, 'ERROR', e.message));
};

if (only === 'picture') {
  const page = await browser.newPage({
    viewport: { width: 1080, height: 900 },
    deviceScaleFactor: 1.6,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  watch(page, 'picture');
  await page.goto(pathToFileURL(process.argv[3] ?? 'out/browser/page.html').href);
  const cell = page.locator('.cell', { hasText: '"waypoints"' }).first();
  await cell.evaluate((node) => node.scrollIntoView({ block: 'center' }));
  await page.waitForTimeout(2000);
  await cell.locator('canvas').first().focus();
  // Nearer than "fit", from the left, with the table in the middle.
  const keys = [...Array<string>(3).fill('+'), ...Array<string>(2).fill('ArrowLeft')];
  for (const key of [...keys, ...Array<string>(5).fill('Shift+ArrowDown')]) await page.keyboard.press(key);
  const track = await cell.locator('.track').boundingBox();
  if (track) await page.mouse.click(track.x + track.width * 0.65, track.y + track.height / 2);
  await page.mouse.move(2, 2);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.waitForTimeout(1500);
  const [box, figure] = [await cell.boundingBox(), await cell.locator('figure').boundingBox()];
  if (!box || !figure) throw new Error('The page has no cell with a path.');
  const clip = {
    x: box.x - 16,
    y: box.y - 16,
    width: box.width + 32,
    height: figure.y + figure.height - box.y + 20,
  };
  await page.screenshot({ path: 'docs/images/pick-and-place.png', clip });
  await page.close();
}
if (only === '' || only === 'page') {
  const file = join(out, 'page.html');
  await writeFile(file, renderPageHtml(samplePage(), await readFile('dist/page.js', 'utf8')));
  for (const scheme of ['dark', 'light'] as const) {
    const page = await browser.newPage({ viewport: { width: 1120, height: 900 }, colorScheme: scheme });
    watch(page, scheme);
    await page.goto(pathToFileURL(file).href);
    for (const id of ['table', 'put-cube', 'grasp', 'low', 'go']) {
      await page.evaluate((cell) => document.getElementById(cell)?.scrollIntoView({ block: 'center' }), id);
      await page.waitForTimeout(900);
      await scrub(page, `#${id} figure .waybook-viewer`);
      await page.waitForTimeout(500);
      await page.locator(`#${id}`).screenshot({ path: join(out, `page-${scheme}-${id}.png`) });
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(out, `page-${scheme}-top.png`) });
    await page.close();
  }
}
if (only === '' || only === 'inspector') {
  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light']) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 800 } });
    watch(page, theme);
    await page.goto(`${site.url}/inspector.html?theme=${theme}`);
    await page.waitForFunction(() => (window as unknown as { posted?: unknown[] }).posted?.length);
    const runs = [{ id: 'run-6', label: 'Run 6' }];
    const scene = theme === 'high-contrast-light' ? scenes.refused : scenes.executed;
    await page.evaluate((message) => window.postMessage(message, '*'), {
      type: 'show',
      document: {
        title: 'put-cube #grasp',
        cell: 'grasp',
        scenes: [scene],
        base: `${site.url}/data/`,
        editable: true,
        runs,
      },
    });
    await page.waitForTimeout(1500);
    if (theme !== 'high-contrast-light') {
      await page.evaluate((message) => window.postMessage(message, '*'), {
        type: 'compare',
        run: runs[0],
        scenes: [scenes.refused],
        base: `${site.url}/data/`,
        differences: [
          { name: 'Duration', left: '9.3 s', right: '9.9 s' },
          { name: 'Refiner', left: 'expert', right: 'spline' },
        ],
      });
    }
    await scrub(page, '.waybook-viewer');
    await page.waitForTimeout(600);
    if (theme === 'dark') {
      await page.keyboard.press('Tab');
      await page.locator('canvas').first().focus();
      await page.keyboard.press('p');
      await page.waitForTimeout(500);
      await page.mouse.click(640, 330);
      await page.waitForTimeout(500);
    }
    await page.screenshot({ path: join(out, `inspector-${theme}.png`) });
    if (theme === 'light' || theme === 'dark') {
      await page.getByRole('button', { name: 'Side by Side' }).click();
      await page.getByLabel('Cloud colour').selectOption('field:intensity');
      await page.waitForTimeout(800);
      await page.screenshot({ path: join(out, `inspector-${theme}-side.png`) });
    }
    await page.close();
  }
}
if (only === '' || only === 'notebook') {
  for (const theme of ['dark', 'light']) {
    const page = await browser.newPage({ viewport: { width: 1080, height: 900 } });
    watch(page, theme);
    await page.goto(`${site.url}/notebook.html?theme=${theme}`);
    await page.waitForFunction(() => 'renderer' in window);
    await page.evaluate(
      (list) => {
        const cells = document.getElementById('cells');
        list.forEach((scene, i) => {
          const element = document.createElement('div');
          element.className = 'cell';
          cells?.append(element);
          const item = {
            id: `o${i}`,
            mime: 'x',
            json: () => scene,
            metadata: { waybook: { run: 'Run 7', restored: i === 3 } },
          };
          const target = window as unknown as {
            renderer: { renderOutputItem(item: unknown, element: HTMLElement, signal: AbortSignal): void };
          };
          target.renderer.renderOutputItem(item, element, new AbortController().signal);
        });
      },
      [scenes.capture, scenes.plan, scenes.refused, scenes.executed],
    );
    await page.waitForTimeout(2500);
    await page.screenshot({ path: join(out, `notebook-${theme}.png`) });
    await page.close();
  }
}
await browser.close();
await site.close();

/** Drags the slider of a viewer to a little past the middle. */
async function scrub(page: Page, selector: string): Promise<void> {
  const track = page.locator(`${selector} .track`).first();
  if (!(await track.isVisible())) return;
  const box = await track.boundingBox();
  if (box) await page.mouse.click(box.x + box.width * 0.56, box.y + box.height / 2);
}
