import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { readNotebook } from '../../src/notebook/file/read-notebook.ts';
import { listRuns, loadLastOutputs } from '../../src/records/last-outputs.ts';
import { readRecord } from '../../src/records/read-record.ts';
import { ROOT, runCli, startCli, temporaryFolder } from './run-cli.ts';

/** 200 in the long run: WAYBOOK_KILLS=200 npx vitest run test/integration/kill-run.test.ts --reporter=verbose */
const KILLS = Number(process.env['WAYBOOK_KILLS'] ?? 10);
/** number, and so seed, of the first: WAYBOOK_KILLS_FROM=50 begins another chunk */
const FIRST = Number(process.env['WAYBOOK_KILLS_FROM'] ?? 0);
const NAME = 'pick-and-place.waybook.md';

describe('waybook run --write, killed', () => {
  it(
    `leaves a record that opens and the notebook as it was or as it became, at ${KILLS} random moments`,
    { timeout: 120_000 + KILLS * 20_000 },
    async () => {
      using folder = temporaryFolder();
      const at = (...parts: string[]): string => join(folder.path, ...parts);
      const before = readFileSync(join(ROOT, 'samples', NAME), 'utf8');
      const whole = folder.write(NAME, before);
      const start = performance.now();
      expect((await runCli('run', whole, '--write')).code).toBe(0);
      let took = performance.now() - start;
      const after = readFileSync(whole, 'utf8');
      readNotebook(after, NAME);

      const found = { records: 0, unfinished: 0, written: 0 };
      for (let i = FIRST; i < FIRST + KILLS; i++) {
        const random = new Random(i, 'kill a run');
        const file = at(`${i}.waybook.md`);
        copyFileSync(join(ROOT, 'samples', NAME), file);
        const { child, done } = startCli(['run', file, '--write']);
        await new Promise((resolve) => setTimeout(resolve, random.uniform(0.2, 1.1) * took));
        child.kill('SIGKILL');
        await done;
        const text = readFileSync(file, 'utf8');
        expect([before, after]).toContain(text);
        if (text === after && after !== before) found.written++;
        const runs = at(`${i}.waybook.runs`);
        if (!existsSync(runs) || readdirSync(runs).length === 0) {
          // Other work on the machine makes runs slower or faster: the moments follow it.
          took *= 1.1;
          continue;
        }
        const [run] = listRuns(runs);
        // Killed between making the folder and its first index.
        if (!run) continue;
        const record = readRecord(join(runs, run.name));
        found.records++;
        if (!record.complete) found.unfinished++;
        else took *= 0.95;
        loadLastOutputs(runs);
      }
      expect(found.records).toBeGreaterThan(KILLS / 4);
      expect(found.unfinished).toBeGreaterThan(0);
      console.log(
        `${KILLS} kills from ${FIRST}: every notebook whole (${found.written} as written), ` +
          `${found.records} records, all open, ${found.unfinished} of them unfinished`,
      );
    },
  );
});
