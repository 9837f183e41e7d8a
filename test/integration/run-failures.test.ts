import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/records/read-record.ts';
import { runLocationOf } from './record-place.ts';
import { childrenOf, ROOT, runCli, startCli, temporaryFolder, until } from './run-cli.ts';

const capture = '```json capture {#look}\n{ "camera": "front" }\n```\n';
const waypoints = (rows: string): string =>
  `\`\`\`json waypoints {#path capture=look}\n{ "frame": "base", "waypoints": [\n${rows}\n] }\n\`\`\`\n`;
const notebook = (...cells: string[]): string =>
  `---\nwaybook: 1\nrobot: sim:tabletop?seed=3\n---\n${cells.join('\n')}`;
const waypoint = (label: string, position: string): string =>
  `  { "label": "${label}", "position": ${position}, "orientation": [1, 0, 0, 0], "gripper": 1, "radius": 0.02 }`;

/** Exit code and the one paragraph on standard error that explains a failure. */
async function failureOf(text: string): Promise<{ code: number | null; message: string }> {
  using folder = temporaryFolder();
  const { code, stderr, stdout } = await runCli(
    'run',
    folder.write('bad.waybook.md', text),
    '--json',
    '--runs',
    folder.path,
  );
  const report = stdout === '' ? undefined : (JSON.parse(stdout) as { failure: { message: string } | null });
  return { code, message: `${stderr}\n${report?.failure?.message ?? ''}` };
}

describe('waybook run with bad input', { timeout: 240_000 }, () => {
  it('refuses a target out of reach and names cell and waypoint', async () => {
    const { code, message } = await failureOf(
      notebook(capture, waypoints(waypoint('far away', '[2.5, 0, 0.3]'))),
    );
    expect(code).toBe(2);
    expect(message).toMatch(/far away/);
    expect(message).toMatch(/reach|workspace/i);
  });

  it('refuses waypoints under the table with the limit', async () => {
    const { code, message } = await failureOf(
      notebook(
        capture,
        waypoints([waypoint('above', '[0.5, 0, 0.3]'), waypoint('below', '[0.5, 0, -0.1]')].join(',\n')),
      ),
    );
    expect(code).toBe(2);
    expect(message).toMatch(/limit|clearance|workspace|lowest/i);
    expect(message).toMatch(/below|waypoint 2/);
  });

  it('refuses words that it cannot ground and says which', async () => {
    const { code, message } = await failureOf(
      notebook(capture, '```instruction {#do capture=look}\nput the purple elephant in the bowl\n```\n'),
    );
    expect(code).toBe(2);
    expect(message).toMatch(/purple elephant/);
  });

  it('names the line of NaN in JSON', async () => {
    const text = notebook(capture, waypoints(waypoint('nowhere', '[NaN, 0, 0.3]')));
    const line = text.split('\n').findIndex((row) => row.includes('NaN')) + 1;
    using folder = temporaryFolder();
    const file = folder.write('nan.waybook.md', text);
    const checked = await runCli('check', file);
    expect(checked.code).toBe(2);
    expect(checked.stdout).toContain(`nan.waybook.md:${line}`);
    const { code, message } = await failureOf(text);
    expect(code).toBe(2);
    expect(message).toMatch(/NaN|number/i);
  });

  it('says so when the file is missing, has conflict markers, or an unknown scene', async () => {
    expect(await runCli('run', 'no-such-file.waybook.md')).toMatchObject({ code: 2 });
    const conflict = await failureOf(`${notebook(capture)}\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n`);
    expect(conflict.code).toBe(2);
    expect(conflict.message).toMatch(/conflict/i);
    const scene = await failureOf(notebook(capture).replace('tabletop', 'no-such-scene'));
    expect(scene.code).not.toBe(0);
    expect(scene.message).toMatch(/no-such-scene/);
  });
});

describe('waybook run when a process dies', { timeout: 240_000 }, () => {
  it('ends with 3, a message and a readable record when the simulator is killed while the arm moves', async () => {
    using folder = temporaryFolder();
    const runs = join(folder.path, 'runs');
    const { child, done } = startCli([
      'run',
      join(ROOT, 'samples/sort.waybook.md'),
      '--runs',
      runs,
      '--json',
    ]);
    // The run under way has states on disk long before it ends.
    expect(await until(() => recordedStates(runs) > 150, 120_000)).toBe(true);
    const [simulator] = childrenOf(child.pid ?? 0);
    if (simulator === undefined) throw new Error('the run has no simulator process');
    process.kill(simulator, 'SIGKILL');
    const { code, stderr, stdout } = await done;
    expect(code, stderr).toBe(3);
    expect(`${stderr}${stdout}`).toMatch(/simulator/i);
    expect(recordedStates(runs)).toBeGreaterThan(150);
    const index = JSON.parse(readFileSync(join(runLocationOf(runs), 'index.json'), 'utf8')) as {
      state: string;
    };
    expect(index.state).toBe('failed');
  });

  it('takes the simulator with it when it is killed itself', async () => {
    using folder = temporaryFolder();
    const { child, done } = startCli(['run', join(ROOT, 'samples/sort.waybook.md'), '--runs', folder.path]);
    expect(await until(() => childrenOf(child.pid ?? 0).length > 0, 60_000)).toBe(true);
    const [simulator = 0] = childrenOf(child.pid ?? 0);
    child.kill('SIGKILL');
    await done;
    const gone = (): boolean => {
      try {
        process.kill(simulator, 0);
        return false;
      } catch {
        return true;
      }
    };
    expect(await until(gone, 20_000)).toBe(true);
  });

  it('stops cleanly on Ctrl-C: the arm is brought to rest and the record ends', async () => {
    using folder = temporaryFolder();
    const runs = join(folder.path, 'runs');
    const { child, done } = startCli(['run', join(ROOT, 'samples/sort.waybook.md'), '--runs', runs]);
    expect(await until(() => recordedStates(runs) > 150, 120_000)).toBe(true);
    child.kill('SIGINT');
    const { code, stdout } = await done;
    expect(code).toBe(1);
    expect(stdout).toMatch(/Stopped/);
    const index = JSON.parse(readFileSync(join(runLocationOf(runs), 'index.json'), 'utf8')) as {
      state: string;
    };
    expect(index.state).toBe('cancelled');
  });
});

/** Joint states in a run's record, however it ended; 0 where there is none yet. */
function recordedStates(runs: string): number {
  try {
    return readRecord(runLocationOf(runs)).states.length;
  } catch {
    return 0;
  }
}
