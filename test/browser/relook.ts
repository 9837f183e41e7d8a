// Draws an exported page anew with this checkout's viewer, and writes screenshots: node test/browser/relook.mjs PAGE.html
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import type { PageData } from '../../src/core/page.ts';
import { renderPageHtml } from '../../src/core/page-html.ts';
import { launch } from './browser.ts';

const source = process.argv[2] ?? 'out/pick-and-place.html';
const html = await readFile(source, 'utf8');
const json = /id="waybook-data">(.*?)<\/script>/s.exec(html)?.[1];
if (!json) throw new Error(`${source} holds no page data`);
const built = await esbuild.build({
  entryPoints: ['webview/page/main.ts'],
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  loader: { '.css': 'text', '.svg': 'text' },
});
await mkdir('out/browser', { recursive: true });
const file = join('out/browser', 'relook.html');
await writeFile(file, renderPageHtml(JSON.parse(json) as PageData, built.outputFiles[0]?.text ?? ''));
const browser = await launch();
for (const colorScheme of ['dark', 'light'] as const) {
  const page = await browser.newPage({ viewport: { width: 1120, height: 900 }, colorScheme });
  page.on('pageerror', (e) => console.log('ERROR', e.message));
  page.on('console', (m) => console.log(m.type(), m.text()));
  await page.goto(pathToFileURL(file).href);
  const ids = await page.evaluate(() => [...document.querySelectorAll('section.cell')].map((c) => c.id));
  for (const id of ids) {
    const cell = page.locator(`section.cell[id="${id}"]`);
    await cell.scrollIntoViewIfNeeded();
    await page.waitForTimeout(1500);
    const track = cell.locator('.track').first();
    const box = (await track.isVisible()) ? await track.boundingBox() : null;
    if (box) await page.mouse.click(box.x + box.width * 0.5, box.y + box.height / 2);
    await page.waitForTimeout(800);
    await cell.screenshot({ path: join('out/browser', `relook-${colorScheme}-${id}.png`) });
  }
  await page.close();
}
await browser.close();
