// Screenshots of outputs and inspector in a real VS Code, for a person to look at: in its four looks, with the waypoint that
// the slider has reached lit up in the JSON, and of a robot by its own description, one mesh of which nobody has.
// `node test/vscode/e2e/look.mjs VSIX [looks|robot]`; the pictures lie in out/screens.
import { installCodeServer } from '../../../scripts/vscode/install-code-server.mjs';
import { MISSING, startDescribedArm } from './described-arm.mjs';
import { NOTEBOOK as ASIDE, profile } from './robot.mjs';
import { notebookIn, stepper } from './steps.mjs';
import { startWorkbench, textOf } from './workbench.mjs';

const [vsix, only] = process.argv.slice(2);
const SAMPLE = 'pick-and-place.waybook.md';
/** Name of the theme, and the class that the workbench has in it. */
const LOOKS = [
  ['Default Dark Modern', 'vs-dark', 'dark'],
  ['Default Light Modern', 'vs', 'light'],
  ['Default High Contrast', 'hc-black', 'high-contrast'],
  ['Default High Contrast Light', 'hc-light', 'high-contrast-light'],
];

await installCodeServer();
const results = { passed: 0, failed: 0 };
const arm = !only || only === 'robot' ? await startDescribedArm() : undefined;
const workbench = await startWorkbench({
  vsix,
  files: { 'aside.waybook.md': ASIDE },
  settings: { 'waybook.simulator.pace': 4, 'workbench.colorTheme': 'Default Dark Modern' },
  machine: arm ? { 'waybook.robots': { 'bench-arm': { url: arm.url, profile } } } : {},
});
const { page, until } = workbench;
const step = stepper(workbench, results);

/** The frame that holds an inspector. */
const inspector = async () => {
  for (const frame of workbench.frames()) {
    const found = await frame
      .locator('.layers')
      .count()
      .catch(() => 0);
    if (found > 0) return frame;
  }
  return undefined;
};
/** Until the inspector has layers, and a moment more: its plots load on demand. */
const inspecting = async () => {
  const frame = await until('the inspector shows layers', async () => {
    const found = await inspector();
    return found && (await found.locator('.layers .layer-row').count()) > 3 ? found : undefined;
  });
  await page.waitForTimeout(2000);
  return frame;
};
const scrub = async (frame, share) => {
  const box = await frame.locator('.track').first().boundingBox();
  await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
  await page.waitForTimeout(600);
};
/** Least contrast between the words of the inspector and what is behind them, and what the drop-downs wear. */
const contrastOf = (frame) =>
  frame.evaluate(() => {
    const root = document.querySelector('.waybook-viewer').shadowRoot;
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgb = (color) => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r, g, b]) =>
      [r, g, b]
        .map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
      for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
        const color = rgb(getComputedStyle(node).backgroundColor);
        if (color[3] > 200) return color;
      }
      return [255, 255, 255, 255];
    };
    const found = [
      ...root.querySelectorAll('.bar span, .bar button, .bar select, .panel-side span, h2, dt, dd, select'),
    ]
      .filter((node) => node.textContent.trim() !== '' && node.checkVisibility())
      .map((node) => {
        const [a, b] = [luminance(rgb(getComputedStyle(node).color)), luminance(behind(node))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        return { text: node.textContent.trim().slice(0, 20), contrast, off: node.disabled === true };
      })
      .filter(({ off }) => !off)
      .sort((a, b) => a.contrast - b.contrast);
    return found[0];
  });

