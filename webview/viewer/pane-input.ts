import { attachCameraInput } from './camera/camera-input.ts';
import type { OrbitState } from './camera/orbit.ts';
import type { Pane } from './pane.ts';

/** What becomes of a hand on a pane. Places are CSS pixels from the canvas's top left. */
export interface PaneInputActions {
  orbit(): OrbitState;
  setOrbit(state: OrbitState): void;
  clicked(x: number, y: number): void;
  doubleClicked(x: number, y: number): void;
  /** a tool has the pointer, and the camera stays */
  isCaptured(): boolean;
  /** true: the key meant something */
  key(event: KeyboardEvent): boolean;
}

/** Pointer, wheel, keys and size of a pane; the function returned takes them away. */
export function connectPane(pane: Pane, actions: PaneInputActions): () => void {
  const { canvas } = pane;
  const abort = new AbortController();
  const input = attachCameraInput({
    canvas,
    get orbit() {
      return actions.orbit();
    },
    setOrbit: (state) => actions.setOrbit(state),
    clicked: (x, y) => actions.clicked(x, y),
    doubleClicked: (x, y) => actions.doubleClicked(x, y),
    captured: () => actions.isCaptured(),
  });
  // At once: the first picture must not wait for the observer's first report.
  pane.measure();
  const size = new ResizeObserver(() => pane.measure());
  size.observe(canvas);
  const keyed = (event: KeyboardEvent): void => {
    if (!actions.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  canvas.addEventListener('keydown', keyed, { signal: abort.signal });
  return () => {
    input();
    size.disconnect();
    abort.abort();
  };
}
