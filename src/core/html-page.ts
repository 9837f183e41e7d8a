import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64 } from './scene-buffer.ts';

/** Text as HTML text or as a double-quoted attribute's value. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * JSON that may stand inside a `<script>` element: `</script>` and `<!--` cannot occur, nor the two line separators
 * that older script parsers reject.
 */
export const jsonForScript = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A script in a page, and the source that the content security policy must name for it. */
export interface PageScript {
  readonly source: string;
  readonly element: string;
}

/** A script that the page carries, known to its policy by hash. */
export function inlineScript(code: string): PageScript {
  // A bundle holds the end tag only inside string literals, where this spelling means the same.
  const safe = code.replace(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
  const hash = toBase64(sha256(new TextEncoder().encode(safe)));
  return { source: `'sha256-${hash}'`, element: `<script>${safe}</script>` };
}

/** A page of ours: no network, no script but `script`, and `allow` for what else its policy must say. `main` is HTML. */
export function htmlPage(page: {
  readonly title: string;
  readonly style: string;
  readonly script: PageScript;
  readonly allow?: readonly string[];
  readonly main: string;
  /** id of the element that holds `data` for the script */
  readonly dataId: string;
  readonly data: unknown;
}): string {
  const policy = [
    "default-src 'none'",
    `script-src ${page.script.source}`,
    "style-src 'unsafe-inline'",
    ...(page.allow ?? []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${escapeHtml(page.title)}</title>
<style>${page.style}</style>
</head>
<body>
<main>
${page.main}
</main>
<script type="application/json" id="${page.dataId}">${jsonForScript(page.data)}</script>
${page.script.element}
</body>
</html>
`;
}
