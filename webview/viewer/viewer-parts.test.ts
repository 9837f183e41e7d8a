import { describe, expect, it } from 'vitest';
import type { Waypoint } from '../../src/core/waypoint.ts';
import { sampleScenes } from '../../test/browser/sample-scenes.ts';
import { finiteCloud } from './cloud-filter.ts';
import { comparedLayers, comparedPaths } from './compare.ts';
import { differencesOf, farthestApart } from './differences.ts';
import { colorStops, mapTexels, sampleMap } from './draw/color-map.ts';
import { placeLabels } from './draw/label-layout.ts';
import { commandOf } from './keyboard.ts';
import { loadScene } from './load-scene.ts';
import { derivativeNorm, digitsBeside, twoDigits } from './path-values.ts';
import { plotsOf, valueAt } from './plots/plot-data.ts';
import type { TrajectoryData } from './scene-data.ts';
import { PALETTES } from './theme.ts';
import { timelineOf } from './time/timeline.ts';
import { EMPTY_HISTORY, record, redo, undo } from './tools/edit-history.ts';
import { measureText } from './tools/measure.ts';
import { pickAt } from './tools/pick.ts';
import type { Projection } from './view3d.ts';

const never = (): Promise<Uint8Array> => Promise.reject(new Error('no such file'));
const load = (scene: Parameters<typeof loadScene>[0]) =>
  loadScene(scene, never, new AbortController().signal);
const scenes = sampleScenes({ points: 2000 });

describe('finiteCloud', () => {
  it('leaves out points that are not finite, with their colours and fields', () => {
    const out = finiteCloud(
      {
        positions: Float32Array.of(0, 0, 0, Number.NaN, 1, 1, 2, 2, 2, 3, Infinity, 3),
        colors: Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4),
        fields: { i: Float32Array.of(1, 2, 3, 4) },
      },
      10,
    );
    expect([...out.positions]).toEqual([0, 0, 0, 2, 2, 2]);
    expect([...(out.colors ?? [])]).toEqual([1, 1, 1, 3, 3, 3]);
    expect([...(out.fields['i'] ?? [])]).toEqual([1, 3]);
    expect(out.dropped).toBe(2);
  });

  it('thins to exactly the budget, evenly', () => {
    const n = 1000;
    const positions = Float32Array.from({ length: 3 * n }, (_, i) => Math.floor(i / 3));
    const out = finiteCloud({ positions, fields: {} }, 100);
    expect(out.count).toBe(100);
    const xs = Array.from({ length: 100 }, (_, i) => out.positions[3 * i] as number);
    for (let i = 1; i < 100; i++) expect((xs[i] as number) - (xs[i - 1] as number)).toBe(10);
  });

  it('hands arrays through untouched where nothing has to go', () => {
    const positions = new Float32Array(30);
    expect(finiteCloud({ positions, fields: {} }, 100).positions).toBe(positions);
  });
});

describe('loadScene', () => {
  it('keeps the rest when one layer cannot be read, and says which and why', async () => {
    const [cloud, ...rest] = scenes.executed.layers;
    if (cloud?.kind !== 'cloud') throw new Error('the sample has changed');
    const broken = { ...cloud, positions: { ...cloud.positions, base64: undefined, path: 'gone.bin' } };
    const loaded = await load({ ...scenes.executed, layers: [broken, ...rest] });
    expect(loaded.layers.map((l) => l.kind)).not.toContain('cloud');
    expect(loaded.layers).toHaveLength(rest.length);
    expect(loaded.notes.join()).toMatch(/Point cloud: not shown, no such file/);
  });

  it('skips kinds of layers that it does not know, and says so', async () => {
    const strange = { kind: 'hologram', id: 'h', label: 'Hologram' } as never;
    const loaded = await load({ ...scenes.capture, layers: [...scenes.capture.layers, strange] });
    expect(loaded.notes.join()).toMatch(/Hologram/);
    expect(loaded.layers).toHaveLength(scenes.capture.layers.length);
  });
});

