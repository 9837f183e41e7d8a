import { describe, expect, it } from 'vitest';
import type { PageData } from './page.ts';
import { jsonForScript } from './html-page.ts';
import { renderPageHtml } from './page-html.ts';
import { tokenizeJson } from './json-highlight.ts';

const hostile = '</script><script>alert(1)</script><!-- \u2028 "\' &';

const page = (over: Partial<PageData> = {}): PageData => ({
  version: 1,
  title: hostile,
  cells: [
    { kind: 'markdown', markdown: `# Hello\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1))` },
    {
      kind: 'waypoints',
      id: 'grasp',
      body: `{ "frame": "base" } ${hostile}`,
      outcome: 'failed',
      failure: { message: hostile, hint: 'Raise it.' },
      scene: 'grasp',
    },
  ],
  scenes: {
    grasp: {
      version: 1,
      kind: 'refined',
      cell: 'grasp',
      title: hostile,
      verdict: { ok: false, text: hostile },
      facts: [{ name: 'clearance', value: '10 mm' }],
      layers: [
        {
          kind: 'waypoints',
          id: 'coarse',
          label: 'coarse',
          waypoints: [
            {
              label: hostile,
              position: [0.1, 0.2, 0.3],
              orientation: [1, 0, 0, 0],
              gripper: 1,
              radius: 0.03,
            },
          ],
        },
      ],
    },
  },
  ...over,
});

describe('renderPageHtml', () => {
  it('says what parameters stood for', () => {
    const provenance = {
      waybook: '1',
      robot: 'sim:tabletop',
      robotFrom: 'notebook',
      params: { height: 0.2, thing: '<b>' },
      epoch: { session: 's', counter: 1 },
    } as const;
    expect(renderPageHtml(page({ provenance }), 'void 0')).toContain(
      '<th scope="row">Parameters</th><td>height = 0.2, thing = &#60;b&#62;</td>',
    );
  });

  it('lets nothing from the notebook become markup', () => {
    const html = renderPageHtml(page(), 'void 0');
    expect(html).not.toContain('alert(1)</script>');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('href="javascript');
    expect(html.match(/<script/g)).toHaveLength(2);
  });

  it('holds the data so that a reader gets it back unchanged', () => {
    const html = renderPageHtml(page(), 'void 0');
    const json = /id="waybook-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(json)).toEqual(page());
  });

  it('reads with scripts off: prose, body, failure, waypoint table', () => {
    const html = renderPageHtml(page(), 'void 0');
    expect(html).toContain('<h1>Hello</h1>');
    expect(html).toContain('0.100, 0.200, 0.300');
    expect(html).toContain('Raise it.');
    expect(html).toContain('<noscript>');
  });

  it('allows only its own script, by hash, and no network', async () => {
    const script = 'const s = "</script>";';
    const html = renderPageHtml(page(), script);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const last = html.slice(html.lastIndexOf('<script>') + 8, html.lastIndexOf('</script>'));
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(last));
    expect(policy).toContain(`'sha256-${Buffer.from(digest).toString('base64')}'`);
    expect(policy).toContain("default-src 'none'");
  });
});

describe('jsonForScript', () => {
  it('never ends a script element and parses back', () => {
    const text = jsonForScript({ hostile });
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({ hostile });
  });
});

describe('tokenizeJson', () => {
  it('keeps every character and tells keys from strings', () => {
    const text = '{ "a": [1, -2.5e3, "b\\"", true], broken "';
    const tokens = tokenizeJson(text);
    expect(tokens.map((t) => t.text).join('')).toBe(text);
    expect(tokens.filter((t) => t.kind === 'key').map((t) => t.text)).toEqual(['"a"']);
    expect(tokens.filter((t) => t.kind === 'number').map((t) => t.text)).toEqual(['1', '-2.5e3']);
  });
});
