import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Headless Chromium with WebGL2 in software, the same on every machine. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['WAYBOOK_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--enable-precise-memory-info',
      '--js-flags=--expose-gc',
      '--font-render-hinting=none',
    ],
  });
