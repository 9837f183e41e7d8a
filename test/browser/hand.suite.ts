import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Scene } from '../../src/core/scene.ts';
import { sampleScenes } from './sample-scenes.ts';
import { showing } from './scene-graph.suite.ts';
import { until } from './suite.ts';
import type { BrowserTest, World } from './suite.ts';

/*
 * What a hand does with a real mouse: the events are the browser's own, from pointer down to pointer up.
 */

const scenes = sampleScenes({ points: 6000 });

interface Edited {
  readonly edits: [number, { position: number[]; orientation: number[] }][];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The viewer in edit mode with the waypoint of that index, and a record of what it hands to its host. */
const editing = (
  world: World,
  scene: Scene,
  waypoint: number,
  work: (page: Page) => Promise<void>,
): Promise<void> =>
  showing(world, scene, async (page) => {
    await page.evaluate((index) => {
      const edits: unknown[] = [];
      Object.assign(window, { edits });
      (window.viewer.host as { onEdit?: (i: number, w: unknown) => void }).onEdit = (i, w) =>
        edits.push([i, w]);
      window.viewer.select(index);
    }, waypoint);
    await page.locator('canvas').focus();
    await page.keyboard.press('e');
    await until(page, 'the editor starts', () => window.viewer.toolBox?.editor !== undefined);
    await page.evaluate(() => window.viewer.view.renderNow());
    await work(page);
  });

/** Where a point of the selected waypoint's gizmo is on screen; its handles end at about half a unit. */
const onGizmo = (page: Page, local: readonly [number, number, number], waypoint: number): Promise<Point> =>
  page.evaluate(
    ([[x, y, z], index]) => {
      const { view } = window.viewer;
      const layer = view.layers.get('coarse') as unknown as {
        waypoints: { position: [number, number, number]; orientation: [number, number, number, number] }[];
      };
      const at = layer.waypoints[index] as (typeof layer.waypoints)[number];
      const { three: T } = window.harness;
      const eye = view.camera.position;
      // How TransformControls keeps its size on screen, times the editor's 0.7.
      const scale =
        (Math.hypot(...at.position.map((v, i) => v - eye.getComponent(i))) *
          Math.min(1.9 * Math.tan((Math.PI * 38) / 360), 7) *
          0.7) /
        4;
      const offset = new T.Vector3(x, y, z)
        .multiplyScalar(scale)
        .applyQuaternion(new T.Quaternion(...at.orientation));
      const [px, py, pz] = at.position;
      const { x: sx, y: sy } = view.project([px + offset.x, py + offset.y, pz + offset.z]);
      const box = view.canvas.getBoundingClientRect();
      return { x: sx + box.left, y: sy + box.top };
    },
    [local, waypoint] as const,
  );

async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let i = 1; i <= 6; i++) {
    await page.mouse.move(from.x + ((to.x - from.x) * i) / 6, from.y + ((to.y - from.y) * i) / 6);
  }
  await page.mouse.up();
}

const editsOf = (page: Page): Promise<Edited['edits']> =>
  page.evaluate(() => (window as unknown as Edited).edits);

const waypointNow = (page: Page, index: number): Promise<{ position: number[]; orientation: number[] }> =>
  page.evaluate(
    (i) =>
      (
        window.viewer.view.layers.get('coarse') as unknown as {
          waypoints: { position: number[]; orientation: number[] }[];
        }
      ).waypoints[i] as { position: number[]; orientation: number[] },
    index,
  );

const orbitNow = (page: Page): Promise<Record<string, unknown>> =>
  page.evaluate(() => ({ ...window.viewer.view.orbit }));

