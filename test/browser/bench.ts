// The viewer beside bare three.js doing the same, in the same run: prints a table, and JSON with --json.
import { arch, cpus, loadavg } from 'node:os';
import { firstChunk } from './bench/first-chunk.ts';
import type { Bench, Figure } from './bench/figure.ts';
import { firstPaint } from './bench/first-paint.ts';
import { frameTime } from './bench/frame-time.ts';
import { manyOutputs } from './bench/many-outputs.ts';
import { memory } from './bench/memory.ts';
import { launch } from './browser.ts';
import { startSite } from './site.ts';

const quick = process.argv.includes('--quick');
const asJson = process.argv.includes('--json');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';
const parts: readonly (readonly [string, (bench: Bench) => Promise<Figure | Figure[]>])[] = [
  ['frame', frameTime],
  ['memory', memory],
  ['paint', firstPaint],
  ['outputs', manyOutputs],
  ['chunk', firstChunk],
];

const site = await startSite();
const browser = await launch();
const figures: Figure[] = [];
for (const [name, measure] of parts) {
  if (!name.includes(only)) continue;
  process.stderr.write(`${name}…\n`);
  figures.push(...[await measure({ browser, site, quick })].flat());
}
const machine = `headless Chromium ${browser.version()}, WebGL by SwiftShader, ${cpus().length} cores ${arch()}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
await browser.close();
await site.close();

if (asJson) {
  console.log(JSON.stringify({ bench: 'viewer', machine, figures }, undefined, 2));
} else {
  console.log(machine);
  for (const { name, viewer, bare, unit, must, holds, note } of figures) {
    const value = (v: number): string => `${Number(v.toPrecision(3))} ${unit}`.trim();
    console.log(
      `${name.padEnd(42)} ${value(viewer).padStart(10)}  bare ${value(bare).padStart(10)}  must ${must.padEnd(13)} ${holds ? 'holds' : 'DOES NOT HOLD'}  ${note}`,
    );
  }
}
process.exitCode = figures.every(({ holds }) => holds) ? 0 : 1;
