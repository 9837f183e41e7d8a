// States that a person meets beside the straight way: refusals and their buttons, plans of one's own, editing in 3D,
// comparing, processes that die, narrow columns, high contrast, the walkthrough.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notebookIn, stepper } from './steps.mjs';
import { startWorkbench } from './workbench.mjs';

const NAME = 'pick-and-place.waybook.md';

export async function runStates(vsix) {
  const results = { passed: 0, failed: 0 };
  const workbench = await startWorkbench({
    vsix,
    settings: { 'waybook.simulator.pace': 4, 'workbench.colorTheme': 'Default Light Modern' },
  });
  const { page, until } = workbench;
  const step = stepper(workbench, results);
  const notebook = notebookIn(workbench, NAME);
  const text = () => workbench.file(NAME);
  const write = (content) => writeFileSync(join(workbench.workspace, NAME), content);
  /** A button or box inside an output or panel, wherever that is. */
  const inFrames = async (find) => {
    for (const frame of workbench.frames()) {
      const found = find(frame);
      if ((await found.count().catch(() => 0)) > 0) return found.first();
    }
    return undefined;
  };
  const button = (name) =>
    until(`a button ${name}`, () => inFrames((frame) => frame.getByRole('button', { name })));
  /** The panel beside the notebook: the only frame whose toolbar compares. */
  const inspector = () =>
    until('the inspector', async () => {
      const box = await inFrames((frame) => frame.getByRole('checkbox', { name: 'Compare' }));
      return box && (await box.elementHandle())?.ownerFrame();
    });
  const save = async () => {
    await workbench.settled();
    await page.keyboard.press('Control+S');
    const clean = async () => (await page.locator('.tab.dirty').count()) === 0;
    for (let i = 0; i < 50 && !(await clean()); i++) await page.waitForTimeout(200);
    // Ctrl+S saves what has the focus, which a webview may have taken.
    if (!(await clean())) await workbench.command('File: Save All');
    await until('it is saved', clean);
  };
  const runCell = async (content, line = 0) => {
    const count = notebook.runs().length + 1;
    // A click that lands while outputs above it grow hits something else.
    await until('the run has begun', async () => {
      await notebook.focusLine(content, line);
      await page.keyboard.press('Control+Enter');
      for (let i = 0; i < 40 && notebook.runs().length < count; i++) await page.waitForTimeout(250);
      return notebook.runs().length >= count;
    });
    await notebook.ended(count);
    return notebook.indexOf(notebook.runs()[count - 1]);
  };
  /** Until the notebook shows the position that a waypoint has in a text. */
  const shows = (content, label) => {
    const [, position] = new RegExp(`"label": "${label}", "position": (\\[[^\\]]+\\])`).exec(content);
    const words = (value) => value.replace(/\s/g, '');
    return until(`${label} is shown at ${position}`, async () =>
      words(await notebook.linesOf('"waypoints"')).includes(words(position)),
    );
  };
  const moved = (content, label, position) =>
    content.replace(
      new RegExp(`("label": "${label}", "position": \\[)[^\\]]+`),
      (_, before) => before + position,
    );

  try {
    await step('walkthrough: four steps', async () => {
      await workbench.open();
      await workbench.command('Welcome: Open Walkthrough');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'cube in a bowl' }).first().click();
      await page.getByText('Open a task notebook').first().waitFor();
      await page.waitForTimeout(1500);
      await workbench.screenshot('walkthrough');
      await workbench.command('View: Close Editor');
    });

    await step('side bar: empty, without a notebook', async () => {
      await workbench.command('View: Close All Editors').catch(() => undefined);
      await page
        .locator('.activitybar .action-item', { has: page.locator('[aria-label="Waybook"]') })
        .click();
      await until('the form is there', async () => /Planner/.test(await notebook.outputTexts()));
      await page.getByRole('button', { name: 'Open Sample Notebook' }).waitFor();
      await page.waitForTimeout(1000);
      await workbench.screenshot('side-bar-empty');
    });

    await step('side bar: a notebook without runs', async () => {
      await notebook.open();
      const icon = (name) =>
        page.locator('.activitybar .action-item', { has: page.locator(`[aria-label^="${name}"]`) });
      await icon('Waybook').click();
      await page.getByText('No runs of this notebook yet').waitFor();
      await until('the form is there', async () => /Planner/.test(await notebook.outputTexts()));
      await page.waitForTimeout(1000);
      await workbench.screenshot('side-bar-no-runs-light');
      await icon('Explorer').click();
    });

    await step('running: the first run, on its way', async () => {
      await notebook.runAll();
      await notebook.moving(1, 3);
      await workbench.screenshot('running-light');
      await notebook.ended(1);
      if (notebook.indexOf(notebook.runs()[0]).state !== 'succeeded') throw new Error('It did not succeed.');
      await save();
    });

    await step('fresh: nothing is stale after a run', async () => {
      await page.waitForTimeout(500);
      if (/Stale/.test(await notebook.cellText())) throw new Error(await notebook.cellText());
      await notebook.noProblems();
    });

    await step('plan: planning again asks, shows both, and replaces when told to', async () => {
      const planned = text();
      await notebook.focusLine('"waypoints"', 3);
      await page.keyboard.press('End');
      await page.keyboard.type(' ');
      await save();
      if (text() === planned) throw new Error('The edit did not arrive.');
      const edited = text();
      await runCell('put the red cube');
      await page.getByRole('button', { name: 'Compare', exact: true }).click();
      await page.locator('.monaco-diff-editor').first().waitFor();
      await page.waitForTimeout(1000);
      await workbench.screenshot('plan-compare-light');
      await page.getByRole('button', { name: 'Replace My Plan' }).last().click();
      await until(
        'the difference is closed',
        async () => (await page.locator('.tab', { hasText: 'my plan and the new plan' }).count()) === 0,
      );
      await notebook.focusLine('"waypoints"', 0);
      await save();
      // The cube is elsewhere by now, so it is another plan than the first, and not the edited one.
      await until('the plan is the planner’s again', () => text() !== edited && !/ \n/.test(text()));
    });

    await step('reset: the cube is back on the table, and is planned for there', async () => {
      const planned = text();
      await workbench.command('Waybook: Reset Scene');
      await page.waitForTimeout(500);
      await until('it is reset', async () => !/Resetting/.test(await notebook.statusText()));
      await runCell('put the red cube');
      await notebook.focusLine('"waypoints"', 0);
      await save();
      await until('another plan is there', () => text() !== planned);
    });

    await step('refusal: says what and where, and its first button repairs', async () => {
      const planned = text();
      // On the bare table, so that the hand itself is too near; the expert would raise it by itself.
      const low = moved(planned, 'retreat', '0.6, 0.2, 0');
      write(low.replace('"frame": "base",', '"frame": "base", "refiner": "spline",'));
      await until('the edit arrived', async () => /\[0\.6,\s0\.2,\s0\]/.test(await notebook.cellText()));
      const index = await runCell('"waypoints"', 3);
      if (index.state !== 'failed') throw new Error(`It ended as ${index.state}.`);
      const raise = await button(/Raise to Clearance/);
      await notebook.inView(raise);
      await page.waitForTimeout(1500);
      await workbench.screenshot('notebook-refused-light');
      const before = text();
      await raise.click();
      await save();
      await until('the waypoint is higher', () => text() !== before);
      await until('what rests on it is stale', async () => /Stale/.test(await notebook.cellText()));
      await workbench.screenshot('stale-light');
      write(planned);
      await until('the plan is back', async () => !/\[0\.6,\s0\.2,/.test(await notebook.cellText()));
    });

    await step('reach: what is too far snaps to where the arm can be', async () => {
      const planned = text();
      write(planned.replace(/("label": "retreat", "position": \[)[^,]+/, '$11.4'));
      await until('the edit arrived', async () => /\[1\.4,/.test(await notebook.cellText()));
      await runCell('"waypoints"', 3);
      const snap = await button('Snap to Reach');
      await notebook.inView(snap);
      await page.waitForTimeout(1000);
      await workbench.screenshot('out-of-reach-light');
      await snap.click();
      await save();
      await until('the waypoint is nearer', () => !text().includes('[1.4,'));
      const again = await runCell('"waypoints"', 3);
      if (again.state !== 'succeeded') throw new Error(`It ended as ${again.state}.`);
      write(planned);
      await shows(planned, 'retreat');
    });

    await step(
      '3D: a waypoint that is moved there changes the text, and Ctrl+Z in the view takes it back',
      async () => {
        await notebook.focusLine('"waypoints"', 3);
        await workbench.command('Waybook: Open in Inspector');
        const frame = await inspector();
        // It is enabled once there is something to edit, and pressed once the tool is there: keys go elsewhere before.
        const edit = frame.getByRole('button', { name: /^Edit( \(E\))?$/ });
        await edit.click();
        await until('Edit is on', async () => (await edit.getAttribute('aria-pressed')) === 'true');
        const canvas = frame.locator('canvas[tabindex]').first();
        await canvas.focus();
        const before = await notebook.linesOf('"waypoints"');
        await page.keyboard.press('Tab');
        await page.keyboard.press('PageUp');
        await page.keyboard.press('Enter');
        await until('the text says so', async () => (await page.locator('.tab.dirty').count()) > 0);
        await until('the numbers changed', async () => (await notebook.linesOf('"waypoints"')) !== before);
        await workbench.screenshot('inspector-edited-light');
        await canvas.focus();
        await page.keyboard.press('Control+Z');
        await until('the numbers are back', async () => (await notebook.linesOf('"waypoints"')) === before);
        await page.keyboard.press('Escape');
        await until('Edit is off', async () => (await edit.getAttribute('aria-pressed')) === 'false');
        // What is saved is what has the focus, and that is the inspector.
        await notebook.focusLine('"waypoints"', 0);
        await save();
      },
    );

    await step('compare: another run over this one, with what differs', async () => {
      const frame = await inspector();
      await frame.getByRole('checkbox', { name: 'Compare' }).check();
      // Beside the notebook there is no room for the list of what differs.
      await page.locator('.tab', { hasText: 'Inspector' }).first().click();
      await workbench.command('View: Toggle Maximize Editor Group');
      await frame.getByText(/This run compared with/).waitFor();
      await page.waitForTimeout(2000);
      await workbench.screenshot('inspector-compare-light');
      await workbench.command('View: Close Editor');
      await workbench.command('View: Close All Editors').catch(() => undefined);
    });

    await step('simulator killed mid-run: the cell says so, and the next run works', async () => {
      // Slow enough that the arm is still on its way when the simulator dies.
      workbench.setting('waybook.simulator.pace', 1);
      await notebook.open();
      // It was closed with all editors, just before the page was left.
      await until(
        'the inspector stays closed',
        async () => (await page.locator('.tab', { hasText: 'Inspector' }).count()) === 0,
      );
      const count = notebook.runs().length + 1;
      await notebook.runAll();
      await notebook.moving(count, 3);
      for (const pid of workbench.processes('simulator.mjs')) process.kill(pid, 'SIGKILL');
      await notebook.ended(count);
      const { state, end } = notebook.indexOf(notebook.runs()[count - 1]);
      if (state !== 'failed') throw new Error(`The run ended as ${state}.`);
      if (!/link|connection|simulator/i.test(end?.failure ?? '')) throw new Error(`It says ${end?.failure}`);
      await notebook.idle();
      const failed = await notebook.cellWith('"speed"');
      await until(
        'the cell has failed',
        async () => (await failed.locator('.codicon-notebook-state-error').count()) > 0,
      );
      await page.mouse.wheel(0, 400);
      await until('its output says so', async () => /simulator is gone/.test(await notebook.outputTexts()));
      await page.waitForTimeout(500);
      await workbench.screenshot('simulator-killed-light');
      await notebook.runAll();
      await notebook.ended(count + 1);
      if (notebook.indexOf(notebook.runs()[count]).state !== 'succeeded')
        throw new Error('The next run did not succeed.');
    });

    await step('expert killed mid-run: the cell says so, and the next run works', async () => {
      // The expert of the runs before is still there. It is held, so that it dies with a question open.
      const pid = await until('the expert is there', () => workbench.processes('expert.mjs')[0]);
      process.kill(pid, 'SIGSTOP');
      const count = notebook.runs().length + 1;
      await notebook.runAll();
      await notebook.moving(count, 2);
      process.kill(pid, 'SIGKILL');
      await notebook.ended(count);
      const { state, end } = notebook.indexOf(notebook.runs()[count - 1]);
      if (state !== 'failed' || !/expert/i.test(end?.failure ?? ''))
        throw new Error(`The run ended as ${state}: ${end?.failure}`);
      await notebook.runAll();
      await notebook.ended(count + 1);
      const next = notebook.indexOf(notebook.runs()[count]);
      if (/expert.*stopped/i.test(next.end?.failure ?? '')) throw new Error(next.end.failure);
      if (workbench.processes('expert.mjs').length !== 1) throw new Error('No other expert was started.');
    });

    await step('narrow column', async () => {
      await page.setViewportSize({ width: 860, height: 900 });
      await page.waitForTimeout(2500);
      await workbench.screenshot('narrow-light');
      await page.setViewportSize({ width: 1440, height: 900 });
    });

    await step('high contrast', async () => {
      await workbench.command('Preferences: Color Theme');
      const input = page.locator('.quick-input-widget input');
      await until(
        'themes are listed',
        async () => !((await input.inputValue()) ?? '').startsWith('>') && (await input.isVisible()),
      );
      await input.fill('Dark High Contrast');
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'Dark High Contrast' })
        .first()
        .click();
      await until(
        'the theme is there',
        async () => (await page.locator('.monaco-workbench.hc-black').count()) > 0,
      );
      await page.waitForTimeout(1500);
      await workbench.screenshot('notebook-high-contrast');
    });

    await step('quiet: no console error of ours', async () => {
      if (workbench.errors.length > 0) throw new Error(workbench.errors.join('\n'));
    });
  } finally {
    await workbench.close();
  }
  return results;
}
