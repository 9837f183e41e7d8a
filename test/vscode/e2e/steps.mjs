// What the end-to-end flows share: steps that build on each other, and looking at a notebook and its runs from outside.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canvases, textOf } from './workbench.mjs';

/** Runs steps in order; after one that failed the next are not tried. */
export function stepper(workbench, results) {
  return async function step(name, work) {
    if (results.failed > 0) return;
    const started = performance.now();
    try {
      await work();
      results.passed++;
      console.log(`  ✔ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      results.failed++;
      console.log(`  ✘ ${name}: ${error.stack ?? error}`);
      console.log(workbench.log());
      await workbench.screenshot('failure').catch(() => undefined);
    }
  };
}

/** A notebook in the workbench, by its name in the workspace's folder. */
export function notebookIn(workbench, name) {
  const { page, until } = workbench;
  const runsFolder = join(workbench.workspace, name.replace(/\.md$/, '.runs'));
  const runs = () => (existsSync(runsFolder) ? readdirSync(runsFolder).sort() : []);
  const indexOf = (run) => {
    try {
      return JSON.parse(readFileSync(join(runsFolder, run, 'index.json'), 'utf8'));
    } catch {
      return { state: 'running', cells: {} };
    }
  };
  const cellRows = () => page.locator('.cell-list-container .code-cell-row');
  /** The list's box, the mouse over its left edge: outputs are frames, which do not scroll the list. */
  const overList = async () => {
    const list = await page.locator('.cell-list-container').last().boundingBox();
    await page.mouse.move(list.x + 8, list.y + list.height / 2);
    return list;
  };
  /**
   * The cell that holds a text, its lines in sight. The list takes cells out of the page that are scrolled away, and lines
   * too: then it is gone through from its top.
   */
  const cellWith = async (content) => {
    const cell = cellRows().filter({ hasText: content }).first();
    let down = Infinity;
    return until(`a cell with ${content} is in sight`, async () => {
      const list = await overList();
      const lines = await cell
        .locator('.view-lines')
        .first()
        .boundingBox({ timeout: 500 })
        .catch(() => null);
      const room = list.height - 80;
      if (lines) {
        const above = list.y + 40 - lines.y;
        const below = lines.y + Math.min(lines.height, room) - (list.y + list.height - 40);
        if (above <= 0 && below <= 0) return cell;
        await page.mouse.wheel(0, above > 0 ? -above : below);
      } else {
        // From the top, two thirds of a page at a time, and again from the top after the end.
        down = down > 40 ? -1 : down + 1;
        await page.mouse.wheel(0, down < 0 ? -1e6 : room * 0.66);
      }
      await page.waitForTimeout(300);
      return undefined;
    });
  };
  return {
    cellWith,
    runs,
    indexOf,
    cellRows,
    outputTexts: async () => (await Promise.all(workbench.frames().map(textOf))).join('\n'),
    drawn: async () =>
      (await Promise.all(workbench.frames().map(canvases))).flat().filter(({ colours }) => colours > 8)
        .length,
    statusText: async () => (await page.locator('.part.statusbar').textContent()) ?? '',
    /** the text of the cell that holds a text, and nothing else of it */
    async linesOf(content) {
      const cell = await cellWith(content);
      return (await cell.locator('.view-lines').first().textContent({ timeout: 5000 })) ?? '';
    },
    /** fails with what VS Code complains about in open files */
    async noProblems() {
      const badge = page.locator('[id="status.problems"]');
      const counts = ((await badge.textContent()) ?? '').match(/\d+/g) ?? [];
      if (counts.every((count) => count === '0')) return;
      await workbench.command('Problems: Focus on Problems View');
      await page.locator('.markers-panel-container').waitFor();
      await page.waitForTimeout(1000);
      throw new Error(`Problems: ${await page.locator('.markers-panel-container').textContent()}`);
    },
    cellText: async () => (await page.locator('.cell-list-container').last().textContent()) ?? '',
    /** presses Run All; what it says where it has to press again is a fault to look for */
    async runAll() {
      const count = runs().length;
      await until('Run All starts a run', async () => {
        await page
          .getByRole('button', { name: /^Run All/ })
          .first()
          .click();
        for (let i = 0; i < 80 && runs().length === count; i++) await page.waitForTimeout(250);
        if (runs().length > count) return true;
        await workbench.screenshot('run-all-again');
        console.log('    Run All started nothing within 20 s');
        return false;
      });
    },
    /** until the toolbar offers to run again */
    idle: () =>
      page
        .getByRole('button', { name: /^Run All/ })
        .first()
        .waitFor(),
    ended: (count, limit = 180_000) =>
      until(
        `run ${count} ended`,
        () => runs().length >= count && indexOf(runs()[count - 1]).state !== 'running',
        limit,
      ),
    /** until the run of this number has an output of so many cells, and a moment more: the arm is on its way */
    moving: async (count, cells) => {
      await until(
        'the robot moves',
        () => runs().length >= count && Object.keys(indexOf(runs()[count - 1]).cells).length >= cells,
        120_000,
      );
      await page.waitForTimeout(1000);
    },
    async open() {
      await workbench.open();
      // On a busy machine the explorer is there before our contributions are, and a file opened then is plain text.
      await page.locator('.activitybar .action-item [aria-label="Waybook"]').first().waitFor();
      const entry = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
      const opened = async () => {
        await entry.dblclick();
        return cellRows()
          .first()
          .waitFor({ timeout: 30_000 })
          .then(
            () => true,
            () => workbench.command('View: Close Editor').then(() => false),
          );
      };
      await until('the notebook is open', opened);
      await page.locator('.notebook-toolbar-container', { hasText: 'Stop Motion' }).waitFor();
    },
    /** wheels the notebook until what stands in an output is in sight */
    async inView(locator) {
      const list = await overList();
      const [top, bottom] = [list.y + 60, list.y + list.height - 40];
      await until('it is in sight', async () => {
        const box = await locator.boundingBox();
        if (!box) return false;
        const by =
          box.y < top ? box.y - top - 40 : box.y + box.height > bottom ? box.y + box.height - bottom + 40 : 0;
        if (by === 0) return true;
        await page.mouse.wheel(0, by);
        await page.waitForTimeout(300);
        return false;
      });
    },
    /** clicks into a line of the cell that holds a text */
    async focusLine(text, line) {
      await until(`line ${line} of the cell with ${text} has the focus`, async () => {
        const cell = await cellWith(text);
        try {
          await cell.locator('.view-line').nth(line).click({ timeout: 5000 });
          await cell.locator('.monaco-editor.focused').waitFor({ timeout: 5000 });
          return true;
        } catch {
          // An output above it that grew moved it away.
          return false;
        }
      });
    },
  };
}
