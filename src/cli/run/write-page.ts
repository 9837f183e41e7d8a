import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageData } from '../../core/page.ts';
import { renderPageHtml } from '../../core/page-html.ts';
import { buildPage, type PageSource } from '../../notebook/page/build-page.ts';
import { redact } from '../../records/redact.ts';
import { writeOut } from './run-notebook.ts';

/**
 * Writes a notebook and one run of it as one self-contained HTML file, with the built viewer inside. Pages are shared:
 * URLs, secrets and absolute paths are taken out of everything but the buffers.
 */
export async function writePageOf(out: string, source: PageSource): Promise<void> {
  const script = await readFile(join(dirname(fileURLToPath(import.meta.url)), 'page.js'), 'utf8');
  await writeOut(out, renderPageHtml(shareable(buildPage(source)), script));
}

function shareable({ buffers, ...page }: PageData): PageData {
  // Redaction replaces text inside strings and keeps the shape.
  const clean = redact(page) as typeof page;
  return { ...clean, ...(buffers ? { buffers } : {}) };
}
