// Runs the viewer's browser tests and prints one line each: node test/browser/run.mjs [part of a name]
import { behaviourTests } from './behaviour.suite.ts';
import { launch } from './browser.ts';
import { compareTests } from './compare.suite.ts';
import { handTests } from './hand.suite.ts';
import { hostTests } from './hosts.suite.ts';
import { limitTests } from './limits.suite.ts';
import { pinTests } from './pins.suite.ts';
import { pictureTests } from './pictures.suite.ts';
import { sceneGraphTests } from './scene-graph.suite.ts';
import { startSite } from './site.ts';
import { urdfTests } from './urdf.suite.ts';

const wanted = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? '';
const tests = [
  ...sceneGraphTests,
  ...urdfTests,
  ...behaviourTests,
  ...handTests,
  ...compareTests,
  ...limitTests,
  ...hostTests,
  ...pinTests,
  ...pictureTests,
].filter((t) => t.name.includes(wanted));
const site = await startSite();
const browser = await launch();
const failed: string[] = [];
for (const test of tests) {
  try {
    await test.run({ browser, site });
    console.log(`ok   ${test.name}`);
  } catch (error) {
    failed.push(test.name);
    console.log(
      `FAIL ${test.name}\n     ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}
await browser.close();
await site.close();
console.log(`${tests.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && tests.length > 0 ? 0 : 1;
