import MarkdownIt from 'markdown-it';
import type { StateBlock, Token } from 'markdown-it';
import type { RunnableKind } from './document.ts';
import type { AttributeParse } from './attributes.ts';
import { parseAttributes } from './attributes.ts';

/** A top-level block that bounds cells. Lines count from 0; `end` is the line behind it. */
export type Block =
  | {
      readonly kind: 'fence';
      readonly start: number;
      readonly end: number;
      readonly cell: FenceInfo & { readonly ok: true };
      /** line feeds only, no trailing one */
      readonly body: string;
      /** a fence that the end of the text closes has no closing line */
      readonly closed: boolean;
    }
  | { readonly kind: 'marker'; readonly start: number; readonly end: number }
  /** looks like a cell but is none: its attributes cannot be read, or it has none */
  | {
      readonly kind: 'almost';
      readonly start: number;
      readonly end: number;
      readonly cell: RunnableKind;
      readonly problem: string;
      readonly error: boolean;
    };

export const CELL_MARKER = '<!-- cell -->';

/**
 * Top-level cells and cell markers of Markdown, by a CommonMark block parser with everything inline left out. Work
 * and memory are linear in the text (markdown-it bounds nesting; only the blocks of interest are kept).
 * `text` must have line feeds only.
 */
export function findBlocks(text: string): Block[] {
  const found: Block[] = [];
  for (const token of topLevelBlocks(text)) {
    const [start, end] = token.map ?? [0, 0];
    if (token.type === 'html_block') {
      if (token.content.trim() === CELL_MARKER && end === start + 1)
        found.push({ kind: 'marker', start, end });
      continue;
    }
    if (!token.markup.startsWith('`')) continue;
    const info = readInfo(token.info);
    if (info === undefined) continue;
    if (!info.ok) {
      found.push({
        kind: 'almost',
        start,
        end,
        cell: info.kind,
        problem: info.problem,
        error: info.brace !== undefined,
      });
      continue;
    }
    const lines = countLines(token.content);
    const body = token.content.endsWith('\n') ? token.content.slice(0, -1) : token.content;
    found.push({ kind: 'fence', start, end, cell: info, body, closed: end - start - 1 > lines });
  }
  return found;
}

export type FenceInfo =
  | {
      readonly ok: true;
      readonly kind: RunnableKind;
      readonly list: (AttributeParse & { ok: true })['list'];
      readonly brace: number;
    }
  | { readonly ok: false; readonly kind: RunnableKind; readonly problem: string; readonly brace?: number };

const JSON_KINDS = ['capture', 'waypoints', 'execute'] as const;

/** Reads `instruction {…}` or `json capture|waypoints|execute {…}`; undefined for any other fence. */
export function readInfo(info: string): FenceInfo | undefined {
  const head = readWord(info, 0);
  const second = readWord(info, head.end);
  let kind: RunnableKind;
  let end = head.end;
  if (head.word === 'instruction') kind = 'instruction';
  else if (head.word === 'json') {
    const json = JSON_KINDS.find((word) => word === second.word);
    if (json === undefined) return second.word === 'instruction' ? misspelt(info, second) : undefined;
    kind = json;
    end = second.end;
  } else return misspelt(info, head);
  const brace = end + (info.slice(end).length - info.slice(end).trimStart().length);
  if (brace >= info.length) {
    return {
      ok: false,
      kind,
      problem: `a ${kind} fence without {…} is Markdown: add {#id} to make it a cell`,
    };
  }
  if (info.charAt(brace) !== '{') return undefined;
  const parsed = parseAttributes(info, brace);
  if (!parsed.ok) return { ok: false, kind, problem: parsed.problem, brace };
  return { ok: true, kind, list: parsed.list, brace };
}

/** A person left out `json`, or wrote it before an instruction; only braces tell that a cell was meant. */
function misspelt(info: string, { word, end }: { word: string; end: number }): FenceInfo | undefined {
  const kind = word === 'instruction' ? word : JSON_KINDS.find((json) => json === word);
  if (kind === undefined || !info.slice(end).trimStart().startsWith('{')) return undefined;
  const meant = kind === 'instruction' ? kind : `json ${kind}`;
  return {
    ok: false,
    kind,
    problem: `this fence is Markdown as it stands: a cell of kind ${kind} begins with \`\`\`${meant} {#id}`,
  };
}

function readWord(text: string, from: number): { word: string; end: number } {
  let start = from;
  while (start < text.length && ' \t'.includes(text.charAt(start))) start++;
  let end = start;
  while (end < text.length && !' \t{'.includes(text.charAt(end))) end++;
  return { word: text.slice(start, end), end };
}

const markdown = new MarkdownIt('commonmark');

/** Keeps only top-level fences and HTML blocks: the tokens of a large file would take gigabytes. */
class TopLevelState extends markdown.block.State {
  override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
    const kept = this.level === 0 && nesting === 0 && (type === 'fence' || type === 'html_block');
    const token = super.push(type, tag, nesting);
    if (!kept) this.tokens.pop();
    return token;
  }
}

function topLevelBlocks(text: string): Token[] {
  const tokens: Token[] = [];
  const state: StateBlock = new TopLevelState(text, markdown, {}, tokens);
  markdown.block.tokenize(state, state.line, state.lineMax);
  return tokens;
}

function countLines(content: string): number {
  let n = 0;
  for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) n++;
  return content === '' || content.endsWith('\n') ? n : n + 1;
}
