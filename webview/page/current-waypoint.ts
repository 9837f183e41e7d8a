import { findNodeAtLocation, parseTree } from 'jsonc-parser';

const NAME = 'waybook-current';

/**
 * Lights up a waypoint in a cell's JSON by the CSS Custom Highlight API, which changes no element; a browser without it
 * shows the text as it is. -1 for none.
 */
export function highlightWaypoint(code: Element, index: number): void {
  if (typeof CSS === 'undefined' || !('highlights' in CSS)) return;
  const span = waypointSpan(code.textContent, index);
  const range = span && rangeOf(code, span.start, span.end);
  if (!range) {
    CSS.highlights.delete(NAME);
    return;
  }
  CSS.highlights.set(NAME, new Highlight(range));
}

/** Rules for the highlight, in the colours that the page has. */
export function addHighlightStyle(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`::highlight(${NAME}) { background: color-mix(in srgb, #f5c542 28%, transparent); }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Where the waypoint of that index stands in a body; undefined where there is none. */
export function waypointSpan(text: string, index: number): { start: number; end: number } | undefined {
  if (index < 0) return undefined;
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, ['waypoints', index]);
  return node && { start: node.offset, end: node.offset + node.length };
}

function rangeOf(root: Element, start: number, end: number): Range | undefined {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0;
  let hasStart = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (!hasStart && start < at + length) {
      range.setStart(node, start - at);
      hasStart = true;
    }
    if (hasStart && end <= at + length) {
      range.setEnd(node, end - at);
      return range;
    }
    at += length;
  }
  return undefined;
}
