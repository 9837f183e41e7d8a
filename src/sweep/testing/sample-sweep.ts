import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SweepDescription } from '../description.ts';
import { parseFactor } from '../factor.ts';

const NOTEBOOK = '---\nwaybook: 1\nrobot: sim:stack\n---\n# Stack\n';

/** A sweep over seeds and noise whose runs no simulator needs to do. */
export function sampleSweep(seeds: number, more: Partial<SweepDescription> = {}): SweepDescription {
  return {
    waybookSweep: 1,
    title: 'stack',
    notebooks: [{ name: 'stack', text: NOTEBOOK, files: [] }],
    factors: [parseFactor(`seed=0..${seeds - 1}`), parseFactor('noise=0,10mm')],
    keep: 4,
    programs: 'none',
    ...more,
  };
}

/** A folder with stand-ins for the built viewer and report. */
export function assetsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybook-assets-'));
  writeFileSync(join(folder, 'page.js'), 'void 0;');
  writeFileSync(join(folder, 'sweep-report.js'), 'void 0;');
  return folder;
}

/**
 * A worker that answers as the real one does, from the order alone: seed 1 ends its process, every time; seed 2 once, by
 * a file that it leaves in `marks`; seed 3 fails; the others succeed. Every start and every run is noted there.
 */
export function fakeWorker(folder: string, marks: string): string {
  const script = join(folder, 'sweep-worker.mjs');
  writeFileSync(
    script,
    `import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
    const marks = ${JSON.stringify(marks)};
    process.on('message', ({ id, payload: order }) => {
      const { seed } = order.values;
      appendFileSync(marks + '/runs', order.index + ' ' + process.pid + '\\n');
      if (seed === 1) process.kill(process.pid, 'SIGKILL');
      if (seed === 2 && !existsSync(marks + '/once')) { writeFileSync(marks + '/once', ''); process.kill(process.pid, 'SIGKILL'); }
      const success = seed !== 3;
      const { index, key, notebook, values } = order;
      const row = { index, key, notebook, values, success, outcome: success ? 'succeeded' : 'failed', exitCode: success ? 0 : 1,
        reason: success ? 'on it' : 'it is 12 mm off', trajectoryHash: key.slice(0, 8), metrics: { offset: seed / 7 } };
      setTimeout(() => process.send({ id, value: { row, seconds: 0.01 } }), 20);
    });
    process.on('disconnect', () => process.exit(0));`,
  );
  return script;
}
