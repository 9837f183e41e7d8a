// What tests reach inside the page: the viewer, its stage and bare three.js to compare with.
import * as three from 'three';
import type { Scene } from '../../src/core/scene.ts';
import { encodeBuffer } from '../../src/core/scene-buffer.ts';
import { Stage } from '../../webview/viewer/stage.ts';
import { createViewer } from '../../webview/viewer/viewer.ts';
import { sampleCloud, samplePath, sampleScenes } from './sample-scenes.ts';

/** What somebody would write who only wants to see the points: one renderer, one `Points`, one camera. */
function bareCloud(
  element: HTMLElement,
  positions: Float32Array,
  colors: Uint8Array,
): { renderer: three.WebGLRenderer; camera: three.PerspectiveCamera; draw(): void } {
  const width = element.clientWidth || 960;
  const height = element.clientHeight || 600;
  const renderer = new three.WebGLRenderer({ antialias: true });
  renderer.setSize(width, height);
  element.append(renderer.domElement);
  const geometry = new three.BufferGeometry();
  geometry.setAttribute('position', new three.BufferAttribute(positions, 3));
  geometry.setAttribute('color', new three.BufferAttribute(colors, 3, true));
  // three scales by half the height alone; this makes a point as large on screen as the viewer's.
  const size = 0.0066 / Math.tan((38 * Math.PI) / 360);
  const scene = new three.Scene();
  scene.background = new three.Color('#181818');
  scene.add(new three.Points(geometry, new three.PointsMaterial({ size, vertexColors: true })));
  const camera = new three.PerspectiveCamera(38, width / height, 0.02, 60);
  camera.up.set(0, 0, 1);
  camera.position.set(1.6, -1, 0.7);
  camera.lookAt(0.5, 0, 0);
  return { renderer, camera, draw: () => renderer.render(scene, camera) };
}

/** A scene of one cloud whose positions and colours lie under the paths `p` and `c`. */
const sidecarScene = (points: number): Scene => ({
  version: 1,
  kind: 'capture',
  cell: 'c',
  title: 'cloud',
  verdict: { ok: true, text: '' },
  facts: [],
  layers: [
    {
      kind: 'cloud',
      id: 'cloud',
      label: 'cloud',
      positions: { dtype: 'f32', shape: [points, 3], sha256: 'p', path: 'p' },
      colors: { dtype: 'u8', shape: [points, 3], sha256: 'c', path: 'c' },
    },
  ],
});

/** Bytes in use after collecting what is not. */
async function heap(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    (window as unknown as { gc(): void }).gc();
    await new Promise((done) => setTimeout(done, 30));
  }
  return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
}

export const harness = {
  three,
  createViewer,
  Stage,
  sampleCloud,
  samplePath,
  sampleScenes,
  encodeBuffer,
  bareCloud,
  sidecarScene,
  heap,
};
export type Harness = typeof harness;

declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
