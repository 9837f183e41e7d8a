import { compose, type Pose, transformPoint, type Vec3 } from '../../core/geometry.ts';
import { decodeBuffer } from '../../core/scene-buffer.ts';
import type {
  BoxesLayer,
  CloudLayer,
  RobotLayer,
  Scene,
  SceneBuffer,
  SceneShape,
  TrajectoryLayer,
} from '../../core/scene.ts';

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = 24;
/** Points of a cloud that are drawn: a still of this size shows no more, and every page carries them. */
const POINTS = 2500;
const PATH_POINTS = 200;

/** From the front right and above, as the viewer first looks: unit vectors to the right, up and towards the eye. */
const AZIMUTH = -0.9;
const ELEVATION = 0.6;
const RIGHT: Vec3 = [-Math.sin(AZIMUTH), Math.cos(AZIMUTH), 0];
const TOWARDS: Vec3 = [
  Math.cos(ELEVATION) * Math.cos(AZIMUTH),
  Math.cos(ELEVATION) * Math.sin(AZIMUTH),
  Math.sin(ELEVATION),
];
const UP: Vec3 = [
  -Math.sin(ELEVATION) * Math.cos(AZIMUTH),
  -Math.sin(ELEVATION) * Math.sin(AZIMUTH),
  Math.cos(ELEVATION),
];

const dot = (a: Vec3, x: number, y: number, z: number): number => a[0] * x + a[1] * y + a[2] * z;

/**
 * A scene as one SVG element, drawn in parallel projection: cloud, boxes, paths of the tool, waypoints and the robot
 * at the end, in the forms that the viewer gives them. For readers of a page with scripts off: colours come from the page's
 * style by class, so that they fit its light and its dark look. `bytesOf` gives a buffer's bytes; empty where the scene has
 * nothing with a place.
 */
export function sceneStill(scene: Scene, bytesOf: (buffer: SceneBuffer) => Uint8Array): string {
  const numbers = (buffer: SceneBuffer): ArrayLike<number> => decodeBuffer(buffer, bytesOf(buffer));
  const frame = new Frame();
  const draw: (() => string)[] = [];
  const marks: (() => string)[] = [];
  for (const layer of scene.layers) {
    if (layer.hidden === true) continue;
    switch (layer.kind) {
      case 'cloud':
        draw.push(cloud(layer, numbers, frame));
        break;
      case 'boxes':
        draw.push(boxes(layer, frame));
        break;
      case 'trajectory':
        draw.push(path(layer, numbers, frame));
        break;
      case 'robot':
        draw.push(robot(layer, numbers, frame));
        break;
      case 'waypoints':
        marks.push(
          waypoints(
            layer.waypoints.map((w) => w.position),
            frame,
          ),
        );
        break;
      case 'urdf':
      case 'frames':
      case 'camera':
        break;
    }
  }
  if (frame.empty) return '';
  // What stands on the table is drawn over it: layers come in the order in which the viewer lists them. Numbers are read.
  const content = [...draw, ...marks].map((layer) => layer()).join('');
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="100%" role="img" fill="none" stroke-linecap="round" stroke-linejoin="round">${content}</svg>`;
}

/** What is seen, gathered first, and where it then lies on the page. */
class Frame {
  private low: [number, number] = [Infinity, Infinity];
  private high: [number, number] = [-Infinity, -Infinity];

  get empty(): boolean {
    return !(this.low[0] <= this.high[0]);
  }

  see(x: number, y: number, z: number): void {
    const [h, v] = [dot(RIGHT, x, y, z), dot(UP, x, y, z)];
    if (!Number.isFinite(h + v)) return;
    this.low = [Math.min(this.low[0], h), Math.min(this.low[1], v)];
    this.high = [Math.max(this.high[0], h), Math.max(this.high[1], v)];
  }

  /** metres as lengths in the picture */
  length(metres: number): number {
    const [w, h] = [this.high[0] - this.low[0], this.high[1] - this.low[1]];
    return metres * Math.min((WIDTH - 2 * MARGIN) / (w || 1), (HEIGHT - 2 * MARGIN) / (h || 1));
  }

  /** "x y" in the picture */
  at(x: number, y: number, z: number): string {
    const [w, h] = [this.high[0] - this.low[0], this.high[1] - this.low[1]];
    const scale = this.length(1);
    const left = (WIDTH - scale * w) / 2 + scale * (dot(RIGHT, x, y, z) - this.low[0]);
    const top = (HEIGHT + scale * h) / 2 - scale * (dot(UP, x, y, z) - this.low[1]);
    return `${+left.toFixed(1)} ${+top.toFixed(1)}`;
  }
}

type Numbers = (buffer: SceneBuffer) => ArrayLike<number>;

function cloud(layer: CloudLayer, numbers: Numbers, frame: Frame): () => string {
  const positions = numbers(layer.positions);
  const colors = layer.colors ? numbers(layer.colors) : undefined;
  const count = Math.floor(positions.length / 3);
  const step = Math.max(1, Math.ceil(count / POINTS));
  const points: { at: Vec3; depth: number; color: string }[] = [];
  for (let i = 0; i < count; i += step) {
    const at: Vec3 = [
      positions[3 * i] as number,
      positions[3 * i + 1] as number,
      positions[3 * i + 2] as number,
    ];
    if (!at.every(Number.isFinite)) continue;
    frame.see(...at);
    points.push({ at, depth: dot(TOWARDS, ...at), color: colors ? hex(colors, 3 * i) : '#888' });
  }
  points.sort((a, b) => a.depth - b.depth);
  return () => {
    let out = '<g stroke-width="3">';
    let color = '';
    for (const point of points) {
      if (point.color !== color) {
        out += `${color === '' ? '' : '"/>'}<path stroke="${point.color}" d="`;
        color = point.color;
      }
      out += `M${frame.at(...point.at)}h0`;
    }
    return `${out}${color === '' ? '' : '"/>'}</g>`;
  };
}

