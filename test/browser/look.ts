// Writes screenshots to look at: node test/browser/look.mjs [name...] into out/browser.
import { chromium } from 'playwright-core';
import { mkdir, writeFile, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { renderPageHtml } from '../../src/core/page-html.ts';
import type { PageData } from '../../src/core/page.ts';
import { sampleScenes, WAYPOINTS } from './sample-scenes.ts';

const out = process.env['LOOK_OUT'] ?? 'out/browser';
await mkdir(out, { recursive: true });
const scenes = sampleScenes();
const data: PageData = {
  version: 1,
  title: 'Put the red cube in the bowl',
  verdict: { ok: true, text: 'cube in the bowl, at rest' },
  facts: [
    { name: 'Duration', value: '9.3 s' },
    { name: 'Seed', value: '7' },
  ],
  cells: [
    {
      kind: 'markdown',
      markdown:
        '# Put the red cube in the bowl\n\nThe bowl stands behind a carton, so the carry has to clear it.',
    },
    {
      kind: 'capture',
      id: 'table',
      body: '{ "camera": "front", "voxel": 0.004 }',
      outcome: 'succeeded',
      scene: 'capture',
    },
    {
      kind: 'instruction',
      id: 'put-cube',
      body: 'put the red cube in the blue bowl',
      outcome: 'succeeded',
      scene: 'plan',
    },
    {
      kind: 'waypoints',
      id: 'grasp',
      body: JSON.stringify({ frame: 'base', waypoints: WAYPOINTS }, undefined, 2),
      outcome: 'succeeded',
      scene: 'refined',
    },
    {
      kind: 'waypoints',
      id: 'low',
      body: '{}',
      outcome: 'failed',
      failure: {
        message: 'Refused: the held cube would pass 32 mm above the carton; 50 mm is required.',
        hint: 'Raise it.',
      },
      scene: 'refused',
    },
    {
      kind: 'execute',
      id: 'go',
      body: '{ "speed": 0.5 }',
      outcome: 'succeeded',
      summary: 'Success: cube in the bowl, at rest',
      scene: 'executed',
    },
  ],
  scenes,
  run: 'Run 7',
};
const html = renderPageHtml(data, await readFile('dist/page.js', 'utf8'));
const file = join(out, 'page.html');
await writeFile(file, html);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
for (const scheme of ['dark', 'light'] as const) {
  const page = await browser.newPage({ viewport: { width: 1120, height: 900 }, colorScheme: scheme });
  page.on('console', (m) => console.log(scheme, m.type(), m.text()));
  page.on('pageerror', (e) => console.log(scheme, 'ERROR', e.message));
  await page.goto(pathToFileURL(file).href);
  for (const id of ['table', 'put-cube', 'grasp', 'low', 'go']) {
    await page.evaluate((cell) => document.getElementById(cell)?.scrollIntoView({ block: 'center' }), id);
    await page.waitForTimeout(900);
    if (id !== 'table') {
      await page.evaluate((cell) => {
        const host = document.querySelector(`#${cell} figure .waybook-viewer`)?.shadowRoot;
        const track = host?.querySelector('.track');
        const r = track?.getBoundingClientRect();
        if (r && track) {
          const at = { bubbles: true, clientX: r.left + r.width * 0.56, clientY: r.top + 5, pointerId: 1 };
          try {
            track.dispatchEvent(new PointerEvent('pointerdown', at));
          } catch {}
        }
      }, id);
      await page.waitForTimeout(600);
    }
    await page.locator(`#${id}`).screenshot({ path: join(out, `${scheme}-${id}.png`) });
  }
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(out, `${scheme}-top.png`) });
  await page.close();
}
await browser.close();
