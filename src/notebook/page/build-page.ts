import type { SceneBuffer, Scene } from '../../core/scene.ts';
import { fromBase64, toBase64 } from '../../core/scene-buffer.ts';
import { type PageCell, type PageData, type PageMarkdown, PAGE_VERSION } from '../../core/page.ts';
import type { Provenance } from '../../core/provenance.ts';
import type { NotebookDocument } from '../file/document.ts';
import type { CellOutcome, SessionFailure } from '../session/session-api.ts';
import { sceneStill } from './scene-still.ts';

/** What the page says of one cell of the run that it shows. */
export interface PageOutcome {
  readonly outcome: CellOutcome;
  readonly summary: string;
  readonly failure?: SessionFailure;
}

export interface PageSource {
  readonly document: NotebookDocument;
  readonly name: string;
  readonly outcomes: ReadonlyMap<string, PageOutcome>;
  readonly scenes: ReadonlyMap<string, Scene>;
  readonly verdict?: { readonly ok: boolean; readonly text: string };
  readonly provenance?: Provenance;
  readonly run?: string;
  /** bytes of a sidecar by the path that a scene gives */
  readonly sidecar: (path: string) => Uint8Array;
}

/** One notebook and one run of it as the exported page's data; sidecars are embedded once each. */
export function buildPage(source: PageSource): PageData {
  const scenes: Record<string, Scene> = {};
  const buffers: Record<string, string> = {};
  const bytesOf = ({ base64, path }: SceneBuffer): Uint8Array =>
    base64 !== undefined ? fromBase64(base64) : source.sidecar(path ?? '');
  const cells: (PageMarkdown | PageCell)[] = source.document.cells.map((cell) => {
    if (cell.kind === 'markdown') return { kind: 'markdown', markdown: cell.body };
    const id = cell.id ?? '';
    const scene = source.scenes.get(id);
    if (scene) {
      scenes[id] = scene;
      for (const buffer of buffersOf(scene)) {
        if (buffer.path !== undefined) buffers[buffer.path] ??= toBase64(source.sidecar(buffer.path));
      }
    }
    const outcome = source.outcomes.get(id);
    return {
      kind: cell.kind,
      id,
      body: cell.body,
      ...(outcome ? { outcome: outcome.outcome, summary: outcome.summary } : {}),
      ...(outcome?.failure
        ? {
            failure: {
              message: outcome.failure.message,
              ...(outcome.failure.details.hint === undefined ? {} : { hint: outcome.failure.details.hint }),
            },
          }
        : {}),
      ...(scene ? { facts: scene.facts, scene: id, still: sceneStill(scene, bytesOf) } : {}),
    };
  });
  return {
    version: PAGE_VERSION,
    title: titleOf(source),
    ...(source.verdict ? { verdict: source.verdict } : {}),
    ...(source.provenance ? { provenance: provenanceOf(source.provenance, Object.values(scenes)) } : {}),
    ...(source.run === undefined ? {} : { run: source.run }),
    cells,
    scenes,
    buffers,
  };
}

/** What the run began with, and what its cells add: planner, refiner, capture and trajectory. */
const provenanceOf = (run: Provenance, scenes: readonly Scene[]): Provenance =>
  scenes.reduce((all, scene) => ({ ...all, ...scene.provenance }), run);

/** The first heading, else the file's name. */
function titleOf({ document, name }: PageSource): string {
  for (const cell of document.cells) {
    const heading = cell.kind === 'markdown' ? /^#\s+(.+)$/m.exec(cell.body) : null;
    if (heading?.[1] !== undefined) return heading[1].trim();
  }
  return name.replace(/\.waybook\.md$/, '');
}

/** Every buffer of a scene, wherever a layer holds it. */
function* buffersOf(value: unknown): Generator<SceneBuffer> {
  if (typeof value !== 'object' || value === null) return;
  if ('dtype' in value && 'sha256' in value) {
    yield value as SceneBuffer;
    return;
  }
  for (const child of Object.values(value)) yield* buffersOf(child);
}
