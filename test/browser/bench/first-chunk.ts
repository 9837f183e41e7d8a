import * as esbuild from 'esbuild';
import { initialBytes } from '../site.ts';
import type { Bench, Figure } from './figure.ts';

const LIMIT_KB = 900;

/** What the renderer loads before it can draw, minified, beside what bare three.js needs to draw points. */
export async function firstChunk({ site }: Bench): Promise<Figure> {
  const bare = await esbuild.build({
    stdin: {
      contents: `export { WebGLRenderer, Scene, Color, PerspectiveCamera, BufferGeometry, BufferAttribute, Points, PointsMaterial } from 'three';`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  const viewer = initialBytes(site.metafile, 'renderer.mjs') / 1000;
  return {
    name: "renderer's first chunk, minified",
    viewer,
    bare: (bare.outputFiles[0]?.contents.length ?? Number.NaN) / 1000,
    unit: 'kB',
    must: `at most ${LIMIT_KB} kB`,
    holds: viewer <= LIMIT_KB,
    note: 'plots, gizmos, picking, URDF and shading come later',
  };
}
