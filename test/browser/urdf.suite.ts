import assert from 'node:assert/strict';
import type { Scene, UrdfLayer } from '../../src/core/scene.ts';
import { encodeBuffer } from '../../src/core/scene-buffer.ts';
import { scenes, showing } from './scene-graph.suite.ts';
import { until, withPage } from './suite.ts';
import type { BrowserTest } from './suite.ts';

/*
 * An arm of two turning joints and a sliding finger, upright links of 0.3 m and 0.2 m. The forearm has a mesh that the
 * layer brings, the hand one that nobody has. The root is a pedestal of 0.1 m under the base.
 */
const URDF = `<?xml version="1.0"?>
<robot name="two">
  <material name="blue"><color rgba="0 0 1 1"/><texture filename="https://example.invalid/blue.png"/></material>
  <link name="floor"/>
  <joint name="pedestal" type="fixed"><parent link="floor"/><child link="base"/><origin xyz="0 0 0.1"/></joint>
  <link name="base"><visual><geometry><cylinder radius="0.05" length="0.06"/></geometry></visual></link>
  <joint name="shoulder" type="revolute">
    <parent link="base"/><child link="upper"/><origin xyz="0 0 0.05"/><axis xyz="0 1 0"/>
    <limit lower="-1" upper="1" velocity="1" effort="1"/>
  </joint>
  <link name="upper"><visual><origin xyz="0 0 0.15"/><geometry><box size="0.05 0.05 0.3"/></geometry>
    <material name="blue"/></visual></link>
  <joint name="elbow" type="revolute">
    <parent link="upper"/><child link="fore"/><origin xyz="0 0 0.3"/><axis xyz="0 1 0"/>
    <limit lower="-3" upper="3" velocity="1" effort="1"/>
  </joint>
  <link name="fore"><visual><geometry><mesh filename="package://two/meshes/fore.stl"/></geometry></visual></link>
  <joint name="wrist" type="fixed"><parent link="fore"/><child link="hand"/><origin xyz="0 0 0.2"/></joint>
  <link name="hand">
    <visual><geometry><mesh filename="package://two/meshes/hand.stl"/></geometry></visual>
    <collision><geometry><box size="0.04 0.08 0.04"/></geometry></collision>
  </link>
  <joint name="finger" type="prismatic">
    <parent link="hand"/><child link="left"/><origin xyz="0 0 0.03"/><axis xyz="0 1 0"/>
    <limit lower="0" upper="0.04" velocity="1" effort="1"/>
  </joint>
  <link name="left"><visual><geometry><sphere radius="0.01"/></geometry></visual></link>
  <joint name="other_finger" type="prismatic">
    <parent link="hand"/><child link="right"/><origin xyz="0 0 0.03"/><axis xyz="0 -1 0"/>
    <mimic joint="finger"/><limit lower="0" upper="0.04" velocity="1" effort="1"/>
  </joint>
  <link name="right"><visual><geometry><sphere radius="0.01"/></geometry></visual></link>
</robot>`;

/** A binary STL of one triangle, 0.2 m high. */
function triangle(): Uint8Array {
  const bytes = new Uint8Array(84 + 50);
  const view = new DataView(bytes.buffer);
  view.setUint32(80, 1, true);
  const corners = [0.02, 0, 0, -0.02, 0, 0, 0, 0, 0.2];
  corners.forEach((v, i) => view.setFloat32(84 + 12 + 4 * i, v, true));
  return bytes;
}

const text = (value: string): ReturnType<typeof encodeBuffer> => {
  const bytes = new TextEncoder().encode(value);
  return encodeBuffer(bytes, [bytes.length]);
};

const layer: UrdfLayer = {
  kind: 'urdf',
  id: 'robot',
  label: 'Arm',
  urdf: text(URDF),
  baseLink: 'base',
  jointNames: ['shoulder', 'elbow', 'finger'],
  times: encodeBuffer(Float64Array.of(0, 2), [2]),
  joints: encodeBuffer(Float32Array.of(0, 0, 0, 1.2, 0.4, 0.03), [2, 3]),
  meshes: { 'package://two/meshes/fore.stl': encodeBuffer(triangle(), [84 + 50]) },
};

const sceneOf = (...layers: Scene['layers']): Scene => ({ ...scenes.capture, layers });

