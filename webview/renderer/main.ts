import type { ActivationFunction, OutputItem } from 'vscode-notebook-renderer';
import { isScene, parseHostToRenderer } from '../../src/core/viewer-messages.ts';
import type { RendererToHost } from '../../src/core/viewer-messages.ts';
import type { Resolve } from '../viewer/load-scene.ts';
import type { ViewerState } from '../viewer/viewer.ts';
import { OutputView } from './output-view.ts';
import type { OutputContext } from './output-view.ts';

/** How far from the window an output keeps a live viewer [px]; beyond it lives on as a picture. */
const NEAR = 600;

/**
 * The notebook renderer. All outputs of a notebook share this module, one document and one WebGL context; messaging is
 * optional and only adds to what an output can do.
 */
export const activate: ActivationFunction<Record<string, ViewerState>> = (context) => {
  const outputs = new Map<string, OutputView>();
  const byElement = new Map<Element, OutputView>();
  const post = context.postMessage?.bind(context);
  const send = (message: RendererToHost): void => post?.(message);

  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const output = byElement.get(entry.target);
        if (output) output.setNear(entry.isIntersecting, isOnScreen(entry.boundingClientRect));
      }
    },
    { rootMargin: `${NEAR}px` },
  );
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) byElement.get(entry.target)?.viewer?.setVisible(entry.isIntersecting);
  });

  context.onDidReceiveMessage?.((raw: unknown) => {
    const message = parseHostToRenderer(raw);
    if (!message) return;
    for (const output of outputs.values()) {
      if (output.cell !== message.cell) continue;
      if (message.type === 'select') output.select(message.waypoint);
      else if (message.type === 'seek') output.seek(message.time);
      else if (message.type === 'badge') output.setBadge(message.badge);
      else output.setFixes(message.fixes);
    }
  });

  const drop = (id: string): void => {
    const output = outputs.get(id);
    if (!output) return;
    near.unobserve(output.element);
    seen.unobserve(output.element);
    byElement.delete(output.element);
    output.dispose();
    outputs.delete(id);
  };

  return {
    renderOutputItem(item, element) {
      let value: unknown;
      try {
        value = item.json();
      } catch {
        value = undefined;
      }
      if (!isScene(value)) {
        drop(item.id);
        element.textContent = 'This output is not a scene that this version of Waybook can read.';
        return;
      }
      const { base, run, restored } = readMetadata(item);
      const next: OutputContext = {
        scene: value,
        resolve: sidecarsUnder(base),
        actions: post && {
          inspect: (cell, name) =>
            send({ type: 'inspect', cell, ...(name === undefined ? {} : { run: name }) }),
          select: (cell, waypoint) => send({ type: 'select', cell, waypoint }),
          fix: (cell, fix) => send({ type: 'fix', cell, fix }),
          current: (cell, waypoint) => send({ type: 'current', cell, waypoint }),
        },
        run,
        from: restored ? (run ?? 'an earlier run') : undefined,
      };
      const known = outputs.get(item.id);
      // The host tells what can be done about it once there is somebody to tell.
      if (!value.verdict.ok) queueMicrotask(() => send({ type: 'refused', cell: value.cell }));
      if (known && element.contains(known.element)) {
        known.update(next);
        return;
      }
      const state = known?.state ?? context.getState()?.[item.id];
      drop(item.id);
      const output = new OutputView(element, next, state);
      outputs.set(item.id, output);
      byElement.set(output.element, output);
      near.observe(output.element);
      seen.observe(output.element);
    },
    disposeOutputItem(id) {
      if (id === undefined) {
        for (const known of [...outputs.keys()]) drop(known);
      } else {
        const state = outputs.get(id)?.state;
        if (state) context.setState({ ...context.getState(), [id]: state });
        drop(id);
      }
    },
  };
};

const isOnScreen = (rect: DOMRectReadOnly): boolean => rect.bottom > 0 && rect.top < window.innerHeight;

/** Sidecars lie beside the notebook, which the output's document has as its base. */
function sidecarsUnder(base: string | undefined): Resolve {
  return async (path, signal) => {
    const folder = base === undefined ? '' : `${base.replace(/\/$/, '')}/`;
    const url = new URL(`${folder}${path}`, document.baseURI);
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`its data file ${path} cannot be read (${response.status})`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

interface Metadata {
  readonly base?: string;
  readonly run?: string;
  readonly restored?: boolean;
}

/** Written by the extension, but it can come from a file: only what has the right type counts. */
function readMetadata(item: OutputItem): Metadata {
  const outer: unknown = item.metadata;
  if (typeof outer !== 'object' || outer === null) return {};
  const inner = (outer as { waybook?: unknown }).waybook;
  if (typeof inner !== 'object' || inner === null) return {};
  const { base, run, restored } = inner as Record<string, unknown>;
  // A base that leaves the notebook's folder is none of ours.
  const inside = typeof base === 'string' && !base.includes('..') && !/^[a-z]+:|^\//i.test(base);
  return {
    ...(inside ? { base } : {}),
    ...(typeof run === 'string' ? { run } : {}),
    restored: restored === true,
  };
}
