// A sweep that is run in a terminal beside VS Code: it appears in the side bar, and a failure opens as a notebook.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap.mjs';
import { stepper } from './steps.mjs';
import { startWorkbench } from './workbench.mjs';

const SWEEP = [
  'sweep',
  'stack.waybook.md',
  '--param',
  'seed=0,1',
  '--param',
  'noise=0,60mm',
  '--refiner',
  'spline',
];

export async function runSweeps(vsix) {
  const results = { passed: 0, failed: 0 };
  const workbench = await startWorkbench({
    vsix,
    files: { 'stack.waybook.md': readFileSync(join(root, 'samples/stack.waybook.md'), 'utf8') },
  });
  const { page, until } = workbench;
  const step = stepper(workbench, results);
  const section = () => page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Sweeps' }) });
  const row = (text) => section().locator('.monaco-list-row', { hasText: text });
  try {
    await step('the Sweeps view of a workspace without one says how to begin', async () => {
      await workbench.open();
      await page.locator('.activitybar .action-item [aria-label="Waybook"]').first().click();
      const header = page.locator('.pane-header', { hasText: 'Sweeps' });
      await header.waitFor();
      if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
      await section().locator('.welcome-view', { hasText: 'waybook sweep' }).waitFor();
      await workbench.screenshot('sweeps-empty');
    });

    await step('a sweep run in a terminal is listed while it runs and when it is done', async () => {
      const cli = spawn(process.execPath, [join(root, 'dist/cli.mjs'), ...SWEEP], {
        cwd: workbench.workspace,
        env: { ...process.env, WAYBOOK_NO_BUILD: '1' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const ended = once(cli, 'exit');
      await row('stack').first().waitFor();
      await ended;
      await row(/of 4.*finished/)
        .first()
        .waitFor();
    });

    await step('its rates unfold, and a failure opens as a notebook with its parameters', async () => {
      await row(/finished/)
        .first()
        .click();
      await row('60 mm').first().waitFor();
      await row('Failures').first().click();
      await row(/seed \d, noise 60 mm/)
        .first()
        .waitFor();
      await workbench.screenshot('sweeps-failures');
      await row(/seed \d, noise 60 mm/)
        .first()
        .click();
      await page.locator('.cell-list-container .code-cell-row').first().waitFor();
      await until('its outputs are there', async () =>
        /From/.test((await page.locator('.cell-list-container').last().textContent()) ?? ''),
      );
      await page.waitForTimeout(2500);
      await workbench.screenshot('sweeps-notebook');
    });

    await step('quiet: no console error of ours', async () => {
      if (workbench.errors.length > 0) throw new Error(workbench.errors.join('\n'));
    });
  } finally {
    await workbench.close();
  }
  return results;
}