describe('path values', () => {
  it('differentiates a parabola: speed grows linearly, acceleration is constant, jerk is none', () => {
    const n = 50;
    const times = Float64Array.from({ length: n }, (_, i) => i * 0.1);
    const tool = new Float32Array(7 * n);
    times.forEach((t, i) => (tool[7 * i] = t * t));
    const path = { times, tool, count: n };
    expect(derivativeNorm(path, 1)[20]).toBeCloseTo(4, 3);
    expect(derivativeNorm(path, 2)[20]).toBeCloseTo(2, 2);
    expect(derivativeNorm(path, 3)[20]).toBeLessThan(0.05);
  });

  it('writes two significant digits', () => {
    expect([0.2749, 136.4, 4.26, 0, Number.NaN].map(twoDigits)).toEqual([
      '0.27',
      '136',
      '4.3',
      '0',
      'unknown',
    ]);
  });

  it('a value beside its peak has no more digits than the peak gives sense to', () => {
    expect([0.00041, -0.0021, 0.274, 0].map((value) => digitsBeside(value, 0.3))).toEqual([
      '0.000',
      '-0.002',
      '0.27',
      '0',
    ]);
    expect(digitsBeside(4.26, 61)).toBe('4.3');
    expect(digitsBeside(-0.79, 1.2)).toBe('-0.79');
  });
});

describe('plots', () => {
  it('shows what a scene has data for, on one time base, with the limit', async () => {
    const { layers } = await load(scenes.executed);
    const plots = plotsOf(layers);
    expect(plots.map((p) => p.key)).toEqual(['joints', 'velocities', 'speed', 'clearance', 'error']);
    for (const plot of plots)
      for (const line of plot.lines) expect(line.values).toHaveLength(plot.times.length);
    expect(plots.find((p) => p.key === 'clearance')?.limit?.value).toBeCloseTo(20, 6);
    const speed = plots.find((p) => p.key === 'speed');
    expect(speed && valueAt(speed, 0, 1.2)).toBeGreaterThan(0.1);
  });

  it('has none without a trajectory', async () => {
    expect(plotsOf((await load(scenes.capture)).layers)).toEqual([]);
  });
});

