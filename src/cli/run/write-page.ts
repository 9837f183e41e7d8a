import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderPageHtml } from '../../core/page-html.ts';
import { buildPage, type PageSource } from '../../notebook/page/build-page.ts';
import { writeOut } from './run-notebook.ts';

/** Writes a notebook and one run of it as one self-contained HTML file, with the built viewer inside. */
export async function writePageOf(out: string, source: PageSource): Promise<void> {
  const script = await readFile(join(dirname(fileURLToPath(import.meta.url)), 'page.js'), 'utf8');
  await writeOut(out, renderPageHtml(buildPage(source), script));
}