try {
  if (!only || only === 'looks') {
    const notebook = notebookIn(workbench, SAMPLE);
    await step('the sample runs, and its outputs are drawn', async () => {
      await notebook.open();
      await notebook.runAll();
      await notebook.ended(1);
      await workbench.command('View: Toggle Primary Side Bar Visibility');
      const plan = notebook.cellRows().filter({ hasText: '"waypoints"' }).first();
      await plan.locator('.view-line').nth(3).click();
      await page.mouse.move(700, 500);
      await page.mouse.wheel(0, 420);
      await until('an output is drawn', async () => (await notebook.drawn()) >= 1);
      await page.waitForTimeout(3000);
      await workbench.screenshot('look-notebook');
    });
    await step('the waypoint that the slider has reached lights up in the JSON', async () => {
      await notebook.focusLine('"waypoints"', 3);
      await page.keyboard.press('Control+S');
      await until('it is saved', async () => (await page.locator('.tab.dirty').count()) === 0);
      await workbench.command('Waybook: Open in Inspector');
      const frame = await inspecting();
      const lit = () => page.locator('.view-overlays .cdr[class*="ced-"]').count();
      await scrub(frame, 0.6);
      await until('a line of JSON is lit', async () => (await lit()) > 0, 30_000);
      await workbench.screenshot('look-current-waypoint');
      await scrub(frame, 0.005);
      await until('no line is lit at the start', async () => (await lit()) === 0, 30_000);
    });
    for (const [theme, look, name] of LOOKS) {
      await step(`inspector: ${name}`, async () => {
        // A reload takes the theme for certain, and the inspector has to come back after it.
        if (name !== 'dark') {
          workbench.setting('workbench.colorTheme', theme);
          await page.goto(`${workbench.server.origin}/?folder=${encodeURIComponent(workbench.workspace)}`);
        }
        await until(
          `the theme ${theme}`,
          async () => (await page.locator(`.monaco-workbench.${look}`).count()) > 0,
        );
        await page.locator('.tab', { hasText: 'Inspector' }).first().click();
        const frame = await inspecting();
        if ((await page.locator('.editor-group-container').count()) > 1)
          await workbench.command('View: Toggle Maximize Editor Group').catch(() => undefined);
        await scrub(frame, 0.55);
        await page.waitForTimeout(1500);
        await workbench.screenshot(`look-inspector-${name}`);
        const least = await contrastOf(frame);
        console.log(`     least contrast ${least.contrast.toFixed(1)}:1 (“${least.text}”)`);
        if (least.contrast < 4.5) throw new Error(`“${least.text}” has a contrast of ${least.contrast}.`);
      });
    }
    workbench.setting('workbench.colorTheme', 'Default Dark Modern');
    await workbench.command('View: Close All Editors').catch(() => undefined);
    await workbench.command('View: Show Explorer');
  }
  if (arm) {
    const notebook = notebookIn(workbench, 'aside.waybook.md');
    await step('a robot is drawn by its own description, and moves with the slider', async () => {
      await notebook.open();
      await workbench.command('Waybook: Select Robot');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'bench-arm' }).first().click();
      await until('the kernel is Robot', async () =>
        /Robot/.test((await page.locator('.kernel-label').first().textContent()) ?? ''),
      );
      await notebook.runAll();
      await notebook.ended(1);
      console.log(`     ${JSON.stringify(notebook.indexOf(notebook.runs()[0]).end)}`);
      await notebook.focusLine('"waypoints"', 1);
      await workbench.command('Waybook: Open in Inspector');
      const frame = await inspecting();
      await workbench.command('View: Toggle Maximize Editor Group');
      await page.waitForTimeout(1500);
      const picture = () =>
        frame
          .locator('.view canvas')
          .first()
          .evaluate((canvas) => canvas.toDataURL());
      await scrub(frame, 0.01);
      const first = await picture();
      await workbench.screenshot('look-robot-start');
      await scrub(frame, 0.99);
      await workbench.screenshot('look-robot-end');
      if ((await picture()) === first) throw new Error('Nothing moved.');
      const words = await textOf(frame);
      if (!words.includes(MISSING.mesh.split('/').at(-1))) throw new Error('The missing mesh is not named.');
      if (!/\d+ links/.test(words)) throw new Error('No links are drawn.');
    });
  }
  await step('quiet: no console error of ours', async () => {
    if (workbench.errors.length > 0) throw new Error(workbench.errors.join('\n'));
  });
} finally {
  await workbench.close();
  arm?.stop();
}
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
