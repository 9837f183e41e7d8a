import type { ApprovalToHost, ApprovalView, HostToApproval } from '../../src/core/approval-messages.ts';
import { element } from '../viewer/dom.ts';
import { icon } from '../viewer/icons.ts';
import type { IconName } from '../viewer/icons.ts';
import css from './approval.css';

declare function acquireVsCodeApi(): { postMessage(message: ApprovalToHost): void };

const host = acquireVsCodeApi();
const post = (message: ApprovalToHost): void => host.postMessage(message);

function button(
  text: string,
  name: IconName | undefined,
  pressed: () => void,
  className = '',
): HTMLButtonElement {
  const made = element('button', className);
  made.type = 'button';
  if (name) made.append(icon(name));
  made.append(text);
  made.addEventListener('click', pressed);
  return made;
}

function warning(): Element {
  const sign = icon('warning');
  sign.classList.add('warning');
  return sign;
}

function render(view: ApprovalView): void {
  const { words } = view;
  const dialog = element('main', 'dialog');
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-label', view.title);

  const titles = element('div', 'titles');
  titles.append(element('h1', '', view.title), element('div', 'dim', view.subtitle));
  const stop = button(words.stop, 'debug-stop', () => post({ type: 'stop' }));
  stop.title = words.stopTitle;
  stop.setAttribute('aria-label', words.stopTitle);
  const header = element('header');
  header.append(warning(), titles, stop);

  const preview = element('div', 'preview');
  const facts = element('div', 'facts');
  const list = element('dl');
  for (const { name, value, code } of view.rows)
    list.append(element('dt', '', name), element('dd', code ? 'code' : '', value));
  facts.append(list);
  if (view.checked.length > 0) {
    const checks = element('ul');
    for (const text of view.checked) {
      const item = element('li');
      item.append(icon('check'), element('span', '', text));
      checks.append(item);
    }
    facts.append(element('h2', '', words.checked), checks);
  }
  const box = element('input');
  box.type = 'checkbox';
  const confirm = element('label', 'confirm');
  confirm.append(box, element('span', '', words.confirm));
  facts.append(confirm);

  const approve = button(words.approve, 'play', () => post({ type: 'approve', hash: view.hash }), 'primary');
  approve.disabled = true;
  box.addEventListener('change', () => (approve.disabled = !box.checked));
  // Enter never approves: only a click, or Space on the focused button, is meant.
  approve.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  const cancel = button(words.cancel, undefined, () => post({ type: 'cancel', hash: view.hash }));
  const note = element('div', 'titles');
  note.append(element('div', '', words.notEmergency), element('div', 'dim', words.mayFail));
  const footer = element('footer');
  footer.append(warning(), note, element('span', 'dim', words.valid), cancel, approve);

  dialog.append(header, preview, facts, footer);
  document.body.replaceChildren(dialog);
  cancel.focus();
  if (view.scene) void mount(preview, view.scene, view);
  else preview.append(element('p', '', '—'));
}

/** The viewer is large: the facts are there before it, and stay when it cannot start. */
async function mount(
  preview: HTMLElement,
  scene: NonNullable<ApprovalView['scene']>,
  { base, tube }: ApprovalView,
): Promise<void> {
  try {
    const { createViewer } = await import('../viewer/viewer.ts');
    const viewer = createViewer({
      element: preview,
      resolve: async (path, signal) => {
        if (base === undefined) throw new Error(`its data file ${path} is not here`);
        const response = await fetch(new URL(path, base), { signal });
        if (!response.ok) throw new Error(`its data file ${path} cannot be read (${response.status})`);
        return new Uint8Array(await response.arrayBuffer());
      },
    });
    await viewer.show([scene]);
    viewer.look.setTolerance(tube);
  } catch (error) {
    preview.replaceChildren(element('p', '', error instanceof Error ? error.message : String(error)));
  }
}

const style = document.createElement('style');
style.textContent = css;
document.head.append(style);
window.addEventListener('message', ({ data }: MessageEvent<HostToApproval>) => render(data.view));
window.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  post({ type: 'cancel', hash: '' });
});
post({ type: 'ready' });
