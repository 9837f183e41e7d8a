import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The simulator's program, bundled from the sources of now into a folder of its own. */
export interface SimulatorProgram extends AsyncDisposable {
  readonly path: string;
  start(args: readonly string[]): Promise<SimulatorProcess>;
}

export interface SimulatorProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** exit code, or the signal's name */
  readonly exited: Promise<number | string>;
}

export async function buildSimulator(): Promise<SimulatorProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'waybook-simulator-'));
  const path = join(folder, 'simulator.mjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/simulator/main.ts'],
    outfile: path,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    external: ['bufferutil', 'utf-8-validate'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  await copyFile(join(root, 'node_modules/@mujoco/mujoco/mujoco.wasm'), join(folder, 'mujoco.wasm'));
  const children: ChildProcess[] = [];
  return {
    path,
    async start(args) {
      const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
      children.push(child);
      const exited = new Promise<number | string>((resolve) =>
        child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')),
      );
      const line = new Promise<string>((resolve) =>
        createInterface({ input: child.stdout as Readable }).once('line', resolve),
      );
      const first = await Promise.race([
        line,
        exited.then((how) => Promise.reject(new Error(`the simulator ended: ${how}`))),
      ]);
      return { url: (JSON.parse(first) as { url: string }).url, child, exited };
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
