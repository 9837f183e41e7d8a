import type { Page } from 'playwright-core';
import { sampleScenes } from '../sample-scenes.ts';
import type { Bench, Figure } from './figure.ts';
import { freshPage } from './figure.ts';
import {
  countContexts,
  fillNotebook,
  idleFrames,
  paintedOutputs,
  rerun,
  scrollThrough,
} from './notebook-page.ts';

const OUTPUTS = 100;
const RERUNS = 200;
/** A heap that grows by less is a heap that stays: what a collection leaves behind varies by this much [MB]. */
const GROWTH_LIMIT = 2;

/** A hundred outputs in one notebook, and a cell that is run again and again: the viewer, and a renderer per output. */
export async function manyOutputs(bench: Bench): Promise<Figure[]> {
  const outputs = bench.quick ? 20 : OUTPUTS;
  const reruns = bench.quick ? 20 : RERUNS;
  const ours = await notebook(bench, outputs, reruns);
  const bare = await bareNotebook(bench, outputs, reruns);
  return [
    {
      name: `live WebGL contexts of ${outputs} outputs`,
      viewer: ours.contexts,
      bare: bare.contexts,
      unit: '',
      must: '1',
      holds: ours.contexts === 1,
      note: 'bare: a renderer each, of which the browser keeps so many',
    },
    {
      name: `painted of ${outputs} outputs`,
      viewer: ours.painted,
      bare: bare.painted,
      unit: '',
      must: String(outputs),
      holds: ours.painted === outputs,
      note: 'live or as a still; bare: context not lost',
    },
    {
      name: 'frames in one idle second',
      viewer: ours.idle,
      bare: bare.idle,
      unit: '',
      must: '0',
      holds: ours.idle === 0,
      note: 'bare: its usual animation loop, frames of all outputs',
    },
    {
      name: `memory after ${reruns} more re-runs of a cell`,
      viewer: ours.grown,
      bare: bare.grown,
      unit: 'MB',
      must: `under ${GROWTH_LIMIT} MB`,
      holds: ours.grown < GROWTH_LIMIT,
      note: 'bare: geometry replaced and disposed',
    },
  ];
}

interface Counts {
  readonly contexts: number;
  readonly painted: number;
  readonly idle: number;
  /** MB */
  readonly grown: number;
}

async function notebook({ browser, site }: Bench, outputs: number, reruns: number): Promise<Counts> {
  const page = await browser.newPage({ viewport: { width: 960, height: 700 } });
  page.setDefaultTimeout(120_000);
  try {
    await page.addInitScript(countContexts);
    await page.goto(`${site.url}/notebook.html`);
    await page.waitForFunction(() => 'renderer' in window);
    const small = sampleScenes({ points: 800 });
    await fillNotebook(page, small.capture, outputs);
    await scrollThrough(page, outputs);
    const painted = await paintedOutputs(page, outputs);
    const idle = await idleFrames(page);
    const { contexts } = await page.evaluate(
      () => (window as unknown as { counts: { contexts: number } }).counts,
    );
    const grown = await rerun(page, [small.refined, small.refused], reruns);
    return { contexts, painted, idle, grown };
  } finally {
    await page.close();
  }
}

const bareNotebook = (bench: Bench, outputs: number, reruns: number): Promise<Counts> =>
  freshPage(bench, (page: Page) =>
    page.evaluate(
      async ([n, runs]) => {
        const { three: T, bareCloud, sampleCloud, heap } = window.harness;
        const host = document.getElementById('view') as HTMLElement;
        const { positions, colors } = sampleCloud(800);
        const all = Array.from({ length: n }, () => {
          const element = document.createElement('div');
          element.style.cssText = 'width:300px;height:94px';
          host.append(element);
          return bareCloud(element, positions, colors);
        });
        for (const bare of all) bare.draw();
        await new Promise((done) => setTimeout(done, 500));
        const kept = all.filter(({ renderer }) => !renderer.getContext().isContextLost());
        let idle = 0;
        for (const bare of kept)
          bare.renderer.setAnimationLoop(() => {
            bare.draw();
            idle++;
          });
        await new Promise((done) => setTimeout(done, 1000));
        for (const bare of all) bare.renderer.setAnimationLoop(null);
        const counted = idle;
        const [one] = kept;
        for (const bare of all) if (bare !== one) bare.renderer.dispose();
        const scene = new T.Scene();
        const again = async (times: number): Promise<void> => {
          for (let i = 0; i < times; i++) {
            const geometry = new T.BufferGeometry();
            geometry.setAttribute('position', new T.BufferAttribute(positions.slice(), 3));
            const points = new T.Points(geometry, new T.PointsMaterial());
            scene.add(points);
            one?.renderer.render(scene, one.camera);
            scene.remove(points);
            geometry.dispose();
            points.material.dispose();
            await new Promise((done) => setTimeout(done, 4));
          }
        };
        await again(40);
        const before = await heap();
        await again(runs);
        return {
          contexts: kept.length,
          painted: kept.length,
          idle: counted,
          grown: ((await heap()) - before) / 1e6,
        };
      },
      [outputs, reruns] as const,
    ),
  );
