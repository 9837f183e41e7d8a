// What tests reach inside the page: the viewer, its stage and bare three.js to compare with.
import * as three from 'three';
import { createViewer } from '../../webview/viewer/viewer.ts';
import { Stage } from '../../webview/viewer/stage.ts';
import { sampleCloud, samplePath, sampleScenes } from './sample-scenes.ts';
import { encodeBuffer } from '../../src/core/scene-buffer.ts';

export const harness = { three, createViewer, Stage, sampleCloud, samplePath, sampleScenes, encodeBuffer };
export type Harness = typeof harness;

declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
