import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulatorProfile } from '../../src/robot/profiles/simulator-profile.ts';
import { ROOT, runCli, temporaryFolder } from './run-cli.ts';

/**
 * A simulator that runs by its own clock, reached by URL: as far as a run can tell, a real robot. Killed at the end.
 */
async function startArm(): Promise<{ url: string; [Symbol.dispose](): void }> {
  const program = join(ROOT, 'dist/simulator.mjs');
  const child = spawn(process.execPath, [program, '--scene', 'tabletop', '--seed', '5', '--real-time'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  const line = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the simulator did not start')), 60_000);
    child.stdout.setEncoding('utf8').once('data', (text: string) => {
      clearTimeout(late);
      resolve(text);
    });
  });
  return { url: (JSON.parse(line) as { url: string }).url, [Symbol.dispose]: stop };
}

const NOTEBOOK = `---
waybook: 1
robot: arm
---
\`\`\`json waypoints {#path}
{ "frame": "base", "waypoints": [
  { "label": "aside", "position": [0.45, 0.15, 0.4], "orientation": [1, 0, 0, 0], "gripper": 1, "radius": 0.02 }
] }
\`\`\`

\`\`\`json execute {#go trajectory=path}
{ "speed": 0.2 }
\`\`\`
`;

interface Report {
  readonly exitCode: number;
  readonly failure: { code: string; message: string; details: { hint?: string } } | null;
  readonly cells: Record<string, { outcome: string }>;
}

describe('a headless run on a robot that we did not start', { timeout: 240_000 }, () => {
  it('moves nothing without an approval, prints what would need one, and moves with exactly that', async () => {
    using arm = await startArm();
    using folder = temporaryFolder();
    const profile = { ...simulatorProfile, name: 'arm', kind: 'robot' };
    const config = folder.write(
      'config.json',
      JSON.stringify({ robots: { arm: { url: arm.url, profile } } }),
    );
    const file = folder.write('move.waybook.md', NOTEBOOK);
    const before = process.env['WAYBOOK_CONFIG'];
    process.env['WAYBOOK_CONFIG'] = config;
    try {
      const run = async (...more: string[]): Promise<Report> =>
        JSON.parse((await runCli('run', file, '--json', '--runs', folder.path, ...more)).stdout) as Report;
      const refused = await run();
      expect(refused.exitCode, JSON.stringify(refused.failure)).toBe(2);
      expect(refused.failure?.code, JSON.stringify(refused.failure)).toBe('input/approval');
      const hash = /[0-9a-f]{64}/.exec(refused.failure?.details.hint ?? '')?.[0] ?? '';
      expect(hash).not.toBe('');
      expect((await run('--approve', 'f'.repeat(64))).exitCode).toBe(2);
      const moved = await run('--approve', hash);
      expect(moved.exitCode, JSON.stringify(moved.failure)).toBe(0);
      expect(moved.cells['go']?.outcome).toBe('succeeded');
    } finally {
      if (before === undefined) delete process.env['WAYBOOK_CONFIG'];
      else process.env['WAYBOOK_CONFIG'] = before;
    }
  });
});