describe('timeline', () => {
  it('has a ring for each waypoint, a bar for each grip, and marks the waypoint behind a refused sample', async () => {
    const { layers } = await load(scenes.refused);
    const timeline = timelineOf(layers);
    expect(timeline.marks.filter((m) => m.kind === 'waypoint').map((m) => m.waypoint)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
    expect(timeline.marks.filter((m) => m.kind === 'grip')).toHaveLength(2);
    expect(timeline.marks.filter((m) => m.refused).map((m) => m.waypoint)).toEqual([3]);
  });
});

describe('timeline of a run whose grips stand for their waypoints', () => {
  it('gives each waypoint its ring, at rest before the grip', async () => {
    const { layers } = await load(scenes.refined);
    const folded = layers.map((layer) => {
      if (layer.kind !== 'trajectory') return layer;
      const grips = layer.events
        .filter((e) => e.kind === 'grip')
        .map((e, i) => ({ ...e, label: i === 0 ? 'grasp' : 'release' }));
      const rest = layer.events.filter(
        (e) => e.kind === 'waypoint' && e.label !== 'grasp' && e.label !== 'release',
      );
      return { ...layer, events: [...grips, ...rest].sort((a, b) => a.t - b.t) };
    });
    const { marks } = timelineOf(folded);
    const rings = marks.filter((m) => m.kind === 'waypoint');
    expect(rings.map((m) => m.waypoint)).toEqual([0, 1, 2, 3, 4, 5]);
    const grip = marks.find((m) => m.kind === 'grip');
    const ring = rings[1];
    expect(ring?.label).toBe('grasp');
    expect(ring && grip && grip.t - ring.t).toBeGreaterThan(0.2);
  });
});

describe('compare', () => {
  it('reduces a run to one dotted path that starts with the other', async () => {
    const scene = await load(scenes.executed);
    const late = {
      ...scene,
      layers: scene.layers.map((l) => ('times' in l ? { ...l, times: l.times.map((t) => t + 100) } : l)),
    };
    const [path, ...rest] = comparedPaths({ label: 'Run 6', scenes: [late] }, 0);
    expect(rest).toHaveLength(0);
    expect(path).toMatchObject({ role: 'compared', label: 'Run 6', id: 'compared:go' });
    expect(path?.times[0]).toBeCloseTo(0, 9);
    const original = scene.layers.find((l): l is TrajectoryData => l.id === 'executed');
    expect(path?.times.at(-1)).toBeCloseTo(original?.times.at(-1) ?? 0, 6);
  });

  it('moves every layer of a run that stands beside the other by the same time', async () => {
    const scene = await load(scenes.executed);
    const moved = comparedLayers({ label: 'Run 6', scenes: [scene] }, 50);
    const robot = moved.find((l) => l.kind === 'robot');
    const refined = moved.find((l): l is TrajectoryData => l.id === 'refined');
    expect(robot?.times[0]).toBeCloseTo(50, 9);
    expect(refined?.times[0]).toBeCloseTo(50, 9);
    const before = scene.layers.find((l): l is TrajectoryData => l.id === 'refined');
    expect(refined?.events[0]?.t).toBeCloseTo((before?.events[0]?.t ?? 0) + 50, 9);
  });

  it('lists what differs: times, lengths, clearances, moved waypoints, and how far the paths part', async () => {
    const [a, b] = [await load(scenes.refined), await load(scenes.refused)];
    const rows = differencesOf([a], [b]);
    const names = rows.map(({ name }) => name);
    expect(names).toContain('Duration');
    expect(names).toContain('Least clearance');
    expect(names.filter((name) => name.startsWith('Waypoint'))).toEqual([
      'Waypoint 3, lift',
      'Waypoint 4, over the bowl',
    ]);
    expect(rows.find(({ name }) => name === 'Refused samples')?.left).toBe('0');
    expect(rows.find(({ name }) => name === 'Farthest apart')?.left).toMatch(/^\d+ mm$/);
  });

  it('finds nothing apart between a path and itself', async () => {
    const { layers } = await load(scenes.refined);
    const path = layers.find((l): l is TrajectoryData => l.kind === 'trajectory');
    expect(farthestApart(path, path)).toEqual({ distance: 0, time: 0 });
  });
});

describe('pickAt', () => {
  /** Straight down on 200 x 200 px: x and y in centimetres are pixels from the middle, y downwards. */
  const projection: Projection = {
    matrix: [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    width: 200,
    height: 200,
    scaleY: 1,
  };
  const at = (x: number, y: number): readonly [number, number] => [100 + x, 100 + y];

  it('takes the path before the cloud, and tells what is known of the sample', async () => {
    const { layers } = await load(scenes.refined);
    const hit = pickAt(layers, projection, ...at(45, 14.5));
    expect(hit).toMatchObject({ kind: 'sample', layer: 'refined' });
    expect(hit?.kind === 'sample' && hit.clearance).toBeGreaterThan(0);
  });

  it('takes the point nearest to the eye, with its distance to the path', async () => {
    const { layers } = await load(scenes.refined);
    const hit = pickAt(
      layers.filter((l) => l.kind === 'cloud'),
      projection,
      ...at(20, -40),
    );
    expect(hit).toMatchObject({ kind: 'point' });
    expect(pickAt(layers, projection, 900, 900)).toBeUndefined();
    const clouds = layers.filter((l) => l.kind === 'cloud');
    const crop = { min: [5, 5, 5], max: [6, 6, 6] } as const;
    expect(pickAt(clouds, projection, ...at(20, -40), crop)).toBeUndefined();
  });

  it('measures in millimetres', () => {
    expect(measureText({ from: [0, 0, 0], to: [0.003, 0, 0.004] })).toEqual({
      length: '5.0 mm',
      along: '3, 0, 4 mm',
    });
  });
});

describe('edit history', () => {
  const at = (x: number): Waypoint => ({
    label: 'a',
    position: [x, 0, 0],
    orientation: [1, 0, 0, 0],
    gripper: 1,
    radius: 0.01,
  });

  it('undoes and redoes in order, and a new change drops what was undone', () => {
    let history = record(record(EMPTY_HISTORY, { index: 0, before: at(0), after: at(1) }), {
      index: 1,
      before: at(5),
      after: at(6),
    });
    const first = undo(history);
    expect(first.apply).toEqual({ index: 1, waypoint: at(5) });
    const second = undo(first.history);
    expect(second.apply).toEqual({ index: 0, waypoint: at(0) });
    expect(undo(second.history).apply).toBeUndefined();
    expect(redo(second.history).apply).toEqual({ index: 0, waypoint: at(1) });
    history = record(first.history, { index: 2, before: at(8), after: at(9) });
    expect(redo(history).apply).toBeUndefined();
    expect(history.changes).toHaveLength(2);
  });
});

describe('labels', () => {
  it('do not cover each other where there is room, and stay inside', () => {
    const requests = Array.from({ length: 6 }, (_, i) => ({
      anchorX: 200 + i,
      anchorY: 150,
      width: 60,
      height: 18,
      gap: 18,
    }));
    const rects = placeLabels(requests, { width: 480, height: 320 });
    let covered = 0;
    rects.forEach((a, i) =>
      rects.slice(i + 1).forEach((b) => {
        covered +=
          Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
          Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
      }),
    );
    expect(covered).toBe(0);
    for (const r of rects)
      expect(r.x >= 0 && r.y >= 0 && r.x + r.width <= 480 && r.y + r.height <= 320).toBe(true);
  });
});

describe('colour maps', () => {
  it('start and end at their stops', () => {
    for (const name of ['speed', 'height', 'cividis'] as const) {
      const stops = colorStops(name, PALETTES.dark);
      const texels = mapTexels(name, PALETTES.dark);
      expect([...texels.slice(0, 3)]).toEqual(sampleMap(stops, 0).map(Math.round));
      expect([...texels.slice(-4, -1)]).toEqual(sampleMap(stops, 1).map(Math.round));
    }
    expect(sampleMap(['#000000', '#ffffff'], Number.NaN)).toEqual([0, 0, 0]);
  });
});

describe('palettes', () => {
  const luminance = (hex: string): number => {
    const channel = (i: number): number => {
      const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  };
  const contrast = (a: string, b: string): number => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number];
    return (x + 0.05) / (y + 0.05);
  };

  it('keep every data colour at 4.5:1 on the canvas, and the ends of the speed ramp at 3:1', () => {
    for (const palette of Object.values(PALETTES)) {
      for (const role of [
        'coarse',
        'refined',
        'executed',
        'target',
        'refused',
        'neutral',
        'text',
        'secondary',
      ] as const) {
        expect(contrast(palette[role], palette.canvas), `${palette.scheme} ${role}`).toBeGreaterThanOrEqual(
          4.5,
        );
      }
      for (const stop of palette.speed) expect(contrast(stop, palette.canvas)).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('keyboard', () => {
  const press = (key: string, more: Partial<Parameters<typeof commandOf>[0]> = {}) =>
    commandOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

  it('has a key for everything in the visual target', () => {
    const table: Record<string, string> = {
      f: 'fit',
      g: 'follow',
      '5': 'projection',
      ' ': 'play',
      l: 'loop',
      Home: 'start',
      End: 'end',
      y: 'layers',
      k: 'colour',
      x: 'compare',
      t: 'table',
      Escape: 'leave',
    };
    for (const [key, kind] of Object.entries(table)) expect(press(key)?.kind).toBe(kind);
    expect(['7', '1', '3'].map((k) => press(k))).toEqual([
      { kind: 'preset', name: 'top' },
      { kind: 'preset', name: 'front' },
      { kind: 'preset', name: 'side' },
    ]);
    expect(press('z', { ctrlKey: true })?.kind).toBe('undo');
    expect(press('Z', { ctrlKey: true, shiftKey: true })?.kind).toBe('redo');
    expect(press('<', { shiftKey: true })).toEqual({ kind: 'speed', direction: -1 });
  });

  it("leaves the editor's own shortcuts alone", () => {
    expect(press('s', { ctrlKey: true })).toBeUndefined();
    expect(press('F10')).toBeUndefined();
    expect(press('s', { ctrlKey: true, altKey: true })).toBeUndefined();
  });
});
