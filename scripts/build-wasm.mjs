// Assembles src/robot/protocol/split-points.wat into the module that the code loads.
// Usage: node scripts/build-wasm.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import loadWabt from 'wabt';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'src/robot/protocol');
const wabt = await loadWabt();
const source = await readFile(join(folder, 'split-points.wat'), 'utf8');
const parsed = wabt.parseWat('split-points.wat', source, { simd: true });
parsed.validate();
const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
const lines = base64.match(/.{1,100}/g).map((line) => `  '${line}',`);
await writeFile(
  join(folder, 'split-points-wasm.ts'),
  `/** WebAssembly, base64. Assembled from split-points.wat by scripts/build-wasm.mjs. */
export const SPLIT_POINTS_WASM = [
${lines.join('\n')}
].join('');
`,
);
