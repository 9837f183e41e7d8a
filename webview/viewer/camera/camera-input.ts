import { orbit, pan, zoom } from './orbit.ts';
import type { OrbitState } from './orbit.ts';

/** What input may do to a view. */
export interface CameraTarget {
  readonly canvas: HTMLCanvasElement;
  readonly orbit: OrbitState;
  setOrbit(state: OrbitState): void;
  /** the view was clicked without a drag, at CSS px of the canvas */
  clicked(x: number, y: number, event: PointerEvent): void;
  doubleClicked(x: number, y: number): void;
  /** the pointer moved over the view without a button */
  hovered?(x: number, y: number): void;
  /** a tool took the pointer: no camera motion */
  captured?(x: number, y: number): boolean;
}

const RADIANS_PER_PIXEL = 0.008;
/** A press that moves less than this is a click [px]. */
const CLICK_SLOP = 4;

/**
 * Left drag orbits, right or Shift drag pans, the wheel zooms, two fingers pan and pinch. The wheel belongs to the
 * page until the view has the focus, so that scrolling a notebook never gets stuck in a picture.
 */
export function attachCameraInput(target: CameraTarget): () => void {
  const { canvas } = target;
  const abort = new AbortController();
  const options = { signal: abort.signal };
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  let panning = false;
  let blocked = false;

  const place = (event: MouseEvent): [number, number] => {
    const rect = canvas.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  };

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      canvas.focus({ preventScroll: true });
      const [x, y] = place(event);
      blocked = pointers.size === 0 && (target.captured?.(x, y) ?? false);
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      canvas.setPointerCapture(event.pointerId);
      travelled = 0;
      panning = event.button === 2 || event.button === 1 || event.shiftKey;
    },
    options,
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const last = pointers.get(event.pointerId);
      if (!last) {
        target.hovered?.(...place(event));
        return;
      }
      if (blocked) return;
      const dx = event.clientX - last.x;
      const dy = event.clientY - last.y;
      travelled += Math.abs(dx) + Math.abs(dy);
      const before = spread(pointers);
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (travelled < CLICK_SLOP && pointers.size === 1) return;
      const height = canvas.clientHeight || 1;
      if (pointers.size > 1) {
        const after = spread(pointers);
        const share = 1 / pointers.size;
        const moved = pan(target.orbit, (-dx * share) / height, (dy * share) / height);
        target.setOrbit(before > 0 && after > 0 ? zoom(moved, before / after) : moved);
      } else if (panning) {
        target.setOrbit(pan(target.orbit, -dx / height, dy / height));
      } else {
        target.setOrbit(orbit(target.orbit, -dx * RADIANS_PER_PIXEL, dy * RADIANS_PER_PIXEL));
      }
    },
    options,
  );
  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === 'pointerup' && travelled < CLICK_SLOP && event.button === 0 && !blocked) {
      target.clicked(...place(event), event);
    }
    if (pointers.size === 0) blocked = false;
  };
  canvas.addEventListener('pointerup', release, options);
  canvas.addEventListener('pointercancel', release, options);
  canvas.addEventListener('contextmenu', (event) => event.preventDefault(), options);
  canvas.addEventListener('dblclick', (event) => target.doubleClicked(...place(event)), options);
  canvas.addEventListener(
    'wheel',
    (event) => {
      const root = canvas.getRootNode();
      const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
      if (active !== canvas) return;
      event.preventDefault();
      // Lines and pages count as the pixels that browsers make of them.
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
      target.setOrbit(zoom(target.orbit, Math.exp(Math.min(1, Math.max(-1, pixels * 0.0015)))));
    },
    { ...options, passive: false },
  );
  return () => abort.abort();
}

function spread(pointers: ReadonlyMap<number, { x: number; y: number }>): number {
  const [a, b] = [...pointers.values()];
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}
