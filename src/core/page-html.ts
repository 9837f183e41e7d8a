import MarkdownIt from 'markdown-it';
import { escapeHtml, htmlPage, inlineScript } from './html-page.ts';
import type { PageScript } from './html-page.ts';
import { tokenizeJson } from './json-highlight.ts';
import { PAGE_DATA_ID } from './page.ts';
import type { PageCell, PageData, PageMarkdown } from './page.ts';
import { describeParams, type Provenance } from './provenance.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Scene, SceneFact, TrajectoryLayer, WaypointsLayer } from './scene.ts';

/** The script inside the page, or beside it. */
const scriptOf = (pageScript: string | { readonly src: string }): PageScript =>
  typeof pageScript === 'string'
    ? inlineScript(pageScript)
    : { source: "'self' file:", element: `<script src="${escapeHtml(pageScript.src)}"></script>` };

/**
 * One self-contained HTML file: the notebook's text, tables of waypoints and events that read with scripts off, and
 * `pageScript` (the built `dist/page.js`), which puts a 3D view under each cell that has a scene. No network: the
 * content security policy allows nothing but the script itself, by hash. Where hundreds of pages stand in one folder,
 * `pageScript` may be a file beside them instead.
 */
export function renderPageHtml(data: PageData, pageScript: string | { readonly src: string }): string {
  const cells = data.cells.map((cell, i) =>
    cell.kind === 'markdown'
      ? prose(i === 0 ? withoutTitle(cell.markdown, data.title) : cell.markdown)
      : runnable(cell, data),
  );
  return htmlPage({
    title: data.title,
    style: PAGE_STYLE,
    script: scriptOf(pageScript),
    allow: ['img-src data: blob:', 'worker-src blob:'],
    main: [header(data), ...cells, footer(data)].join('\n'),
    dataId: PAGE_DATA_ID,
    data: { ...data, cells: data.cells.map(withoutStill) },
  });
}

/** Stills are in the page's text already. */
function withoutStill(cell: PageMarkdown | PageCell): PageMarkdown | PageCell {
  if (cell.kind === 'markdown') return cell;
  const { still: _still, ...rest } = cell;
  return rest;
}

function refinerText({ id, modelHash, instead }: NonNullable<Provenance['refiner']>): string {
  const name = [id, modelHash?.slice(0, 12)].filter(Boolean).join(', ');
  return instead ? `${name} instead of ${instead.of}: ${instead.why}` : name;
}

function header(data: PageData): string {
  const verdict = data.verdict
    ? `<p class="verdict ${data.verdict.ok ? 'ok' : 'bad'}"><strong>${data.verdict.ok ? 'Success' : 'Failed'}</strong> ${escapeHtml(data.verdict.text)}</p>`
    : '';
  const facts = factsRow(data.facts ?? []);
  return `<header><h1>${escapeHtml(data.title)}</h1>${verdict}${facts}<noscript><p class="note">Scripts are off: text and tables are complete, and stills stand for the 3D views.</p></noscript></header>`;
}

function footer(data: PageData): string {
  const p = data.provenance;
  const rows: [string, string | undefined][] = [
    ['Run', data.run],
    ['Robot', p && `${p.robot} (chosen by ${p.robotFrom})`],
    ['Seed', p?.seed === undefined ? undefined : String(p.seed)],
    ['Parameters', p?.params && describeParams(p.params)],
    ['Planner', p?.planner && [p.planner.provider, p.planner.model].filter(Boolean).join(', ')],
    ['Refiner', p?.refiner && refinerText(p.refiner)],
    ['Capture', p?.captureHash],
    ['Trajectory', p?.trajectoryHash],
    ['World epoch', p && String(p.epoch.counter)],
    ['Waybook', p?.waybook],
  ];
  const body = rows
    .filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '')
    .map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escapeHtml(value)}</td></tr>`)
    .join('');
  return body === '' ? '' : `<footer><h2>Provenance</h2><table class="facts">${body}</table></footer>`;
}

/** The notebook's own heading is the page's: it stands above the verdict and need not come twice. */
function withoutTitle(markdown: string, title: string): string {
  const [first = '', ...rest] = markdown.trimStart().split('\n');
  return first.startsWith('# ') && first.slice(2).trim() === title.trim() ? rest.join('\n') : markdown;
}

/** Raw HTML is escaped and dangerous link protocols are dropped; linear in the text, unlike other parsers. */
const markdownIt = new MarkdownIt({ html: false });
const prose = (markdown: string): string => `<section class="prose">${markdownIt.render(markdown)}</section>`;

const KIND_NAME: Record<PageCell['kind'], string> = {
  instruction: 'Instruction',
  capture: 'Capture',
  waypoints: 'Waypoints',
  execute: 'Execute',
};

function runnable(cell: PageCell, data: PageData): string {
  const scene = cell.scene === undefined ? undefined : data.scenes[cell.scene];
  const status =
    cell.outcome === undefined ? '' : `<span class="outcome ${cell.outcome}">${outcomeText(cell)}</span>`;
  const summary = cell.summary ?? scene?.verdict.text;
  const parts = [
    `<section class="cell" id="${escapeHtml(cell.id)}">`,
    `<div class="source"><pre><code>${body(cell)}</code></pre>`,
    `<div class="status">${status}${factSpans(cell.facts ?? scene?.facts ?? [])}<span class="spacer"></span><span>#${escapeHtml(cell.id)}</span><span>${KIND_NAME[cell.kind]}</span></div></div>`,
    cell.failure
      ? `<div class="refusal" role="note"><strong>${escapeHtml(cell.failure.message)}</strong>${cell.failure.hint ? `<p>${escapeHtml(cell.failure.hint)}</p>` : ''}</div>`
      : '',
    summary !== undefined && !cell.failure ? `<p class="summary">${escapeHtml(summary)}</p>` : '',
  ];
  if (scene !== undefined && cell.scene !== undefined) {
    // The box has its size before the script runs, so that the page never jumps.
    parts.push(
      `<figure class="scene" data-scene="${escapeHtml(cell.scene)}" aria-label="3D view: ${escapeHtml(scene.title)}"><noscript>${cell.still ?? ''}</noscript></figure>`,
    );
    parts.push(tables(scene));
    for (const note of scene.notes ?? []) parts.push(`<p class="note">${escapeHtml(note)}</p>`);
  }
  parts.push('</section>');
  return parts.filter((part) => part !== '').join('\n');
}

