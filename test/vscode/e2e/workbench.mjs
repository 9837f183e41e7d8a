// A real VS Code in a real browser, driven as a person would: clicks, keys, and what can be seen.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import {
  chromiumArguments,
  codeServerCommand,
  startCodeServer,
} from '../../../scripts/vscode/code-server.mjs';
import { findChromium } from '../../../scripts/vscode/install-code-server.mjs';
import { root } from '../../../scripts/bootstrap.mjs';

const STEP_TIMEOUT = 120_000;
export const screens = join(root, 'out', 'screens');

/** Messages of the browser that are code-server's own and say nothing about us. */
const KNOWN = [
  /vsda/,
  /favicon|manifest\.json/,
  /Failed to load resource/,
  /Timed out waiting for authentication provider/,
  /Ignoring fetching|gallery/i,
  /apple-mobile-web-app-capable/,
  /GL Driver Message|GPU stall/,
  /Long running operations during shutdown are unsupported in the web/,
  // VS Code's list of cells, while an edit on disk replaces some of them.
  /Unable to resolve text model content for resource vscode-notebook-cell:/,
  /^.*TypeError: Cannot read properties of null \(reading 'domNode'\)\n.*\/workbench\.js/,
  // Its log files, while the page is left.
  /Unable to write file 'vscode-log:|Throttler is disposed/,
  // VS Code's own timer for asking the extension host before it saves a text file, such as its settings while a window starts on a
  // busy machine. None of our files is text there, and nothing of ours takes part in saving.
  /Aborted onWillSaveTextDocument-event after 1750ms/,
  // An extension of VS Code's own whose code was on its way when the page was left.
  /Failed to fetch dynamically imported module: .*\/lib\/vscode\/extensions\//,
  /An iframe which has both allow-scripts and allow-same-origin/,
  /WebSocket close with status code 1006|connection (was|is) (lost|closed)/i,
];

/**
 * `machine`: settings that belong to the machine, which a window of a remote takes from there alone. `files`: further files
 * of the workspace's folder, by name.
 */
