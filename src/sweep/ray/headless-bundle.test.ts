import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM_FILES } from '../programs.ts';
import { HEADLESS_MODULE, headlessBundle } from './headless-bundle.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
/** Answers every run with its own Node's place. */
const WORKER = `import { createInterface } from 'node:readline';
console.log('{"ready":true}');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, index } = JSON.parse(line);
  if (index !== undefined) console.log(JSON.stringify({ id, value: process.execPath }));
});`;
const hasPython = spawnSync('python3', ['--version']).status === 0;

let base: string;
/** An installation with everything that a bundle is made of, the worker a stand-in. */
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'waybook-bundle-'));
  const file = (path: string, text: string): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  for (const path of PROGRAM_FILES) file(path, path.endsWith('sweep-worker.mjs') ? WORKER : path);
  const binaries = `bin/napi-v6/${process.platform}/${process.arch}`;
  file(`node_modules/onnxruntime-node/${binaries}/libonnxruntime.so`, '');
  file('node_modules/onnxruntime-common/package.json', '{}');
  cpSync(join(REPOSITORY, 'ray'), join(base, 'ray'), { recursive: true });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));
const bundle = (withNode: boolean) => headlessBundle({ root: base, cache: join(base, 'cache'), withNode });

describe('the headless bundle', () => {
  it('is made once, and differs with what is in it', () => {
    const plain = bundle(false);
    expect(bundle(false)).toEqual(plain);
    expect(existsSync(join(plain.folder, HEADLESS_MODULE, 'node'))).toBe(false);
    expect(bundle(true).hash).not.toBe(plain.hash);
    writeFileSync(join(base, 'dist/expert.mjs'), 'another');
    expect(bundle(false).hash).not.toBe(plain.hash);
  });

  it.skipIf(!hasPython)(
    'runs with its own Node where a machine has none, and says what is missing without',
    () => {
      const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
      const run = (withNode: boolean) => {
        const { folder } = bundle(withNode);
        const code =
          'import waybook_headless.runner as r; print(r.run_one({"description": {"programs": ""}}, 0, 60)[0]["value"])';
        return spawnSync(python.stdout.trim(), ['-c', code], {
          cwd: folder,
          encoding: 'utf8',
          env: { PATH: '/nowhere', PYTHONDONTWRITEBYTECODE: '1' },
        });
      };
      const own = run(true);
      expect(own.stdout.trim(), own.stderr).toMatch(/waybook_headless\/node\/bin\/node$/);
      const none = run(false);
      expect(none.status).not.toBe(0);
      expect(none.stderr).toMatch(/Node is missing.*--with-node/);
    },
  );

  it('leaves the cache with the newest and what was used of late', () => {
    const first = bundle(false);
    const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);
    writeFileSync(join(base, 'dist/expert.mjs'), 'second');
    const second = bundle(false);
    utimesSync(first.folder, ago(3), ago(3));
    utimesSync(second.folder, ago(2), ago(2));
    writeFileSync(`${first.folder}.zip`, '');
    writeFileSync(join(base, 'dist/expert.mjs'), 'third');
    const third = bundle(false);
    expect([first, second, third].map(({ folder }) => existsSync(folder))).toEqual([false, true, true]);
    expect(existsSync(`${first.folder}.zip`)).toBe(false);
  });
});
