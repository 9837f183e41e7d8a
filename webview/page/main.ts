import { fromBase64 } from '../../src/core/scene-buffer.ts';
import { PAGE_DATA_ID } from '../../src/core/page.ts';
import type { PageData } from '../../src/core/page.ts';
import { createViewer } from '../viewer/viewer.ts';
import { addHighlightStyle, highlightWaypoint } from './current-waypoint.ts';

/** Puts a 3D view into each figure of the exported page. The page's text stands without it. */
function start(): void {
  const source = document.getElementById(PAGE_DATA_ID)?.textContent;
  if (!source) return;
  // Written by renderPageHtml into the same file, whose policy lets nothing else in.
  const data = JSON.parse(source) as PageData;
  const resolve = async (path: string): Promise<Uint8Array> => {
    const text = data.buffers?.[path];
    if (text === undefined) throw new Error(`the page holds no data under ${path}`);
    return fromBase64(text);
  };
  addHighlightStyle();
  const figures = document.querySelectorAll<HTMLElement>('figure[data-scene]');
  // Far from the window nothing is read or drawn; once seen, a view stays as a still.
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const figure = entry.target as HTMLElement;
        const known = viewers.get(figure);
        if (known) known.setVisible(entry.isIntersecting);
        else if (entry.isIntersecting) mount(figure);
      }
    },
    { rootMargin: '300px' },
  );
  const viewers = new Map<HTMLElement, ReturnType<typeof createViewer>>();
  const mount = (figure: HTMLElement): void => {
    const scene = data.scenes[figure.dataset['scene'] ?? ''];
    if (!scene) return;
    const code = figure.closest('section')?.querySelector('pre code');
    const highlight = (waypoint: number): void => {
      if (code) highlightWaypoint(code, waypoint);
    };
    const viewer = createViewer({ element: figure, resolve, onSelect: highlight, onCurrent: highlight });
    viewers.set(figure, viewer);
    void viewer.show(scene);
  };
  figures.forEach((figure) => near.observe(figure));
}

start();