function outcomeText(cell: PageCell): string {
  switch (cell.outcome) {
    case 'succeeded':
      return '✓';
    case 'failed':
      return '✕ Failed';
    case 'cancelled':
      return 'Cancelled';
    case 'skipped':
      return 'Not run';
    case undefined:
      return '';
  }
}

function body(cell: PageCell): string {
  if (cell.kind === 'instruction') return escapeHtml(cell.body);
  return tokenizeJson(cell.body)
    .map(({ kind, text }) =>
      kind === 'plain' ? escapeHtml(text) : `<span class="${kind}">${escapeHtml(text)}</span>`,
    )
    .join('');
}

const factSpans = (facts: readonly SceneFact[]): string =>
  facts.map((fact) => `<span title="${escapeHtml(fact.name)}">${escapeHtml(fact.value)}</span>`).join('');

const factsRow = (facts: readonly SceneFact[]): string =>
  facts.length === 0
    ? ''
    : `<dl class="facts">${facts.map((f) => `<div><dt>${escapeHtml(f.name)}</dt><dd>${escapeHtml(f.value)}</dd></div>`).join('')}</dl>`;

/** Waypoints and events as tables: what the 3D view shows, for readers without it. */
function tables(scene: Scene): string {
  const plan = scene.layers.find((layer): layer is WaypointsLayer => layer.kind === 'waypoints');
  const path = scene.layers.find((layer): layer is TrajectoryLayer => layer.kind === 'trajectory');
  const parts: string[] = [];
  if (plan && plan.waypoints.length > 0) {
    const rows = plan.waypoints.map((w, i) => [
      String(i + 1),
      w.label,
      w.position.map((v) => v.toFixed(3)).join(', '),
      w.orientation.map((v) => v.toFixed(2)).join(', '),
      String(Math.round(w.gripper * 100)),
      String(Math.round(w.radius * 1000)),
    ]);
    parts.push(
      table(
        'Waypoints',
        ['#', 'Label', 'Position, m', 'Orientation x y z w', 'Gripper, %', 'Radius, mm'],
        rows,
      ),
    );
  }
  if (path && path.events.length > 0) {
    const rows = path.events.map((e) => [
      e.t.toFixed(2),
      e.label,
      e.kind === 'grip' ? 'gripper' : 'waypoint',
    ]);
    parts.push(table('Events', ['Time, s', 'Event', 'Kind'], rows));
  }
  if (path?.refused && path.refused.length > 0) {
    const rows = path.refused.map((r) => [
      String(r.sample),
      r.limitName,
      `${number(r.value)} ${r.unit}`,
      `${number(r.limit)} ${r.unit}`,
    ]);
    parts.push(table('Refused samples', ['Sample', 'Limit', 'Value', 'Allowed'], rows.slice(0, 50)));
  }
  return parts.length === 0 ? '' : `<details><summary>Show as tables</summary>${parts.join('')}</details>`;
}

const number = (value: number): string => String(Number(value.toPrecision(3)));

const table = (caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><caption>${caption}</caption><thead><tr>${heads.map((h) => `<th scope="col">${h}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`;
