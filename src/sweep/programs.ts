import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../core/errors.ts';

/** The worker's program, beside every other bundle. */
export const WORKER_SCRIPT = 'sweep-worker.mjs';

/** Everything of ours that a run executes, relative to the installation: what a node needs beside Node itself. */
export const PROGRAM_FILES = [
  `dist/${WORKER_SCRIPT}`,
  'dist/simulator.mjs',
  'dist/expert.mjs',
  'dist/mujoco.wasm',
  'models/action-expert.onnx',
  'models/action-expert.onnx.sha256',
] as const;
/** An installation without a model still sweeps with the other refiners. */
const OPTIONAL = /^models\//;

/** The folder that holds `dist/`, seen from a running bundle. */
export const installationRoot = (): string => join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * SHA-256 over the programs and the model: part of every run's key, and what a node's bundle must agree with. Throws
 * `input/file` that names the file that is missing.
 */
export function hashPrograms(root = installationRoot()): string {
  const hash = createHash('sha256');
  for (const file of PROGRAM_FILES) {
    const path = join(root, file);
    if (!existsSync(path)) {
      if (OPTIONAL.test(file)) continue;
      throw new WaybookError('input/file', `The headless bundle lacks ${file}.`, {
        hint: 'Run "npm run build", or unpack the bundle again.',
      });
    }
    hash.update(`${file}\0`).update(createHash('sha256').update(readFileSync(path)).digest());
  }
  return hash.digest('hex');
}
