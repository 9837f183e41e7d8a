import type { Browser, Page } from 'playwright-core';
import type { Site } from '../site.ts';

/** One figure of the viewer beside bare three.js doing the same in the same run. */
export interface Figure {
  readonly name: string;
  readonly viewer: number;
  readonly bare: number;
  readonly unit: string;
  /** what must hold, for people: "at most 1.1x", "1" */
  readonly must: string;
  readonly holds: boolean;
  /** how the two compare, or what the bare figure stands for */
  readonly note: string;
}

export interface Bench {
  readonly browser: Browser;
  readonly site: Site;
  /** a smaller cloud and fewer rounds, to see that it works */
  readonly quick: boolean;
}

/** A figure that must stay within a multiple of the bare one. */
export function ratioFigure(
  name: string,
  unit: string,
  limit: number,
  { viewer, bare }: { viewer: number; bare: number },
  note = '',
): Figure {
  const ratio = viewer / bare;
  return {
    name,
    viewer,
    bare,
    unit,
    must: `at most ${limit}x`,
    holds: ratio <= limit,
    note: [`${ratio.toFixed(2)}x`, note].filter(Boolean).join(', '),
  };
}

/** A fresh page each time: neither side warms the other's caches. */
export async function freshPage<T>({ browser, site }: Bench, work: (page: Page) => Promise<T>): Promise<T> {
  const page = await browser.newPage({ viewport: { width: 960, height: 1200 } });
  try {
    await page.goto(`${site.url}/harness.html`);
    await page.waitForFunction(() => 'harness' in window);
    return await work(page);
  } finally {
    await page.close();
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
