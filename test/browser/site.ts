// Builds the browser bundles as the product does (minified, split) and serves them with pages that play the hosts.
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import * as esbuild from 'esbuild';

export interface Site {
  readonly url: string;
  /** bytes of each file, by name, and which files a bundle loads at once */
  readonly metafile: esbuild.Metafile;
  /** extra files served under /data/ */
  readonly data: Map<string, Uint8Array | string>;
  close(): Promise<void>;
}

/** Of this process alone: tests and benches may run beside each other. */
const OUT = `out/browser/site-${process.pid}`;
const TYPES: Readonly<Record<string, string>> = {
  '.mjs': 'text/javascript',
  '.js': 'text/javascript',
  '.html': 'text/html',
  '.bin': 'application/octet-stream',
};

/** The policy that the extension gives its panels (src/extension/support/webview-page.ts), with this origin. */
const PANEL_POLICY =
  "default-src 'none'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; script-src 'nonce-test' 'self'; connect-src 'self' data: blob:; worker-src blob:";

const pages: Readonly<Record<string, { policy?: string; body: string }>> = {
  'inspector.html': {
    policy: PANEL_POLICY,
    body: `<script nonce="test">
      window.posted = [];
      let state = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;
      window.acquireVsCodeApi = () => ({
        postMessage: (m) => window.posted.push(m),
        getState: () => state,
        setState: (s) => { state = s; sessionStorage.setItem('state', JSON.stringify(s)); },
      });
    </script><script type="module" nonce="test" src="/inspector.mjs"></script>`,
  },
  'notebook.html': {
    body: `<style>body{margin:0;background:var(--vscode-editor-background)} .cell{margin:8px 24px}</style><div id="cells"></div><script type="module">
      import { activate } from '/renderer.mjs';
      window.posted = [];
      let state;
      let listener = () => {};
      window.send = (m) => listener(m);
      window.renderer = await activate({
        workspace: { isTrusted: true },
        getState: () => state,
        setState: (s) => { state = s; },
        getRenderer: async () => undefined,
        postMessage: (m) => window.posted.push(m),
        onDidReceiveMessage: (l) => { listener = l; return { dispose() {} }; },
      });
    </script>`,
  },
  'harness.html': {
    body: `<style>html,body{height:100%;margin:0}#view{position:absolute;inset:0}</style><div id="view"></div><script type="module" src="/harness.mjs"></script>`,
  },
};

/** VS Code's own tokens, since a panel has them from the editor. */
const TOKENS: Readonly<Record<string, string>> = {
  dark: '--vscode-editor-background:#1f1f1f;--vscode-sideBar-background:#181818;--vscode-foreground:#cccccc;--vscode-descriptionForeground:#9d9d9d;--vscode-panel-border:#2b2b2b;--vscode-focusBorder:#0078d4;--vscode-button-background:#0078d4;--vscode-dropdown-background:#313131;--vscode-dropdown-border:#3c3c3c;--vscode-errorForeground:#f85149;--vscode-inputValidation-errorBackground:#5a1d1d;',
  light:
    '--vscode-editor-background:#ffffff;--vscode-sideBar-background:#f8f8f8;--vscode-foreground:#3b3b3b;--vscode-descriptionForeground:#5f5f5f;--vscode-panel-border:#e5e5e5;--vscode-focusBorder:#005fb8;--vscode-button-background:#005fb8;--vscode-dropdown-background:#ffffff;--vscode-dropdown-border:#cecece;--vscode-textLink-foreground:#005fb8;--vscode-errorForeground:#c4261d;--vscode-inputValidation-errorBackground:#fdeceb;',
  'high-contrast':
    '--vscode-editor-background:#000;--vscode-sideBar-background:#000;--vscode-foreground:#fff;--vscode-descriptionForeground:#fff;--vscode-panel-border:#6fc3df;--vscode-focusBorder:#f38518;--vscode-button-background:#000;--vscode-dropdown-background:#000;--vscode-dropdown-border:#6fc3df;',
  'high-contrast-light':
    '--vscode-editor-background:#fff;--vscode-sideBar-background:#fff;--vscode-foreground:#292929;--vscode-descriptionForeground:#292929;--vscode-panel-border:#0f4a85;--vscode-focusBorder:#006bbd;--vscode-button-background:#0f4a85;--vscode-dropdown-background:#fff;--vscode-dropdown-border:#0f4a85;',
};

const FONTS =
  "--vscode-font-family:'DejaVu Sans',sans-serif;--vscode-editor-font-family:'DejaVu Sans Mono',monospace";

export async function startSite(): Promise<Site> {
  const options = {
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    loader: { '.css': 'text', '.svg': 'text' },
    logLevel: 'warning',
  } as const;
  // One build each, as in the product: a shared one would pull the others' needs into the first chunk.
  const [renderer, inspector] = await Promise.all([
    esbuild.build({ ...options, entryPoints: { renderer: 'webview/renderer/main.ts' } }),
    esbuild.build({ ...options, entryPoints: { inspector: 'webview/inspector/main.ts' } }),
    esbuild.build({ ...options, entryPoints: { harness: 'test/browser/harness.ts' } }),
  ]);
  const metafile: esbuild.Metafile = {
    inputs: {},
    outputs: { ...renderer.metafile.outputs, ...inspector.metafile.outputs },
  };
  const data = new Map<string, Uint8Array | string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const name = normalize(url.pathname).replace(/^\/+/, '');
    if (name === 'favicon.ico') {
      response.statusCode = 204;
      response.end();
      return;
    }
    const found = pages[name];
    if (found) {
      const theme = url.searchParams.get('theme') ?? 'dark';
      const policy = found.policy
        ? `<meta http-equiv="Content-Security-Policy" content="${found.policy}">`
        : '';
      response.setHeader('content-type', 'text/html');
      response.end(
        // The tokens stand in the style attribute, as VS Code puts them there.
        `<!doctype html><html style="${TOKENS[theme] ?? ''}${FONTS}"><head><meta charset="utf-8">${policy}</head><body class="vscode-${theme}">${found.body}</body></html>`,
      );
      return;
    }
    const extra = data.get(name.replace(/^data\//, ''));
    const file = extra === undefined ? readFile(join(OUT, name)) : Promise.resolve(extra);
    file.then(
      (body) => {
        response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
        response.end(body);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    metafile,
    data,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => void rm(OUT, { recursive: true, force: true }).then(() => done()));
      }),
  };
}

/** Bytes that a bundle's entry loads before it can run: itself and its static imports, over and over. */
export function initialBytes(metafile: esbuild.Metafile, entry: string): number {
  const seen = new Set<string>();
  const visit = (name: string): number => {
    if (seen.has(name)) return 0;
    seen.add(name);
    const output = metafile.outputs[name];
    if (!output) return 0;
    return (
      output.bytes +
      output.imports
        .filter((i) => i.kind === 'import-statement' && !i.external)
        .reduce((sum, i) => sum + visit(i.path), 0)
    );
  };
  return visit(`${OUT}/${entry}`);
}
