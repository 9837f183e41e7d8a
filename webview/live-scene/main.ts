import type { HostToLive, LiveToHost } from '../../src/core/live-messages.ts';
import type { Viewer } from '../viewer/viewer.ts';

declare function acquireVsCodeApi(): { postMessage(message: LiveToHost): void };

const host = acquireVsCodeApi();
const style = document.createElement('style');
style.textContent = `
  html, body { height: 100%; margin: 0; padding: 0; }
  body { display: grid; grid-template-rows: minmax(120px, 1fr) auto; font: 12px/18px var(--vscode-font-family); color: var(--vscode-foreground); }
  .view { position: relative; min-height: 0; background: var(--vscode-sideBar-background); }
  .empty { position: absolute; inset: 0; display: grid; place-content: center; gap: 8px; padding: 0 16px; text-align: center; color: var(--vscode-descriptionForeground); }
  .empty button { justify-self: center; padding: 4px 12px; border: 0; border-radius: 4px; font: inherit; color: var(--vscode-button-foreground); background: var(--vscode-button-background); cursor: pointer; }
  .caption { display: flex; justify-content: space-between; gap: 8px; padding: 4px 12px; color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; }
`;
document.head.append(style);
const view = document.createElement('div');
view.className = 'view';
const caption = document.createElement('div');
caption.className = 'caption';
caption.setAttribute('role', 'status');
document.body.replaceChildren(view, caption);

let viewer: Viewer | undefined;

function showText(text: string, action?: string): void {
  viewer?.dispose();
  viewer = undefined;
  const box = document.createElement('div');
  box.className = 'empty';
  const line = document.createElement('div');
  line.textContent = text;
  box.append(line);
  if (action !== undefined) {
    const button = document.createElement('button');
    button.textContent = action;
    button.addEventListener('click', () => host.postMessage({ type: 'look' }));
    box.append(button);
  }
  view.replaceChildren(box);
}

window.addEventListener('message', ({ data }: MessageEvent<HostToLive>) => {
  const label = document.createElement('span');
  label.textContent = data.caption;
  caption.replaceChildren(label);
  if (data.type === 'text') {
    showText(data.text, data.action);
    return;
  }
  void (async () => {
    if (!viewer) {
      const { createViewer } = await import('../viewer/viewer.ts');
      view.replaceChildren();
      viewer = createViewer({
        element: view,
        resolve: () => Promise.reject(new Error('A live scene has no sidecars.')),
      });
    }
    await viewer.show([data.scene]);
  })().catch((error: unknown) => showText(error instanceof Error ? error.message : String(error)));
});
host.postMessage({ type: 'ready' });
