// Compiles schemas/*.json into plain functions, so that neither ajv nor `new Function` is needed at run time.
// Usage: node scripts/generate-validators.mjs [--check]
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { format, resolveConfig } from 'prettier';
import standaloneCode from 'ajv/dist/standalone/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'src/notebook/file/generated/validators.mjs');
const kinds = ['capture', 'waypoints', 'execute'];

const schemas = await Promise.all(
  kinds.map(async (kind) => JSON.parse(await readFile(join(root, `schemas/${kind}.schema.json`), 'utf8'))),
);
const ajv = new Ajv.default({
  schemas,
  allErrors: true,
  verbose: false,
  code: { source: true, esm: true, lines: true },
});
const names = Object.fromEntries(kinds.map((kind) => [kind, `${kind}.schema.json`]));
const body = standaloneCode.default(ajv, names);
if (/\brequire\(/.test(body))
  throw new Error('The generated validators need a module of ajv at run time: avoid that keyword.');
const raw = `// Generated from schemas/*.json by scripts/generate-validators.mjs. Do not edit.\n${body}\n`;
const text = await format(raw, { ...(await resolveConfig(target)), parser: 'babel' });

if (process.argv.includes('--check')) {
  if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    console.error('src/notebook/file/generated is out of date: run node scripts/generate-validators.mjs');
    process.exit(1);
  }
} else {
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}