/** "#rgb": sixteen steps a channel, so that neighbours share one. */
function hex(colors: ArrayLike<number>, at: number): string {
  const digit = (k: number): string => ((colors[at + k] as number) >> 4).toString(16);
  return `#${digit(0)}${digit(1)}${digit(2)}`;
}

const EDGES: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((a) =>
  [1, 2, 4].filter((bit) => (a & bit) === 0).map((bit) => [a, a | bit] as const),
);

function boxes({ boxes: list }: BoxesLayer, frame: Frame): () => string {
  const drawn = list.filter((box) => box.role !== 'workspace');
  const corners = drawn.map(({ pose, size }) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((k) =>
      transformPoint(pose, [
        (k & 1 ? 0.5 : -0.5) * size[0],
        (k & 2 ? 0.5 : -0.5) * size[1],
        (k & 4 ? 0.5 : -0.5) * size[2],
      ]),
    ),
  );
  for (const box of corners) for (const corner of box) frame.see(...corner);
  return () =>
    drawn
      .map(({ role }, i) => {
        const at = (corner: number): string => frame.at(...(corners[i]?.[corner] ?? [0, 0, 0]));
        const lines = EDGES.map(([a, b]) => `M${at(a)}L${at(b)}`).join('');
        const isTarget = role === 'target' || role === 'held';
        return `<path class="${isTarget ? 'target' : 'neutral'}" stroke-width="${isTarget ? 1.5 : 1}" d="${lines}"/>`;
      })
      .join('');
}

function path(layer: TrajectoryLayer, numbers: Numbers, frame: Frame): () => string {
  const tool = numbers(layer.tool);
  const count = Math.floor(tool.length / 7);
  const points = thinned(count, PATH_POINTS).map((i): Vec3 => [
    tool[7 * i] as number,
    tool[7 * i + 1] as number,
    tool[7 * i + 2] as number,
  ]);
  for (const point of points) frame.see(...point);
  return () => {
    if (points.length < 2) return '';
    const d = `M${points.map((point) => frame.at(...point)).join('L')}`;
    const line = (name: string, width: number, dash = ''): string =>
      `<path class="${name}" stroke-width="${width}"${dash} d="${d}"/>`;
    switch (layer.role) {
      case 'refined':
        return line('edge', 8) + line('refined', 5);
      case 'executed':
        return line('edge', 3) + line('executed', 1.6);
      case 'compared':
        return line('compared', 1.5, ' stroke-dasharray="1.5 3"');
    }
  };
}

