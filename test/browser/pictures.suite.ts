import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleScenes } from './sample-scenes.ts';
import { until, withPage } from './suite.ts';
import type { BrowserTest } from './suite.ts';

const FOLDER = 'test/browser/references';
/** A pixel differs when a channel is off by more than this; fonts and drivers differ by less, mistakes by more. */
const CHANNEL = 40;
/** Share of pixels that may differ. */
const SHARE = 0.02;
const isUpdate = process.argv.includes('--update');

const scenes = sampleScenes({ points: 9000 });

const picture = (
  kind: 'capture' | 'plan' | 'refused' | 'executed',
  theme: 'dark' | 'light',
): BrowserTest => ({
  name: `picture: ${kind}, ${theme}`,
  run: (world) =>
    withPage(
      world,
      `/harness.html?theme=${theme}`,
      async (page) => {
        await until(page, 'the harness', () => 'harness' in window);
        const png = await page.evaluate(async (scene) => {
          const viewer = window.harness.createViewer({
            element: document.getElementById('view') as HTMLElement,
            resolve: () => Promise.reject(new Error('none')),
            plots: 'none',
          });
          await viewer.show(scene);
          viewer.setTime(viewer.clock.end * 0.56);
          const blob = await viewer.screenshot();
          const bytes = new Uint8Array(await blob.arrayBuffer());
          let text = '';
          for (const b of bytes) text += String.fromCharCode(b);
          return btoa(text);
        }, scenes[kind]);
        const file = join(FOLDER, `${kind}-${theme}.png`);
        if (isUpdate || !existsSync(file)) {
          if (!isUpdate) throw new Error(`${file} is missing: look at it after --update`);
          await mkdir(FOLDER, { recursive: true });
          await writeFile(file, Buffer.from(png, 'base64'));
          return;
        }
        const reference = (await readFile(file)).toString('base64');
        const share = await page.evaluate(
          async ([a, b, tolerance]) => {
            const pixels = async (base64: string): Promise<ImageData> => {
              const image = new Image();
              image.src = `data:image/png;base64,${base64}`;
              await image.decode();
              const canvas = new OffscreenCanvas(image.width, image.height);
              const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
              context.drawImage(image, 0, 0);
              return context.getImageData(0, 0, image.width, image.height);
            };
            const [x, y] = [await pixels(a), await pixels(b)];
            if (x.width !== y.width || x.height !== y.height) return 1;
            let off = 0;
            for (let i = 0; i < x.data.length; i += 4) {
              for (let k = 0; k < 3; k++) {
                if (Math.abs((x.data[i + k] ?? 0) - (y.data[i + k] ?? 0)) > tolerance) {
                  off++;
                  break;
                }
              }
            }
            return off / (x.data.length / 4);
          },
          [png, reference, CHANNEL] as const,
        );
        if (share > SHARE) {
          await mkdir('out/browser', { recursive: true });
          await writeFile(join('out/browser', `${kind}-${theme}.actual.png`), Buffer.from(png, 'base64'));
          throw new Error(
            `${(share * 100).toFixed(1)} % of the pixels differ; see out/browser/${kind}-${theme}.actual.png`,
          );
        }
      },
      { width: 560, height: 380 },
    ),
});

/** Eight pictures that a person has looked at; `--update` writes them anew, to be looked at again. */
export const pictureTests: readonly BrowserTest[] = (
  ['capture', 'plan', 'refused', 'executed'] as const
).flatMap((kind) => [picture(kind, 'dark'), picture(kind, 'light')]);
