// What a person meets first: a new file from a template, run without a word, and a file that a merge left broken.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notebookIn, stepper } from './steps.mjs';
import { startWorkbench } from './workbench.mjs';

const BROKEN = 'merged.waybook.md';
const side = (speed) => `\`\`\`json execute {#go trajectory=plan}\n{ "speed": ${speed} }\n\`\`\`\n`;
const CONFLICT = `---\nwaybook: 1\nrobot: sim:tabletop?seed=7\n---\n# Merged\n\n\`\`\`json capture {#table}\n{ "camera": "front" }\n\`\`\`\n\n<<<<<<< ours\n${side(0.5)}=======\n${side(0.3)}>>>>>>> theirs\n`;

export async function runNewcomer(vsix) {
  const results = { passed: 0, failed: 0 };
  const workbench = await startWorkbench({
    vsix,
    files: { [BROKEN]: CONFLICT },
    settings: { 'waybook.simulator.pace': 4, 'workbench.colorTheme': 'Default Dark Modern' },
  });
  const { page, until } = workbench;
  const step = stepper(workbench, results);
  const notebook = notebookIn(workbench, 'Untitled-1');
  const row = (text) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();

  try {
    await step('walkthrough: opens with four steps to do', async () => {
      await workbench.open();
      await page.locator('.activitybar .action-item [aria-label="Waybook"]').first().waitFor();
      // VS Code watches what completes a step from when it first shows the walkthrough.
      await workbench.command('Welcome: Open Walkthrough');
      await row('cube in a bowl').click();
      await page.getByText('Open a task notebook').first().waitFor();
      await workbench.screenshot('walkthrough');
    });

    await step('new file: VS Code’s own list offers a task notebook, which starts from a task', async () => {
      // The explorer’s own New File has the same title but for its dots. VS Code fails with this one until its window is restored.
      await until('the list of new files', async () => {
        await workbench.command('Create: New File...');
        const isThere = await row('Task Notebook')
          .waitFor({ timeout: 8000 })
          .then(
            () => true,
            () => false,
          );
        if (!isThere) await page.keyboard.press('Escape');
        return isThere;
      });
      workbench.errors.length = 0;
      await row('Task Notebook').click();
      await row('Put the red cube in the bowl').waitFor();
      await workbench.screenshot('new-notebook-templates');
      await row('Put the red cube in the bowl').click();
      await notebook.cellRows().first().waitFor();
      await page.locator('.notebook-toolbar-container', { hasText: 'Stop Motion' }).waitFor();
    });

    await step('run: a notebook that has no file yet runs to the end, and nothing is asked', async () => {
      await page
        .getByRole('button', { name: /^Run All/ })
        .first()
        .click();
      await until('the robot is at rest after its motion', async () => {
        if (await page.locator('.quick-input-widget:visible').count()) throw new Error('A prompt is open.');
        return /in the (blue )?bowl|succeeded|success/i.test(
          (await notebook.outputTexts()).split(/executed/i).at(-1) ?? '',
        );
      });
      await notebook.idle();
      const cell = await notebook.cellWith('"speed"');
      await until(
        'the last cell has succeeded',
        async () => (await cell.locator('.codicon-notebook-state-success').count()) > 0,
      );
      await until('its output is drawn', async () => (await notebook.drawn()) >= 1);
      await page.waitForTimeout(1500);
      await workbench.screenshot('new-notebook-run');
    });

    await step('walkthrough: its steps are ticked off by what was done', async () => {
      await page.locator('.tab', { hasText: /Welcome|Walkthrough/ }).click();
      await page.getByText('Open a task notebook').first().waitFor();
      await until(
        'four ticks',
        async () =>
          (await page.locator('.getting-started-step .codicon-getting-started-step-checked').count()) >= 4,
      );
      await workbench.screenshot('walkthrough-done');
      await workbench.command('View: Close Editor');
    });

    await step('merge conflict: says where, leads to the place, and opens once it is repaired', async () => {
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: BROKEN }).dblclick();
      const dialog = page.locator('.monaco-dialog-box');
      await dialog.filter({ hasText: 'Line 11: A merge conflict is not resolved' }).waitFor();
      await workbench.screenshot('merge-conflict');
      await dialog.getByRole('button', { name: 'Open in Text Editor' }).click();
      await workbench.command('Waybook: Repair Merge Conflict');
      const lines = page.locator('.editor-instance .view-lines').last();
      await until('the marker is shown', async () => /<<<<<<< ours/.test((await lines.textContent()) ?? ''));
      await page
        .getByText(/A merge conflict starts at line 11/)
        .first()
        .waitFor();
      await workbench.screenshot('merge-conflict-repair');
      writeFileSync(
        join(workbench.workspace, BROKEN),
        CONFLICT.replace(/<<<<<<< ours\n/, '').replace(/=======[\s\S]*>>>>>>> theirs\n/, ''),
      );
      await until('VS Code has read it', async () => !/<<<<<<</.test((await lines.textContent()) ?? ''));
      await page.getByRole('button', { name: 'Open as Notebook' }).first().click();
      await notebook.cellRows().filter({ hasText: '"speed"' }).first().waitFor();
    });

    await step('quiet: no console error of ours', async () => {
      if (workbench.errors.length > 0) throw new Error(workbench.errors.join('\n'));
    });
  } finally {
    await workbench.close();
  }
  return results;
}