export async function startWorkbench({ vsix, settings = {}, machine = {}, files = {} }) {
  mkdirSync(screens, { recursive: true });
  const base = mkdtempSync(join(tmpdir(), 'waybook-e2e-'));
  const workspace = join(base, 'waybook-samples');
  const userData = join(base, 'user');
  const extensions = join(base, 'extensions');
  for (const folder of [workspace, userData, extensions]) mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'samples/pick-and-place.waybook.md'), join(workspace, 'pick-and-place.waybook.md'));
  writeFileSync(join(workspace, 'README.md'), '# Samples\n');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
  mkdirSync(join(userData, 'Machine'), { recursive: true });
  writeFileSync(join(userData, 'Machine', 'settings.json'), JSON.stringify(machine));
  const code = await codeServerCommand(['--install-extension', vsix], { home: base, userData, extensions });
  if (code !== 0) throw new Error(`The VSIX could not be installed (${code}).`);
  const server = await startCodeServer({
    userData,
    extensions,
    settings: {
      'window.titleBarStyle': 'custom',
      'window.menuBarVisibility': 'compact',
      ...settings,
    },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArguments });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const errors = [];
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT);
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error' || KNOWN.some((known) => known.test(text))) return;
    errors.push(text);
    console.log(`    console: ${text}`);
  });
  page.on('pageerror', (error) => errors.push(`page error: ${error.message}`));
  const workbench = {
    page,
    errors,
    server,
    workspace,
    userData,
    file: (name) => readFileSync(join(workspace, name), 'utf8'),
    async open() {
      // What the page that is being left says about its own end is not counted.
      const before = errors.length;
      await page.goto(`${server.origin}/?folder=${encodeURIComponent(workspace)}`);
      errors.length = before;
      await page.locator('.explorer-folders-view').waitFor();
    },
    setting(name, value) {
      const file = join(userData, 'User', 'settings.json');
      const current = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...current, [name]: value }, null, 2));
    },
    machineSettings: () => JSON.parse(readFileSync(join(userData, 'Machine', 'settings.json'), 'utf8')),
    async command(title) {
      const input = page.locator('.quick-input-widget input');
      // A webview that takes the focus a moment after a click closes the list again: then it is opened once more.
      for (let tries = 5; ; tries--) {
        await page.keyboard.press('F1');
        try {
          await input.waitFor({ timeout: 10_000 });
          await input.fill(`>${title}`, { timeout: 5_000 });
          const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
          await row.click({ timeout: 10_000 });
          return;
        } catch (error) {
          if (tries === 0) throw error;
          await page.keyboard.press('Escape');
          await page.waitForTimeout(500);
        }
      }
    },
    screenshot: (name) => page.screenshot({ path: join(screens, `${name}.png`) }),
    /** The last lines that the extension wrote into its log. */
    log: () =>
      readdirSync(join(userData, 'logs'), { recursive: true })
        .filter((path) => path.endsWith('Waybook.log'))
        .map((path) =>
          readFileSync(join(userData, 'logs', path), 'utf8')
            .trim()
            .split('\n')
            .slice(-20)
            .join('\n'),
        )
        .join('\n'),
    /**
     * Until the page answers at once again. In code-server outputs share the workbench's thread, and a software renderer
     * blocks it while it compiles shaders for the first picture: VS Code then finds its own host slow.
     */
    async settled() {
      let quick = 0;
      await workbench.until('the page answers at once', async () => {
        const started = Date.now();
        await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 0)));
        quick = Date.now() - started < 150 ? quick + 1 : 0;
        return quick >= 4;
      });
    },
    /** Processes of this code-server whose command line has `part`. */
    processes: (part) => processesOfGroup(server.pid, part),
    /** Frames of webviews and outputs that are there now. */
    frames: () => page.frames().filter((frame) => /fake\.html|index\.html/.test(frame.url())),
    async until(what, condition, limit = STEP_TIMEOUT) {
      const end = Date.now() + limit;
      for (;;) {
        const value = await condition();
        if (value) return value;
        if (Date.now() > end) {
          await page.screenshot({ path: join(screens, 'failure.png') });
          throw new Error(`Never happened: ${what}`);
        }
        await page.waitForTimeout(200);
      }
    },
    async close() {
      await browser.close().catch(() => undefined);
      await server.stop();
      rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  return workbench;
}

/** Ids of the processes of a group, by a part of their command line (Linux). */
function processesOfGroup(group, part) {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(join('/proc', name, 'stat'), 'utf8');
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(join('/proc', name, 'cmdline'), 'utf8');
      return Number(pgrp) === group && state !== 'Z' && command.includes(part) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Every canvas of a frame, also inside shadow roots, with how many different colours it shows: a blank one has one.
 */
export async function canvases(frame) {
  return frame
    .evaluate(() => {
      const found = [];
      const visit = (node) => {
        for (const element of node.querySelectorAll('*')) {
          if (element instanceof HTMLCanvasElement && element.width > 40 && element.height > 40)
            found.push(element);
          if (element.shadowRoot) visit(element.shadowRoot);
        }
      };
      visit(document);
      return found.map((canvas) => {
        const copy = document.createElement('canvas');
        copy.width = 160;
        copy.height = 100;
        const context = copy.getContext('2d');
        context.drawImage(canvas, 0, 0, 160, 100);
        const { data } = context.getImageData(0, 0, 160, 100);
        const colours = new Set();
        for (let i = 0; i < data.length; i += 4)
          colours.add((data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4));
        return { width: canvas.width, height: canvas.height, colours: colours.size };
      });
    })
    .catch(() => []);
}

/** Text of a frame, shadow roots included. */
export async function textOf(frame) {
  return frame
    .evaluate(() => {
      let text = '';
      const visit = (node) => {
        text += ` ${node.textContent ?? ''}`;
        for (const element of node.querySelectorAll?.('*') ?? [])
          if (element.shadowRoot) visit(element.shadowRoot);
      };
      if (document.body) visit(document.body);
      return text;
    })
    .catch(() => '');
}
