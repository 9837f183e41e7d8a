import type { RunChoice } from '../../src/core/viewer-messages.ts';
import { el } from '../viewer/dom.ts';
import { icon } from '../viewer/icons.ts';
import type { IconName } from '../viewer/icons.ts';
import { cloudKey, POINT_SCALES } from '../viewer/appearance.ts';
import type { CloudColor } from '../viewer/layers/cloud-layer.ts';
import { PATH_FIELDS } from '../viewer/path-values.ts';
import type { PathField } from '../viewer/path-values.ts';
import type { ToolName } from '../viewer/tools/tool-box.ts';
import type { Viewer } from '../viewer/viewer.ts';

export interface ToolbarActions {
  viewer(): Viewer;
  compare(run: string | undefined): void;
}

/** Row of camera presets, colours, tools and comparison over the view. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly badge = el('span', { class: 'badge', hidden: true });
  readonly #actions: ToolbarActions;
  readonly #path = el('select', { 'aria-label': 'Path colour (K)' });
  readonly #cloud = el('select', { 'aria-label': 'Cloud colour' });
  readonly #size = el('select', { 'aria-label': 'Point size' });
  readonly #compare = el('input', { type: 'checkbox' });
  readonly #runs = el('select', { 'aria-label': 'Run to compare with' });
  readonly #perspective: HTMLButtonElement;
  readonly #orthographic: HTMLButtonElement;
  readonly #follow: HTMLButtonElement;
  readonly #edl: HTMLButtonElement;
  readonly #tools = new Map<ToolName, HTMLButtonElement>();
  readonly #compareBox: HTMLElement;

  constructor(actions: ToolbarActions) {
    this.#actions = actions;
    const viewer = (): Viewer => actions.viewer();
    const button = (text: string, title: string, act: () => void, name?: IconName): HTMLButtonElement => {
      const node = el('button', { type: 'button', title });
      if (name) node.append(icon(name));
      if (text) node.append(el('span', {}, text));
      else node.setAttribute('aria-label', title);
      node.addEventListener('click', act);
      return node;
    };
    const projection = (kind: 'perspective' | 'orthographic') => (): void => {
      if (viewer().view.orbit.projection !== kind) viewer().run({ kind: 'projection' });
      this.update();
    };
    this.#perspective = button('Persp', 'Perspective (5)', projection('perspective'));
    this.#orthographic = button('Ortho', 'Orthographic (5)', projection('orthographic'));
    const preset = (text: string, name: 'top' | 'front' | 'side', key: string): HTMLButtonElement =>
      button(text, `${text} (${key})`, () => viewer().run({ kind: 'preset', name }));
    this.#follow = button('Follow', 'Follow the gripper (G)', () => viewer().run({ kind: 'follow' }));
    const tool = (name: ToolName, text: string, key: string, image: IconName): HTMLButtonElement => {
      const node = button(text, `${text} (${key})`, () => viewer().run({ kind: 'tool', tool: name }), image);
      this.#tools.set(name, node);
      return node;
    };
    this.#path.addEventListener('change', () => viewer().look.setPathField(this.#path.value as PathField));
    this.#cloud.addEventListener('change', () => {
      const color = viewer()
        .look.cloudColors()
        .find((mode) => cloudKey(mode) === this.#cloud.value);
      if (color) viewer().look.setCloudColor(color);
    });
    for (const scale of POINT_SCALES) this.#size.append(el('option', { value: scale }, `${scale}×`));
    this.#size.addEventListener('change', () => viewer().look.setPointScale(Number(this.#size.value)));
    this.#edl = button('EDL', 'Eye-Dome Lighting: shade points by depth (D)', () => {
      viewer().run({ kind: 'shading' });
    });
    this.#compare.addEventListener('change', () => this.#compareChanged());
    this.#runs.addEventListener('change', () => this.#compareChanged());
    this.#compareBox = el('label', {}, this.#compare, 'Compare', this.#runs);
    this.element = el(
      'div',
      { class: 'bar', role: 'toolbar', 'aria-label': 'View' },
      el('div', { class: 'group' }, this.#perspective, this.#orthographic),
      el(
        'div',
        { class: 'group' },
        preset('Top', 'top', '7'),
        preset('Front', 'front', '1'),
        preset('Side', 'side', '3'),
        button('Fit', 'Fit (F)', () => viewer().run({ kind: 'fit' })),
        this.#follow,
      ),
      el('label', {}, el('span', {}, 'Path'), this.#path),
      el('label', {}, el('span', {}, 'Cloud'), this.#cloud, this.#size),
      el('div', { class: 'group plain' }, this.#edl),
      el(
        'div',
        { class: 'group plain' },
        tool('pick', 'Pick', 'P', 'inspect'),
        tool('measure', 'Measure', 'M', 'ruler'),
        tool('crop', 'Crop', 'C', 'selection'),
        tool('edit', 'Edit', 'E', 'edit'),
        tool('pin', 'Pin', 'N', 'pin'),
        button('', 'Screenshot (S)', () => viewer().run({ kind: 'screenshot' }), 'device-camera'),
        button('', 'Copy camera (Shift+C)', () => viewer().run({ kind: 'copy-camera' }), 'copy'),
      ),
      el('div', { class: 'spacer' }),
      this.badge,
      this.#compareBox,
    );
    this.setEditable(false);
  }

  setRuns(runs: readonly RunChoice[]): void {
    this.#runs.replaceChildren(...runs.map((run) => el('option', { value: run.id }, run.label)));
    this.#compareBox.hidden = runs.length === 0;
    this.#compareBox.style.display = runs.length === 0 ? 'none' : '';
  }

  setCompared(run: string | undefined): void {
    this.#compare.checked = run !== undefined;
    if (run !== undefined) this.#runs.value = run;
  }

  toggleCompare(): void {
    if (this.#runs.options.length === 0) return;
    this.#compare.checked = !this.#compare.checked;
    this.#compareChanged();
  }

  /** Whether there are waypoints that can be moved; until it is said, there are none. */
  setEditable(editable: boolean): void {
    const edit = this.#tools.get('edit');
    if (edit) edit.disabled = !editable;
  }

  setTool(active: ToolName | undefined): void {
    for (const [name, node] of this.#tools) node.setAttribute('aria-pressed', String(name === active));
  }

  /** Shows what the viewer is set to. */
  update(): void {
    const viewer = this.#actions.viewer();
    const { look, camera } = viewer;
    const press = (node: HTMLElement, on: boolean): void => node.setAttribute('aria-pressed', String(on));
    press(this.#perspective, camera.orbit.projection === 'perspective');
    press(this.#orthographic, camera.orbit.projection === 'orthographic');
    press(this.#follow, camera.isFollowing);
    press(this.#edl, look.hasEyeDome);
    const fields = look.pathFields();
    const options = PATH_FIELDS.filter((f) => fields.includes(f.field));
    this.#path.replaceChildren(...options.map((f) => el('option', { value: f.field }, f.name)));
    this.#path.disabled = options.length === 0;
    this.#path.value = look.pathField;
    const modes = look.cloudColors();
    this.#cloud.replaceChildren(
      ...modes.map((mode) => el('option', { value: cloudKey(mode) }, cloudName(mode))),
    );
    this.#cloud.disabled = modes.length === 0;
    this.#size.disabled = modes.length === 0;
    if (look.cloudColor) this.#cloud.value = cloudKey(look.cloudColor);
    this.#size.value = String(look.pointScale);
  }

  #compareChanged(): void {
    this.#actions.compare(this.#compare.checked ? this.#runs.value : undefined);
  }
}

function cloudName(color: CloudColor): string {
  switch (color.kind) {
    case 'rgb':
      return 'RGB';
    case 'height':
      return 'Height';
    case 'flat':
      return 'Flat';
    case 'field':
      return color.field;
  }
}
