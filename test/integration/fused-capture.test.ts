import { describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from './run-cli.ts';

const notebook = (body: string): string =>
  `---\nwaybook: 1\nrobot: sim:tabletop?seed=7\n---\n\`\`\`json capture {#look}\n${body}\n\`\`\`\n`;

/** Points of the capture, and everything that was said. */
async function look(body: string): Promise<{ code: number | null; points: number; said: string }> {
  using folder = temporaryFolder();
  const file = folder.write('look.waybook.md', notebook(body));
  const { code, stdout, stderr } = await runCli('run', file, '--runs', folder.path);
  const said = `${stdout}\n${stderr}`;
  return { code, said, points: Number((/([\d,]+) points/.exec(said)?.[1] ?? '0').replaceAll(',', '')) };
}

describe('a capture with several cameras', { timeout: 240_000 }, () => {
  it('sees more than one camera does, and finds each thing once', async () => {
    const one = await look('{ "camera": "front" }');
    const all = await look('{ "cameras": ["front", "left", "top"] }');
    expect(one.code).toBe(0);
    expect(all.code).toBe(0);
    expect(all.points).toBeGreaterThan(1.5 * one.points);
    expect(all.said).toMatch(/4 objects/);
  });

  it('names the cameras that there are, where one is asked for that is not', async () => {
    const { code, said } = await look('{ "cameras": ["front", "roof"] }');
    expect(code).toBe(2);
    expect(said).toMatch(/no camera "roof".*front, left, top/s);
    expect((await look('{ "camera": "front", "cameras": "all" }')).code).toBe(2);
  });
});
