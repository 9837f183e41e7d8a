import check from '@vscode/codicons/src/icons/check.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import clippy from '@vscode/codicons/src/icons/copy.svg';
import debugStop from '@vscode/codicons/src/icons/debug-stop.svg';
import deviceCamera from '@vscode/codicons/src/icons/device-camera.svg';
import edit from '@vscode/codicons/src/icons/move.svg';
import home from '@vscode/codicons/src/icons/home.svg';
import inspect from '@vscode/codicons/src/icons/inspect.svg';
import layers from '@vscode/codicons/src/icons/layers.svg';
import loop from '@vscode/codicons/src/icons/sync.svg';
import pause from '@vscode/codicons/src/icons/debug-pause.svg';
import pin from '@vscode/codicons/src/icons/pin.svg';
import play from '@vscode/codicons/src/icons/play.svg';
import ruler from '@vscode/codicons/src/icons/symbol-ruler.svg';
import screenFull from '@vscode/codicons/src/icons/screen-full.svg';
import selection from '@vscode/codicons/src/icons/screen-cut.svg';
import stepBack from '@vscode/codicons/src/icons/discard.svg';
import stepForward from '@vscode/codicons/src/icons/redo.svg';
import table from '@vscode/codicons/src/icons/table.svg';
import trash from '@vscode/codicons/src/icons/trash.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';

const SVG = {
  check,
  'chevron-down': chevronDown,
  'chevron-right': chevronRight,
  copy: clippy,
  'debug-stop': debugStop,
  'device-camera': deviceCamera,
  edit,
  home,
  inspect,
  layers,
  loop,
  pause,
  pin,
  play,
  ruler,
  'screen-full': screenFull,
  selection,
  'step-back': stepBack,
  'step-forward': stepForward,
  table,
  trash,
  warning,
} as const;

export type IconName = keyof typeof SVG;

const parsed = new Map<IconName, Element>();

/** A codicon as inline SVG: no font to load, and it takes the colour of the text beside it. */
export function icon(name: IconName): Element {
  let source = parsed.get(name);
  if (!source) {
    source = new DOMParser().parseFromString(SVG[name], 'image/svg+xml').documentElement;
    source.setAttribute('aria-hidden', 'true');
    source.classList.add('icon');
    parsed.set(name, source);
  }
  return document.importNode(source, true);
}
