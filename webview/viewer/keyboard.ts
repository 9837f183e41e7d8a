/** Everything that a key can ask of a view. */
export type ViewCommand =
  | { readonly kind: 'orbit'; readonly yaw: number; readonly pitch: number }
  | { readonly kind: 'pan'; readonly right: number; readonly up: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'preset'; readonly name: 'top' | 'front' | 'side' }
  | { readonly kind: 'projection' | 'fit' | 'follow' }
  | { readonly kind: 'play' | 'loop' | 'start' | 'end' }
  | { readonly kind: 'sample' | 'waypoint' | 'speed' | 'point-size'; readonly direction: 1 | -1 }
  | { readonly kind: 'tool'; readonly tool: 'pick' | 'measure' | 'crop' | 'edit' | 'pin' }
  | { readonly kind: 'layers' | 'colour' | 'cloud-colour' | 'compare' | 'compare-layout' | 'table' }
  | { readonly kind: 'shading' | 'screenshot' | 'copy-camera' | 'take' | 'undo' | 'redo' | 'leave' };

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const TURN = Math.PI / 24;
const SHIFT = 0.05;

/** The command of a key press in a focused view; undefined where the key is not ours and must travel on. */
export function commandOf(press: KeyPress): ViewCommand | undefined {
  const { key, shiftKey } = press;
  if (press.ctrlKey || press.metaKey) {
    if (key.toLowerCase() !== 'z' || press.altKey) return undefined;
    return { kind: shiftKey ? 'redo' : 'undo' };
  }
  if (press.altKey) return undefined;
  if (shiftKey) {
    switch (key) {
      case 'ArrowLeft':
        return { kind: 'pan', right: -SHIFT, up: 0 };
      case 'ArrowRight':
        return { kind: 'pan', right: SHIFT, up: 0 };
      case 'ArrowUp':
        return { kind: 'pan', right: 0, up: SHIFT };
      case 'ArrowDown':
        return { kind: 'pan', right: 0, up: -SHIFT };
      // Shift+comma and Shift+full stop on a US layout, and the keys themselves elsewhere.
      case '<':
      case ',':
      case ';':
        return { kind: 'speed', direction: -1 };
      case '>':
      case '.':
      case ':':
        return { kind: 'speed', direction: 1 };
      case '{':
      case '[':
        return { kind: 'point-size', direction: -1 };
      case '}':
      case ']':
        return { kind: 'point-size', direction: 1 };
      case 'C':
        return { kind: 'copy-camera' };
      case 'K':
        return { kind: 'cloud-colour' };
      case 'X':
        return { kind: 'compare-layout' };
    }
  }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'ArrowLeft':
      return { kind: 'orbit', yaw: -TURN, pitch: 0 };
    case 'ArrowRight':
      return { kind: 'orbit', yaw: TURN, pitch: 0 };
    case 'ArrowUp':
      return { kind: 'orbit', yaw: 0, pitch: TURN };
    case 'ArrowDown':
      return { kind: 'orbit', yaw: 0, pitch: -TURN };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 1 / 1.15 };
    case '-':
      return { kind: 'zoom', factor: 1.15 };
    case 'f':
      return { kind: 'fit' };
    case 'g':
      return { kind: 'follow' };
    case '7':
      return { kind: 'preset', name: 'top' };
    case '1':
      return { kind: 'preset', name: 'front' };
    case '3':
      return { kind: 'preset', name: 'side' };
    case '5':
      return { kind: 'projection' };
    case ' ':
      return { kind: 'play' };
    case ',':
      return { kind: 'sample', direction: -1 };
    case '.':
      return { kind: 'sample', direction: 1 };
    case '[':
      return { kind: 'waypoint', direction: -1 };
    case ']':
      return { kind: 'waypoint', direction: 1 };
    case 'l':
      return { kind: 'loop' };
    case 'Home':
      return { kind: 'start' };
    case 'End':
      return { kind: 'end' };
    case 'p':
      return { kind: 'tool', tool: 'pick' };
    case 'm':
      return { kind: 'tool', tool: 'measure' };
    case 'c':
      return { kind: 'tool', tool: 'crop' };
    case 'e':
      return { kind: 'tool', tool: 'edit' };
    case 'n':
      return { kind: 'tool', tool: 'pin' };
    case 'y':
      return { kind: 'layers' };
    case 'k':
      return { kind: 'colour' };
    case 'x':
      return { kind: 'compare' };
    case 't':
      return { kind: 'table' };
    case 'd':
      return { kind: 'shading' };
    case 's':
      return { kind: 'screenshot' };
    case 'Enter':
      return { kind: 'take' };
    case 'Escape':
      return { kind: 'leave' };
    default:
      return undefined;
  }
}