export const urdfTests: readonly BrowserTest[] = [
  {
    name: 'urdf: links stand where their joints put them at the slider’s time, in base, limits and mimics included',
    run: (world) =>
      showing(world, sceneOf(layer), async (page) => {
        const places = await page.evaluate(() => {
          window.viewer.setTime(1);
          const robot = window.viewer.view.layers.get('robot')?.object;
          robot?.updateMatrixWorld(true);
          const { three: T } = window.harness;
          const of = (name: string): number[] =>
            new T.Vector3()
              .setFromMatrixPosition(robot?.getObjectByName(name)?.matrixWorld ?? new T.Matrix4())
              .toArray();
          return {
            base: of('base'),
            fore: of('fore'),
            hand: of('hand'),
            left: of('left'),
            right: of('right'),
          };
        });
        // Half way: shoulder 0.6, elbow 0.2, finger 0.015; turning about Y takes Z to X.
        const [a, b] = [0.6, 0.8];
        const fore = [0.3 * Math.sin(a), 0, 0.05 + 0.3 * Math.cos(a)];
        const hand = [(fore[0] ?? 0) + 0.2 * Math.sin(b), 0, (fore[2] ?? 0) + 0.2 * Math.cos(b)];
        const near = (found: number[], wanted: number[], what: string): void => {
          const gap = Math.hypot(...found.map((v, i) => v - (wanted[i] ?? 0)));
          assert.ok(gap < 1e-6, `${what} is ${gap} m off`);
        };
        near(places.base, [0, 0, 0], 'base');
        near(places.fore, fore, 'fore');
        near(places.hand, hand, 'hand');
        assert.ok(Math.abs((places.left[1] ?? 0) - 0.015) < 1e-6, 'the finger slides');
        assert.ok(Math.abs((places.right[1] ?? 0) + 0.015) < 1e-6, 'and its mimic the other way');
        const end = await page.evaluate(() => {
          window.viewer.setTime(2);
          const robot = window.viewer.view.layers.get('robot')?.object;
          robot?.updateMatrixWorld(true);
          return robot?.getObjectByName('fore')?.matrixWorld.elements[12];
        });
        assert.ok(
          Math.abs((end ?? 0) - 0.3 * Math.sin(1.2)) < 1e-6,
          'what a robot reports is shown beyond its limit',
        );
      }),
  },
  {
    name: 'urdf: a missing mesh is said, its collision solid stands in, the rest is drawn; nothing is fetched',
    run: (world) =>
      showing(world, sceneOf(layer), async (page) => {
        assert.match(
          await page.locator('.corner').innerText(),
          /1 mesh missing \(hand\.stl\), the rest is shown/,
        );
        const drawn = await page.evaluate(() => {
          const robot = window.viewer.view.layers.get('robot')?.object;
          const out: Record<string, [number, string][]> = {};
          for (const name of ['base', 'upper', 'fore', 'hand', 'left']) {
            out[name] = [];
            for (const part of robot?.getObjectByName(name)?.children ?? []) {
              if ('isURDFJoint' in part || !part.visible) continue;
              part.traverse((node) => {
                const mesh = node as unknown as {
                  isMesh?: boolean;
                  geometry: { attributes: { position: { count: number } } };
                  material: { color: { getHexString(): string }; type: string };
                };
                if (mesh.isMesh)
                  out[name]?.push([
                    mesh.geometry.attributes.position.count,
                    mesh.material.color.getHexString(),
                  ]);
              });
            }
          }
          return out;
        });
        assert.equal(drawn['fore']?.[0]?.[0], 3, 'the inline mesh has its triangle');
        assert.equal(drawn['hand']?.length, 1, 'the collision box stands in for the hand');
        assert.equal(drawn['base']?.length, 1);
        assert.equal(drawn['upper']?.[0]?.[1], '0000ff', 'its own colour');
        assert.equal(drawn['left']?.[0]?.[1], 'aeb4ba', 'the view’s where it has none');
        const fetched = await page.evaluate(
          () => performance.getEntriesByType('resource').filter((r) => r.name.includes('invalid')).length,
        );
        assert.equal(fetched, 0);
        assert.match(
          (await page.evaluate(() => window.viewer.view.layers.get('robot')?.detail())) ?? '',
          /^6 links$/,
        );
      }),
  },
  {
    name: 'urdf: a description that is none leaves the rest of the scene, and is named; meshes lie beside the scene',
    run: (world) =>
      withPage(world, '/harness.html?theme=light', async (page) => {
        await until(page, 'the harness', () => 'harness' in window);
        const asked = await page.evaluate(
          async ([broken, beside]) => {
            const paths: string[] = [];
            window.viewer = window.harness.createViewer({
              element: document.getElementById('view') as HTMLElement,
              resolve: (path) => {
                paths.push(path);
                return Promise.reject(new Error('none'));
              },
              plots: 'none',
            });
            await window.viewer.show([broken, beside]);
            return paths;
          },
          [
            sceneOf(...scenes.plan.layers, {
              ...layer,
              id: 'broken',
              label: 'Old arm',
              urdf: text('no XML'),
            }),
            sceneOf({
              ...layer,
              urdf: text(
                URDF.replace('package://two/meshes/fore.stl', 'meshes/fore.stl').replace(
                  'package://two/meshes/hand.stl',
                  '../../secret.stl',
                ),
              ),
            }),
          ] as const,
        );
        const corner = await page.locator('.corner').innerText();
        assert.match(corner, /Old arm: not shown, its description is not a URDF/);
        assert.match(corner, /2 meshes missing/);
        assert.deepEqual(asked, ['meshes/fore.stl'], 'only a path under the scene’s own folder is read');
        const ids = await page.evaluate(() => [...window.viewer.view.layers.keys()]);
        assert.ok(ids.includes('coarse') && ids.includes('robot') && !ids.includes('broken'));
      }),
  },
];
