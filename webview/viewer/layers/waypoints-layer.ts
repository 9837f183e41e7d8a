import { Group, Mesh, MeshBasicMaterial, SphereGeometry } from 'three';
import { add, rotate, scale } from '../../../src/core/geometry.ts';
import type { Vec3 } from '../../../src/core/geometry.ts';
import type { Waypoint } from '../../../src/core/waypoint.ts';
import type { Annotation } from '../draw/annotation.ts';
import { FatLines, polylineSegments } from '../draw/fat-line.ts';
import { boundsOf } from '../load-scene.ts';
import type { WaypointsData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import type { Bounds, FrameInfo, LayerView, LegendEntry } from './layer.ts';

/** Widest opening that the glyph shows [m], length of its fingers and of the approach stem. */
const GLYPH = { width: 0.08, fingers: 0.022, stem: 0.03, closed: 0.012 } as const;

/**
 * Segments of the gripper's U in the waypoint's pose: a palm across the fingers' opening, two fingers along the
 * approach whose tips are at the waypoint, and a stem behind. Open is wide, closed narrow.
 */
function gripperSegments(waypoint: Waypoint): Float32Array {
  const half = Math.max(GLYPH.closed, GLYPH.width * Math.min(1, Math.max(0, waypoint.gripper))) / 2;
  const at = (y: number, z: number): Vec3 =>
    add(waypoint.position, rotate(waypoint.orientation, [0, y, z] satisfies Vec3));
  const corners: readonly (readonly [Vec3, Vec3])[] = [
    [at(-half, 0), at(-half, -GLYPH.fingers)],
    [at(-half, -GLYPH.fingers), at(half, -GLYPH.fingers)],
    [at(half, -GLYPH.fingers), at(half, 0)],
    [at(0, -GLYPH.fingers), at(0, -GLYPH.fingers - GLYPH.stem)],
  ];
  return Float32Array.from(corners.flatMap(([a, b]) => [...a, ...b]));
}

/** The coarse plan: dashed polyline, spheres of each radius, gripper glyphs, numbers. Drawn over the cloud. */
export class WaypointsLayerView implements LayerView<WaypointsData> {
  readonly data: WaypointsData;
  readonly object = new Group();
  /** current waypoint (time), selected one (pick) and refused ones, by index */
  current = -1;
  selected = -1;
  refused: ReadonlySet<number> = new Set();
  #palette: Palette;
  #waypoints: readonly Waypoint[];
  readonly #lines: FatLines[] = [];
  readonly #spheres: Mesh<SphereGeometry, MeshBasicMaterial>[] = [];

  constructor(data: WaypointsData, palette: Palette) {
    this.data = data;
    this.#palette = palette;
    this.#waypoints = data.waypoints;
    this.object.name = data.id;
    this.#build();
  }

  get waypoints(): readonly Waypoint[] {
    return this.#waypoints;
  }

  /** Shows other poses, as while one is dragged. */
  setWaypoints(waypoints: readonly Waypoint[]): void {
    this.#waypoints = waypoints;
    this.#clear();
    this.#build();
  }

  bounds(): Bounds | undefined {
    return boundsOf(
      this.#waypoints.flatMap((w) => [
        ...add(w.position, [w.radius, w.radius, w.radius]),
        ...add(w.position, scale([w.radius, w.radius, w.radius], -1)),
      ]),
      3,
    );
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    for (const line of this.#lines)
      line.setColor(line.name.startsWith('halo') ? palette.canvas : palette.coarse);
  }

  beforeFrame(frame: FrameInfo): void {
    for (const line of this.#lines) line.setViewport(frame.width, frame.height);
    this.#spheres.forEach((sphere, i) => {
      const refused = this.refused.has(i);
      sphere.material.opacity = refused ? 0.22 : i === this.selected ? 0.2 : 0.1;
      sphere.material.color.set(refused ? this.#palette.refused : this.#palette.coarse);
    });
  }

  annotate(): readonly Annotation[] {
    return this.#waypoints.flatMap((w, i): Annotation[] => {
      const refused = this.refused.has(i);
      const color = refused ? this.#palette.refused : this.#palette.coarse;
      const strong = refused || i === this.selected;
      const marks: Annotation[] = [
        { kind: 'ring', center: w.position, radius: w.radius, color, width: strong ? 2 : 1 },
        {
          kind: 'disc',
          anchor: w.position,
          clear: w.radius,
          text: String(i + 1),
          color,
          filled: refused || i === this.current,
          waypoint: i,
        },
      ];
      if (i === this.selected) {
        marks.push({
          kind: 'label',
          anchor: w.position,
          text: `${i + 1} ${w.label}`,
          color: this.#palette.text,
          look: 'boxed',
          leader: true,
          weight: 8,
        });
      }
      return marks;
    });
  }

  legend(): readonly LegendEntry[] {
    return this.#waypoints.length === 0
      ? []
      : [{ key: 'coarse', swatch: { kind: 'ring', color: this.#palette.coarse }, text: 'coarse plan' }];
  }

  detail(): string {
    return String(this.#waypoints.length);
  }

  dispose(): void {
    this.#clear();
  }

  #build(): void {
    const points = this.#waypoints.flatMap((w) => [...w.position]);
    const color = this.#palette.coarse;
    const halo = { color: this.#palette.canvas, onTop: true, opacity: 0.75, order: 18 };
    if (points.length > 3)
      this.#addLine(
        new FatLines(polylineSegments(points, 3), { ...halo, width: 3.5, dash: [0.016, 0.011] }),
        'halo polyline',
      );
    this.#addLine(
      new FatLines(polylineSegments(points, 3), { color, width: 1.5, dash: [0.016, 0.011], onTop: true }),
      'polyline',
    );
    for (const [i, waypoint] of this.#waypoints.entries()) {
      this.#addLine(new FatLines(gripperSegments(waypoint), { ...halo, width: 4 }), `halo ${i}`);
      this.#addLine(
        new FatLines(gripperSegments(waypoint), { color, width: 2, onTop: true }),
        `gripper ${i}`,
      );
      const sphere = new Mesh(
        new SphereGeometry(Math.max(1e-4, waypoint.radius), 24, 16),
        new MeshBasicMaterial({ color, transparent: true, opacity: 0.1, depthWrite: false }),
      );
      sphere.position.set(...waypoint.position);
      sphere.renderOrder = 15;
      sphere.name = `radius ${i}`;
      this.#spheres.push(sphere);
      this.object.add(sphere);
    }
  }

  #addLine(line: FatLines, name: string): void {
    line.name = name;
    this.#lines.push(line);
    this.object.add(line);
  }

  #clear(): void {
    for (const line of this.#lines) line.dispose();
    for (const sphere of this.#spheres) {
      sphere.geometry.dispose();
      sphere.material.dispose();
    }
    this.#lines.length = 0;
    this.#spheres.length = 0;
    this.object.clear();
  }
}
