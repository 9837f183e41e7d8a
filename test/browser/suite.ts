import type { Browser, Page } from 'playwright-core';
import { countContexts } from './bench/notebook-page.ts';
import type { Site } from './site.ts';

export interface World {
  readonly browser: Browser;
  readonly site: Site;
}

export interface BrowserTest {
  readonly name: string;
  run(world: World): Promise<void>;
}

/** Opens a page of the site, fails on script errors and policy violations, and closes it. */
export async function withPage<T>(
  { browser, site }: World,
  path: string,
  work: (page: Page) => Promise<T>,
  options: { width?: number; height?: number; reducedMotion?: boolean; allowErrors?: RegExp } = {},
): Promise<T> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 960, height: options.height ?? 600 },
    reducedMotion: options.reducedMotion === false ? 'no-preference' : 'reduce',
  });
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.addInitScript(countContexts);
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  try {
    await page.goto(path.startsWith('file:') ? path : `${site.url}${path}`);
    const result = await work(page);
    const real = problems.filter((p) => !(options.allowErrors?.test(p) ?? false) && !p.includes('favicon'));
    if (real.length > 0) throw new Error(`the page complained: ${real.join('; ')}`);
    return result;
  } finally {
    await page.close();
  }
}

/** Repeats `check` until it holds: drawing is asynchronous and the machine may be busy. */
export async function until(page: Page, what: string, check: () => unknown): Promise<void> {
  try {
    await page.waitForFunction(check, undefined, { timeout: 45_000, polling: 50 });
  } catch {
    throw new Error(`never came true: ${what}`);
  }
}