/** The robot's solids where they are at the end, each as a stroke along its length and as wide as it is thick. */
function robot(layer: RobotLayer, numbers: Numbers, frame: Frame): () => string {
  const poses = numbers(layer.poses);
  const links = layer.links.length;
  const last = Math.floor(poses.length / (7 * links)) - 1;
  if (links === 0 || last < 0) return () => '';
  const strokes = layer.links.flatMap(({ geoms }, k) => {
    const p = Array.from({ length: 7 }, (_, i) => poses[7 * (last * links + k) + i] as number);
    const [x = 0, y = 0, z = 0, qx = 0, qy = 0, qz = 0, qw = 1] = p;
    const link: Pose = { position: [x, y, z], orientation: [qx, qy, qz, qw] };
    return geoms.flatMap((geom) => {
      const stroke = strokeOf(geom.shape);
      if (!stroke) return [];
      const pose = compose(link, geom.pose);
      const ends = [transformPoint(pose, stroke.from), transformPoint(pose, stroke.to)] as const;
      return [{ ends, width: stroke.width }];
    });
  });
  for (const { ends } of strokes) for (const end of ends) frame.see(...end);
  return () => {
    const lines = (name: string, edge: number): string =>
      strokes
        .map(({ ends: [from, to], width }) => {
          const wide = (frame.length(width) + edge).toFixed(1);
          return `<path class="${name}" stroke-width="${wide}" d="M${frame.at(...from)}L${frame.at(...to)}"/>`;
        })
        .join('');
    // Edges first: solids that run into each other have one outline.
    return lines('joint', 2) + lines('link', 0);
  };
}

/** A solid's axis in its own frame [m] and how thick it is; nothing for meshes. */
function strokeOf(shape: SceneShape): { from: Vec3; to: Vec3; width: number } | undefined {
  switch (shape.kind) {
    case 'capsule':
    case 'cylinder': {
      // A stroke has round ends of its own.
      const half = Math.max(0, shape.length / 2 - (shape.kind === 'cylinder' ? shape.radius : 0));
      return { from: [0, 0, -half], to: [0, 0, half], width: 2 * shape.radius };
    }
    case 'sphere':
      return { from: [0, 0, 0], to: [0, 0, 0], width: 2 * shape.radius };
    case 'box': {
      const longest = shape.size.indexOf(Math.max(...shape.size));
      const width = [...shape.size].sort((a, b) => a - b)[1] ?? 0;
      const half = Math.max(0, ((shape.size[longest] ?? 0) - width) / 2);
      const end = (sign: number): Vec3 => [
        longest === 0 ? sign * half : 0,
        longest === 1 ? sign * half : 0,
        longest === 2 ? sign * half : 0,
      ];
      return { from: end(-1), to: end(1), width };
    }
    case 'mesh':
      return undefined;
  }
}

/** A dashed line from waypoint to waypoint, and a numbered ring at each. */
function waypoints(points: readonly Vec3[], frame: Frame): () => string {
  for (const point of points) frame.see(...point);
  return () => {
    const at = points.map((point) => frame.at(...point));
    const line =
      at.length < 2
        ? ''
        : `<path class="coarse" stroke-width="1.5" stroke-dasharray="6 4" d="M${at.join('L')}"/>`;
    const rings = at.map((place, i) => {
      const [x = '0', y = '0'] = place.split(' ');
      return `<circle class="coarse ring" cx="${x}" cy="${y}" r="8" stroke-width="1.5"/><text class="coarse" x="${x}" y="${+(Number(y) + 3.5).toFixed(1)}" text-anchor="middle">${i + 1}</text>`;
    });
    return line + rings.join('');
  };
}

/** Indices of at most `limit` of `count` samples, the first and the last among them. */
const thinned = (count: number, limit: number): number[] =>
  Array.from({ length: Math.min(count, limit) }, (_, k) =>
    count <= limit ? k : Math.round((k * (count - 1)) / (limit - 1)),
  );
