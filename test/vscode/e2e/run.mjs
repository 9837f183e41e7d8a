// End to end in a real VS Code: the packaged extension, installed in a fresh profile, on the built-in simulator.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canvases, startWorkbench, textOf } from './workbench.mjs';

const NOTEBOOK = 'pick-and-place.waybook.md';
const RUNS = 'pick-and-place.waybook.runs';

export async function runEndToEnd(vsix, only) {
  const results = { passed: 0, failed: 0 };
  const workbench = await startWorkbench({
    vsix,
    settings: { 'waybook.simulator.pace': 1, 'workbench.colorTheme': 'Default Dark Modern' },
  });
  const { page, until } = workbench;

  /** Steps build on each other: after one that failed the next are not tried. */
  async function step(name, work) {
    if (results.failed > 0 || (only && !name.includes(only) && !name.startsWith('open'))) return;
    const started = performance.now();
    try {
      await work();
      results.passed++;
      console.log(`  ✔ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      results.failed++;
      console.log(`  ✘ ${name}: ${error.stack ?? error}`);
      await workbench.screenshot('failure').catch(() => undefined);
    }
  }

  const outputTexts = async () => (await Promise.all(workbench.frames().map(textOf))).join('\n');
  const cellRows = () => page.locator('.cell-list-container .code-cell-row');
  const drawn = async () =>
    (await Promise.all(workbench.frames().map(canvases))).flat().filter(({ colours }) => colours > 8).length;
  const statusText = async () => (await page.locator('.part.statusbar').textContent()) ?? '';
  const runs = () =>
    existsSync(join(workbench.workspace, RUNS)) ? readdirSync(join(workbench.workspace, RUNS)).sort() : [];
  // A run's folder is there a moment before its index: until then nothing of it has ended.
  const indexOf = (run) => {
    const path = join(workbench.workspace, RUNS, run, 'index.json');
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { state: 'running', cells: {} };
  };
  const ended = (count) =>
    until(
      `run ${count} ended`,
      () => runs().length >= count && indexOf(runs()[count - 1]).state !== 'running',
      120_000,
    );
  const runAll = () =>
    page
      .getByRole('button', { name: /^Run All/ })
      .first()
      .click();

  try {
    await step('open: the sample opens as a notebook in a fresh profile', async () => {
      await workbench.open();
      await page
        .locator('.activitybar .action-item', { has: page.locator('[aria-label="Waybook"]') })
        .waitFor();
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: NOTEBOOK }).dblclick();
      await cellRows().first().waitFor();
      await page.locator('.notebook-toolbar-container', { hasText: 'Stop Motion' }).waitFor();
    });

    await step('run: Run All asks nothing and the cube lands in the bowl', async () => {
      await runAll();
      await ended(1);
      if (await page.locator('.quick-input-widget:visible').count()) throw new Error('A prompt is open.');
      const index = indexOf(runs()[0]);
      if (index.state !== 'succeeded' || index.end?.verdict?.success !== true)
        throw new Error(`The run ended as ${JSON.stringify(index.end)}`);
    });

    await step('3D: outputs are drawn and not blank', async () => {
      await until('an output is drawn', async () => (await drawn()) >= 1);
      await workbench.screenshot('notebook-dark');
    });

    await step('side bar: form, live scene and runs', async () => {
      await page
        .locator('.activitybar .action-item', { has: page.locator('[aria-label="Waybook"]') })
        .click();
      await until('the form is there', async () => /Planner/.test(await outputTexts()));
      await until(
        'the run is listed',
        async () => (await page.locator('.pane-body .monaco-list-row', { hasText: /Run \d/ }).count()) >= 1,
      );
      await page.waitForTimeout(2500);
      await workbench.screenshot('side-bar-dark');
    });

    await step('edit: an edited plan is kept when planning again', async () => {
      await page.locator('.cell-list-container').last().hover();
      const plan = cellRows().filter({ hasText: '"waypoints"' }).first();
      await plan.locator('.view-line').nth(3).click();
      const before = workbench.file(NOTEBOOK);
      await page.keyboard.press('End');
      await page.keyboard.type(' ');
      await workbench.settled();
      await page.keyboard.press('Control+S');
      await until('the edit is saved', () => workbench.file(NOTEBOOK) !== before);
    });

    await step('debug: a breakpoint on a waypoint, stepping with the keyboard', async () => {
      const plan = cellRows().filter({ hasText: '"waypoints"' }).first();
      await plan.locator('.view-line').nth(4).click();
      await plan.locator('.monaco-editor.focused').waitFor();
      await page.keyboard.press('F9');
      await page.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified').first().waitFor();
      await page.keyboard.press('F5');
      const frame = async () =>
        (
          (await page
            .locator('.debug-call-stack .stack-frame')
            .first()
            .textContent({ timeout: 2000 })
            .catch(() => '')) ?? ''
        ).trim();
      await until(
        'the debugger stopped',
        async () => (await page.getByText(/^Paused on breakpoint$/).count()) > 0 && (await frame()) !== '',
        120_000,
      );
      await until('variables are shown', async () =>
        /Joint state/.test(
          (await page
            .locator('.debug-variables')
            .textContent()
            .catch(() => '')) ?? '',
        ),
      );
      await workbench.screenshot('debug-step-dark');
      const place = await frame();
      await page.keyboard.press('F10');
      await until('it stopped at the next waypoint', async () => {
        const now = await frame();
        return now !== '' && now !== place && (await page.getByText(/^Paused on step$/).count()) > 0;
      });
      await page.keyboard.press('F5');
      await ended(2);
      await until(
        'the debugger is gone',
        async () => (await page.locator('.debug-toolbar:visible').count()) === 0,
      );
    });

    await step('stop: Stop Motion mid-motion by key', async () => {
      await runAll();
      await until(
        'the robot moves',
        async () => runs().length >= 3 && Object.keys(indexOf(runs()[2]).cells).length >= 3,
        90_000,
      );
      await page.waitForTimeout(1500);
      await page.keyboard.press('Control+Alt+S');
      await ended(3);
      const { state } = indexOf(runs()[2]);
      if (state !== 'cancelled') throw new Error(`The run ended as ${state}.`);
      await until('the status bar says at rest', async () => /at rest/.test(await statusText()));
    });

    await step('inspector: opens beside the notebook', async () => {
      await runAll();
      await ended(4);
      await cellRows().filter({ hasText: '"waypoints"' }).first().locator('.view-line').nth(1).click();
      await workbench.command('Waybook: Open in Inspector');
      await until(
        'the inspector is drawn',
        async () =>
          (await page.locator('.tab', { hasText: 'Inspector' }).count()) > 0 && (await drawn()) >= 1,
      );
      await page.waitForTimeout(3000);
      await workbench.screenshot('inspector-dark');
      await page.locator('.tab', { hasText: 'Inspector' }).click();
      await workbench.command('View: Close Editor');
    });

    await step('reload: outputs come back, marked as restored', async () => {
      await workbench.open();
      await page.locator('.explorer-folders-view, .pane-body').first().waitFor();
      if ((await cellRows().count()) === 0) {
        await page.keyboard.press('Control+P');
        await page.locator('.quick-input-widget input').fill(NOTEBOOK);
        await page.locator('.quick-input-list .monaco-list-row', { hasText: NOTEBOOK }).first().click();
      }
      await cellRows().first().waitFor();
      await until(
        'outputs are back',
        async () =>
          (await drawn()) >= 1 &&
          /From/.test((await page.locator('.cell-list-container').last().textContent()) ?? ''),
      );
      await page.waitForTimeout(1000);
      await workbench.screenshot('restored-dark');
      if (await page.locator('.tab.dirty').count()) throw new Error('The notebook is dirty after restoring.');
    });

    await step('crash: kill -9 of the extension host while the robot moves', async () => {
      const before = workbench.file(NOTEBOOK);
      const known = runs().length;
      await runAll();
      await until(
        'the robot moves',
        async () => runs().length > known && Object.keys(indexOf(runs()[known]).cells).length >= 3,
        90_000,
      );
      await page.waitForTimeout(1000);
      const hosts = workbench.processes('--type=extensionHost');
      if (hosts.length === 0) throw new Error('There is no extension host to kill.');
      for (const pid of hosts) process.kill(pid, 'SIGKILL');
      await until(
        'the session and its simulator are gone',
        () => [...workbench.processes('motion.mjs'), ...workbench.processes('simulator.mjs')].length === 0,
      );
      if (workbench.file(NOTEBOOK) !== before) throw new Error('The file changed.');
      if (indexOf(runs()[known]).state === 'succeeded')
        throw new Error('The record says that a killed run succeeded.');
      workbench.errors.length = 0;
    });

    await step('light: outputs come back after the crash, in a light theme', async () => {
      workbench.setting('workbench.colorTheme', 'Default Light Modern');
      await workbench.open();
      await cellRows().first().waitFor();
      await until('outputs are back', async () => (await drawn()) >= 1);
      await page.waitForTimeout(1500);
      await workbench.screenshot('notebook-light');
    });

    await step('quiet: no console error of ours', async () => {
      if (workbench.errors.length > 0) throw new Error(workbench.errors.join('\n'));
    });
  } finally {
    await workbench.close();
  }
  return results;
}
