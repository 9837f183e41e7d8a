import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GIT_ATTRIBUTES, GIT_IGNORE, withAdvice } from './git-advice.ts';

describe('advice for git', () => {
  it('goes behind what a file has, once', () => {
    const once = withAdvice('node_modules\r\n*.mcap binary', GIT_ATTRIBUTES);
    expect(once).toBe(
      'node_modules\r\n*.mcap binary\r\n\r\n# Runs of Waybook notebooks\r\n*.waybook.md text\r\n*.waybook.runs/** linguist-generated -diff\r\n*.waybook.runs/**/*.bin binary\r\n',
    );
    expect(withAdvice(once, GIT_ATTRIBUTES)).toBe(once);
    expect(withAdvice('', GIT_IGNORE)).toMatch(/^# Runs/);
  });

  it('keeps records out of a repository and previews in', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybook-git-'));
    try {
      const run = 'a.waybook.runs/20261122T110000Z-1a2b3c';
      mkdirSync(join(folder, run), { recursive: true });
      for (const name of ['run.mcap', 'index.json', 'go.scene.json', `${'a'.repeat(64)}.bin`, 'x.tmp'])
        writeFileSync(join(folder, run, name), '');
      writeFileSync(join(folder, '.gitignore'), withAdvice('', GIT_IGNORE));
      writeFileSync(join(folder, '.gitattributes'), withAdvice('', GIT_ATTRIBUTES));
      const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
      git('init', '-q');
      const seen = git('ls-files', '--others', '--exclude-standard').trim().split('\n');
      expect(seen.filter((path) => path.startsWith('a.'))).toEqual([
        `${run}/go.scene.json`,
        `${run}/index.json`,
      ]);
      expect(git('check-attr', 'diff', `${run}/go.scene.json`)).toContain('diff: unset');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
