import { PCDLoader } from 'three/examples/jsm/loaders/PCDLoader.js';

/**
 * Reads a PCD file as three.js does, and tells how many points it has. A bundle of its own, `dist/three-pcd-reader.mjs`:
 * three.js is larger than the rest of the command line, and only one benchmark asks for it.
 */
export const readWithThree = (file: ArrayBuffer): number =>
  new PCDLoader().parse(file).geometry.getAttribute('position').count;