export const handTests: readonly BrowserTest[] = [
  {
    name: 'mouse: the gizmo moves a waypoint along its axis, once per drag, and Ctrl+Z takes it back',
    run: (world) =>
      editing(world, scenes.plan, 2, async (page) => {
        const before = await waypointNow(page, 2);
        const camera = await orbitNow(page);
        const grip = await onGizmo(page, [0.4, 0, 0], 2);
        const beyond = await onGizmo(page, [0.9, 0, 0], 2);
        await drag(page, grip, beyond);
        await until(page, 'the edit is handed over', () => (window as unknown as Edited).edits.length > 0);
        const after = await waypointNow(page, 2);
        const [x0, y0, z0] = before.position as [number, number, number];
        const [x1, y1, z1] = after.position as [number, number, number];
        assert.ok(x1 - x0 > 0.01, `moved ${x1 - x0} m along x`);
        assert.deepEqual([y1, z1], [y0, z0], 'and nowhere else');
        assert.equal((await editsOf(page)).length, 1, 'one edit on release, not one per move');
        assert.deepEqual(await orbitNow(page), camera, 'the camera stands still meanwhile');
        await page.keyboard.press('Control+z');
        assert.deepEqual((await waypointNow(page, 2)).position, before.position);
        await page.keyboard.press('Control+Shift+z');
        assert.deepEqual((await waypointNow(page, 2)).position, after.position);
        assert.deepEqual(
          (await editsOf(page)).map(([index]) => index),
          [2, 2, 2],
        );
      }),
  },
  {
    name: 'mouse: R turns the gizmo into rotation, which keeps the place and a unit quaternion',
    run: (world) =>
      editing(world, scenes.plan, 2, async (page) => {
        const before = await waypointNow(page, 2);
        await page.keyboard.press('r');
        await page.evaluate(() => window.viewer.view.renderNow());
        await drag(page, await onGizmo(page, [0.5, 0, 0], 2), await onGizmo(page, [0.35, 0.35, 0], 2));
        await until(page, 'the edit is handed over', () => (window as unknown as Edited).edits.length > 0);
        const after = await waypointNow(page, 2);
        assert.deepEqual(after.position, before.position);
        assert.notDeepEqual(after.orientation, before.orientation);
        assert.ok(Math.abs(Math.hypot(...after.orientation) - 1) < 1e-3);
      }),
  },
  {
    name: 'mouse: with Shift a waypoint snaps to the surface under the pointer',
    run: (world) =>
      editing(world, scenes.plan, 2, async (page) => {
        const target = await page.evaluate(() => {
          const { view } = window.viewer;
          const data = view.layers.get('cloud:table')?.data as { positions: Float32Array; count: number };
          const marks = view.reserved;
          const box = view.canvas.getBoundingClientRect();
          for (let i = 0; i < data.count; i++) {
            const p: [number, number, number] = [
              data.positions[3 * i] ?? 0,
              data.positions[3 * i + 1] ?? 0,
              data.positions[3 * i + 2] ?? 0,
            ];
            const { x, y } = view.project(p);
            const isFree = marks.every((r) => x < r.x || x > r.x + r.width || y < r.y || y > r.y + r.height);
            // A point of the bare table, well inside the picture.
            if (Math.abs(p[2]) < 0.002 && p[0] > 0.6 && isFree && x > 60 && x < 800 && y > 60 && y < 500)
              return { x: x + box.left, y: y + box.top };
          }
          throw new Error('no point of the table is free');
        });
        const from = await onGizmo(page, [0, 0, 0], 2);
        await page.mouse.move(from.x, from.y);
        await page.mouse.down();
        await page.keyboard.down('Shift');
        await page.mouse.move((from.x + target.x) / 2, (from.y + target.y) / 2);
        await page.mouse.move(target.x, target.y);
        await page.mouse.up();
        await page.keyboard.up('Shift');
        await until(page, 'the edit is handed over', () => (window as unknown as Edited).edits.length > 0);
        const [, , z] = (await waypointNow(page, 2)).position as [number, number, number];
        assert.ok(Math.abs(z) < 0.01, `it stands ${z} m over the table`);
      }),
  },
  {
    name: 'mouse: drag orbits, right drag pans, double click turns round what lies there, the slider scrubs',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        const start = await orbitNow(page);
        await drag(page, { x: 700, y: 100 }, { x: 640, y: 120 });
        const turned = await orbitNow(page);
        assert.notEqual(turned['azimuth'], start['azimuth']);
        assert.deepEqual(turned['target'], start['target']);
        await page.mouse.move(700, 100);
        await page.mouse.down({ button: 'right' });
        await page.mouse.move(740, 130);
        await page.mouse.up({ button: 'right' });
        const panned = await orbitNow(page);
        assert.notDeepEqual(panned['target'], turned['target']);
        assert.equal(panned['azimuth'], turned['azimuth']);
        const at = await page.evaluate(() => {
          const path = window.viewer.view.layers.get('refined') as unknown as {
            positionAt(t: number): [number, number, number];
          };
          return window.viewer.view.project(path.positionAt(4.2));
        });
        await page.mouse.dblclick(at.x, at.y);
        await page.waitForFunction(
          (before) => JSON.stringify(window.viewer.view.orbit.target) !== before,
          JSON.stringify(panned['target']),
        );
        const gap = await page.evaluate(() => {
          const path = window.viewer.view.layers.get('refined') as unknown as {
            positionAt(t: number): number[];
          };
          const place = path.positionAt(4.2);
          return Math.hypot(...window.viewer.view.orbit.target.map((v, i) => v - (place[i] ?? 0)));
        });
        assert.ok(gap < 0.02, `the pivot is ${gap} m off`);
        const track = await page.locator('.track').boundingBox();
        assert.ok(track);
        await drag(
          page,
          { x: track.x + 2, y: track.y + track.height / 2 },
          { x: track.x + track.width / 2, y: track.y + track.height / 2 },
        );
        const share = await page.evaluate(
          () => window.viewer.clock.time / (window.viewer.clock.end - window.viewer.clock.start),
        );
        assert.ok(Math.abs(share - 0.5) < 0.02, `the slider is at ${share}`);
      }),
  },
  {
    name: 'mouse: a click on a number selects its waypoint in view and table alike; a click beside it none',
    run: (world) =>
      showing(world, scenes.plan, async (page) => {
        const disc = await page.evaluate(() => window.viewer.view.discs.find((d) => d.waypoint === 4));
        assert.ok(disc);
        await page.mouse.click(disc.x, disc.y);
        assert.equal(await page.evaluate(() => window.viewer.selected), 4);
        await page.mouse.click(700, 40);
        assert.equal(await page.evaluate(() => window.viewer.selected), -1);
      }),
  },
  {
    name: 'keyboard: P and Enter pick what lies in the middle, M with two aims measures, Escape puts it away',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        await page.evaluate(() => {
          const picks: unknown[] = [];
          const measures: unknown[] = [];
          Object.assign(window, { picks, measures });
          const host = window.viewer.host as {
            onPick?: (p: unknown) => void;
            onMeasure?: (m: unknown) => void;
          };
          host.onPick = (pick) => picks.push(pick);
          host.onMeasure = (measure) => measure && measures.push(measure);
          const path = window.viewer.view.layers.get('refined') as unknown as {
            positionAt(t: number): [number, number, number];
          };
          window.viewer.camera.move({ ...window.viewer.camera.orbit, target: path.positionAt(4.2) });
          window.viewer.view.renderNow();
        });
        await page.locator('canvas').focus();
        await page.keyboard.press('p');
        await until(page, 'the tool is there', () => window.viewer.toolBox?.tool === 'pick');
        await page.keyboard.press('Enter');
        const [pick] = await page.evaluate(
          () => (window as unknown as { picks: { kind: string; time: number }[] }).picks,
        );
        assert.equal(pick?.kind, 'sample');
        assert.ok(Math.abs((pick?.time ?? 0) - 4.2) < 0.1);
        await page.keyboard.press('m');
        await until(page, 'the other tool is there', () => window.viewer.toolBox?.tool === 'measure');
        await page.keyboard.press('Enter');
        await page.evaluate(() => {
          const path = window.viewer.view.layers.get('refined') as unknown as {
            positionAt(t: number): [number, number, number];
          };
          window.viewer.camera.move({ ...window.viewer.camera.orbit, target: path.positionAt(1) });
          window.viewer.view.renderNow();
        });
        await page.keyboard.press('Enter');
        assert.equal(
          await page.evaluate(() => (window as unknown as { measures: unknown[] }).measures.length),
          1,
        );
        assert.equal(
          await page.evaluate(() => window.viewer.view.annotations().some((m) => m.kind === 'aim')),
          true,
        );
        await page.keyboard.press('Escape');
        assert.equal(await page.evaluate(() => window.viewer.toolBox?.tool), undefined);
        assert.equal(
          await page.evaluate(() => window.viewer.view.annotations().some((m) => m.kind === 'aim')),
          false,
        );
      }),
  },
  {
    name: 'keyboard: point size, cloud colour, shading, screenshot and camera have keys too',
    run: (world) =>
      showing(world, scenes.refined, async (page) => {
        await page.evaluate(() => {
          const got: string[] = [];
          Object.assign(window, { got });
          const host = window.viewer.host as {
            onScreenshot?: (png: Blob) => void;
            onCopy?: (text: string) => void;
          };
          host.onScreenshot = (png) => got.push(png.type);
          host.onCopy = (text) => got.push(text);
        });
        await page.locator('canvas').focus();
        await page.keyboard.press('Shift+]');
        assert.equal(await page.evaluate(() => window.viewer.look.pointScale), 1.5);
        await page.keyboard.press('Shift+K');
        assert.equal(await page.evaluate(() => window.viewer.look.cloudColor?.kind), 'height');
        await page.keyboard.press('d');
        await until(page, 'shading is on', () => window.viewer.look.hasEyeDome);
        await page.keyboard.press('s');
        await page.keyboard.press('Shift+C');
        await until(page, 'both came', () => (window as unknown as { got: string[] }).got.length === 2);
        const got = await page.evaluate(() => (window as unknown as { got: string[] }).got);
        assert.ok(got.includes('image/png'));
        assert.ok(got.some((text) => text.includes('azimuth')));
      }),
  },
];
