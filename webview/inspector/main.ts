import { parseHostToInspector } from '../../src/core/viewer-messages.ts';
import type {
  HostToInspector,
  InspectorDocument,
  InspectorPlace,
  InspectorToHost,
} from '../../src/core/viewer-messages.ts';
import { toBase64 } from '../../src/core/scene-buffer.ts';
import { framesOf } from '../viewer/frames.ts';
import type { Resolve } from '../viewer/load-scene.ts';
import { createViewer } from '../viewer/viewer.ts';
import type { ViewerState } from '../viewer/viewer.ts';
import { differencesOf } from '../viewer/differences.ts';
import { CloudColourPanel } from './cloud-colour-panel.ts';
import { CompareLayoutSwitch } from './compare-layout.ts';
import { mergeDifferences } from './difference-list.ts';
import { LayersPanel } from './layers-panel.ts';
import { PinPanel } from './pin-panel.ts';
import { ReadoutPanel } from './readout-panel.ts';
import { Toolbar } from './toolbar.ts';
import style from './inspector.css';

/** What survives a reload of the window; the extension finds the output again by its place. */
interface Saved {
  readonly cell: string;
  readonly place: InspectorPlace | undefined;
  readonly viewer: ViewerState;
}

declare function acquireVsCodeApi(): {
  postMessage(message: InspectorToHost): void;
  getState(): Saved | undefined;
  setState(state: Saved): void;
};

const host = acquireVsCodeApi();
const post = (message: InspectorToHost): void => host.postMessage(message);

// Property by property: VS Code keeps its theme's tokens in this same style attribute.
document.documentElement.style.height = '100%';
Object.assign(document.body.style, { height: '100%', margin: '0', padding: '0', overflow: 'hidden' });
const element = document.createElement('div');
element.style.cssText = 'position:absolute;inset:0';
document.body.replaceChildren(element);

let shown: InspectorDocument | undefined;
let base = document.baseURI;
let saveTimer = 0;

const resolveUnder =
  (folder: () => string): Resolve =>
  async (path, signal) => {
    const response = await fetch(new URL(path, folder()), { signal });
    if (!response.ok) throw new Error(`its data file ${path} cannot be read (${response.status})`);
    return new Uint8Array(await response.arrayBuffer());
  };

const layers = new LayersPanel();
const cloudColour = new CloudColourPanel(() => viewer);
const compareLayout = new CompareLayoutSwitch(() => viewer);
const pinPanel = new PinPanel(() => viewer);
const below = document.createElement('div');
below.append(pinPanel.element, cloudColour.element);
const readout = new ReadoutPanel(
  {
    clearMeasure: () => void viewer.tools().then((tools) => tools.clearMeasure()),
    copy: (text) => post({ type: 'copy', text }),
    setCrop: (box) => void viewer.tools().then((tools) => tools.setCrop(box)),
  },
  { below, layout: compareLayout.element },
);
const toolbar = new Toolbar({
  viewer: () => viewer,
  compare: (run) => {
    post({ type: 'compare', ...(run === undefined ? {} : { run }) });
    if (run === undefined) {
      void viewer.compare(undefined);
      readout.setCompared('', '', undefined);
    }
  },
});

const viewer = createViewer({
  element,
  resolve: resolveUnder(() => base),
  plots: 'below',
  panels: { top: toolbar.element, left: layers.element, right: readout.element },
  style,
  onSelect: (waypoint) => shown && post({ type: 'select', cell: shown.cell, waypoint }),
  onTime: (time) => {
    save();
    if (shown && !viewer.clock.playing) post({ type: 'seek', cell: shown.cell, time });
  },
  onCurrent: (waypoint) => shown && post({ type: 'current', cell: shown.cell, waypoint }),
  onScreenshot: (png) => {
    void png.arrayBuffer().then((bytes) => {
      post({ type: 'screenshot', png: toBase64(new Uint8Array(bytes)) });
    });
  },
  onCopy: (text) => post({ type: 'copy', text }),
  onPick: (pick) => readout.setPick(pick),
  onCrop: (box) => readout.setCrop(box),
  onMeasure: (measure) => readout.setMeasure(measure),
  onTool: (tool) => {
    toolbar.setTool(tool);
    pinPanel.setActive(tool === 'pin');
  },
  onPin: (pin) => shown && post({ type: 'pin', cell: shown.cell, ...pin }),
  onPinning: (kind, next) => pinPanel.setNext(kind, next),
  onEdit: (waypoint, pose) => {
    if (!shown?.editable) return;
    const { label, position, orientation } = pose;
    post({ type: 'edit', cell: shown.cell, waypoint, label, position, orientation });
  },
  onCommand: (command) => {
    if (command.kind === 'compare') {
      toolbar.toggleCompare();
      return true;
    }
    if (command.kind === 'layers') {
      layers.element.querySelector('input')?.focus();
      return true;
    }
    return false;
  },
});
viewer.onChange = () => {
  layers.update(viewer);
  readout.setFrames(framesOf([...viewer.view.layers.values()].map(({ data }) => data)));
  toolbar.update();
  cloudColour.update();
  compareLayout.update();
  save();
};

/** A tenth of a second after the last change: dragging must not write state on every frame. */
function save(): void {
  clearTimeout(saveTimer);
  saveTimer = window.setTimeout(() => {
    if (shown) host.setState({ cell: shown.cell, place: shown.place, viewer: viewer.state });
  }, 100);
}

async function show(document: InspectorDocument): Promise<void> {
  const saved = host.getState();
  const isSame = shown?.cell === document.cell;
  shown = document;
  base = document.base;
  toolbar.setRuns(document.runs);
  if (!document.editable) toolbar.setEditable(false);
  toolbar.badge.textContent = document.badge ?? '';
  toolbar.badge.hidden = document.badge === undefined;
  await viewer.show(document.scenes);
  // Not before they are there: who pressed Edit earlier would have the keys go elsewhere than to a waypoint.
  if (shown === document) toolbar.setEditable(document.editable);
  if (!isSame && saved?.cell === document.cell) viewer.restore(saved.viewer);
}

/** Another run over this one or beside it, and the list of what differs. No scenes: none any more. */
async function compare(message: Extract<HostToInspector, { type: 'compare' }>): Promise<void> {
  const { run, scenes, differences } = message;
  const isOn = scenes.length > 0;
  toolbar.setCompared(isOn ? run.id : undefined);
  await viewer.compare(
    isOn ? scenes : undefined,
    run.label,
    resolveUnder(() => message.base),
  );
  const other = viewer.comparison?.scenes ?? [];
  const rows = isOn ? mergeDifferences(differences, differencesOf(viewer.loaded, other)) : undefined;
  readout.setCompared('This run', run.label, rows);
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parseHostToInspector(event.data);
  if (!message) return;
  switch (message.type) {
    case 'show':
      void show(message.document);
      break;
    case 'compare':
      void compare(message);
      break;
    case 'select':
      viewer.select(message.waypoint, false);
      break;
    case 'seek':
      viewer.setTime(message.time);
      break;
    case 'follow':
      if (viewer.camera.isFollowing !== message.active) viewer.run({ kind: 'follow' });
      break;
  }
});
toolbar.update();
post({ type: 'ready' });
