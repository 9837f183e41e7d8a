import type { Palette } from '../theme.ts';
import type { Annotation, Project, Projected } from './annotation.ts';
import { placeLabels } from './label-layout.ts';
import type { Rect } from './label-layout.ts';

const DISC_RADIUS = 8;
const LABEL_HEIGHT = 18;

export interface PaintTarget {
  readonly context: CanvasRenderingContext2D;
  /** CSS px; the context is already scaled to it */
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly fontFamily: string;
  readonly reserved: readonly Rect[];
}

/** Where a number disc was drawn, so that a click on it selects its waypoint. */
export interface DiscHit {
  readonly waypoint: number;
  readonly x: number;
  readonly y: number;
}

/** Draws the marks over the picture; returns the discs' places. */
export function paintAnnotations(
  target: PaintTarget,
  annotations: readonly Annotation[],
  project: Project,
): DiscHit[] {
  const { context } = target;
  context.save();
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.textBaseline = 'middle';
  const taken: Rect[] = [...target.reserved];
  const discs = paintShapes(target, annotations, project, taken);
  paintLabels(target, annotations, project, taken);
  context.restore();
  return discs;
}

function paintShapes(
  target: PaintTarget,
  annotations: readonly Annotation[],
  project: Project,
  taken: Rect[],
): DiscHit[] {
  const discs: DiscHit[] = [];
  for (const mark of annotations) {
    switch (mark.kind) {
      case 'ring': {
        const p = project(mark.center);
        if (p.visible) strokeRing(target, p, mark.radius * p.pixelsPerMetre, mark.color, mark.width);
        break;
      }
      case 'dot': {
        const p = project(mark.at);
        if (p.visible) fillDot(target, p, mark.radius, mark.color);
        break;
      }
      case 'cross': {
        const p = project(mark.at);
        if (p.visible) {
          strokeCross(target, p, target.palette.canvas, 5.5);
          strokeCross(target, p, mark.color, 2.5);
          taken.push({ x: p.x - 8, y: p.y - 8, width: 16, height: 16 });
        }
        break;
      }
      case 'letter': {
        const p = project(mark.at);
        if (!p.visible) break;
        haloText(target, mark.text, p.x, p.y, mark.color, `600 10.5px ${target.fontFamily}`, 'center');
        taken.push({ x: p.x - 6, y: p.y - 7, width: 12, height: 14 });
        break;
      }
      case 'ruler': {
        const a = project(mark.from);
        const b = project(mark.to);
        if (a.visible && b.visible) strokeRuler(target, a, b, mark.color);
        break;
      }
      case 'aim':
        strokeAim(target, target.palette.canvas, 3.5);
        strokeAim(target, mark.color, 1.5);
        break;
      case 'disc':
      case 'label':
        break;
    }
  }
  for (const mark of annotations) {
    if (mark.kind !== 'disc') continue;
    const p = project(mark.anchor);
    if (!p.visible) continue;
    const place = discPlace(p, mark.clear * p.pixelsPerMetre, taken);
    paintDisc(target, place.x, place.y, mark);
    taken.push({
      x: place.x - DISC_RADIUS,
      y: place.y - DISC_RADIUS,
      width: 2 * DISC_RADIUS,
      height: 2 * DISC_RADIUS,
    });
    discs.push({ waypoint: mark.waypoint, x: place.x, y: place.y });
  }
  return discs;
}

/** Beside the ring: right and up first, then the other corners, whichever is free. */
function discPlace(p: Projected, radius: number, taken: readonly Rect[]): { x: number; y: number } {
  const reach = Math.min(60, Math.max(radius * 0.75, 12)) + DISC_RADIUS * 0.6;
  const corners = [
    [1, -0.8],
    [-1, -0.8],
    [1, 0.8],
    [-1, 0.8],
    [1.7, 0],
    [-1.7, 0],
  ] as const;
  const free = corners
    .map(([dx, dy]) => ({ x: p.x + dx * reach, y: p.y + dy * reach }))
    .find((c) =>
      taken.every(
        (r) =>
          c.x + DISC_RADIUS < r.x ||
          c.x - DISC_RADIUS > r.x + r.width ||
          c.y + DISC_RADIUS < r.y ||
          c.y - DISC_RADIUS > r.y + r.height,
      ),
    );
  return free ?? { x: p.x + reach, y: p.y - 0.8 * reach };
}

function paintDisc(
  target: PaintTarget,
  x: number,
  y: number,
  mark: Extract<Annotation, { kind: 'disc' }>,
): void {
  const { context, palette } = target;
  context.beginPath();
  context.arc(x, y, DISC_RADIUS, 0, 2 * Math.PI);
  context.fillStyle = mark.filled ? mark.color : palette.canvas;
  context.fill();
  context.lineWidth = 1.25;
  context.strokeStyle = mark.color;
  context.stroke();
  context.font = `600 10.5px ${target.fontFamily}`;
  context.textAlign = 'center';
  context.fillStyle = mark.filled ? palette.canvas : mark.color;
  context.fillText(mark.text, x, y + 0.5);
}

function paintLabels(
  target: PaintTarget,
  annotations: readonly Annotation[],
  project: Project,
  taken: Rect[],
): void {
  const { context } = target;
  context.font = `11px ${target.fontFamily}`;
  const labels = annotations
    .filter((mark) => mark.kind === 'label')
    .map((mark) => ({ mark, p: project(mark.anchor) }))
    .filter(
      ({ p }) => p.visible && p.x > -20 && p.y > -20 && p.x < target.width + 20 && p.y < target.height + 20,
    )
    .sort((a, b) => b.mark.weight - a.mark.weight);
  const places = placeLabels(
    labels.map(({ mark, p }) => ({
      anchorX: p.x,
      anchorY: p.y,
      width: Math.ceil(context.measureText(mark.text).width) + 12,
      height: LABEL_HEIGHT,
      gap: mark.leader ? 18 : 8,
    })),
    target,
    taken,
  );
  labels.forEach(({ mark, p }, i) => {
    const rect = places[i];
    if (rect) paintLabel(target, mark, p, rect);
  });
}

function paintLabel(
  target: PaintTarget,
  mark: Extract<Annotation, { kind: 'label' }>,
  anchor: Projected,
  rect: Rect,
): void {
  const { context, palette } = target;
  if (mark.leader) {
    const end = nearestOnRect(rect, anchor.x, anchor.y);
    context.lineWidth = 1;
    context.strokeStyle = palette.neutral;
    context.beginPath();
    context.moveTo(anchor.x, anchor.y);
    context.lineTo(end.x, end.y);
    context.stroke();
  }
  context.beginPath();
  context.roundRect(rect.x, rect.y, rect.width, rect.height, 3);
  context.globalAlpha = mark.look === 'plain' ? 0.82 : 1;
  context.fillStyle = mark.look === 'filled' ? mark.color : palette.canvas;
  context.fill();
  context.globalAlpha = 1;
  if (mark.look === 'boxed') {
    context.lineWidth = 1.25;
    context.strokeStyle = palette.text;
    context.stroke();
  }
  context.font = `${mark.look === 'filled' ? '600 ' : ''}11px ${target.fontFamily}`;
  context.textAlign = 'center';
  context.fillStyle = mark.look === 'filled' ? palette.onRefused : mark.color;
  context.fillText(mark.text, rect.x + rect.width / 2, rect.y + rect.height / 2 + 0.5, rect.width - 4);
}

const nearestOnRect = (r: Rect, x: number, y: number): { x: number; y: number } => ({
  x: Math.min(r.x + r.width, Math.max(r.x, x)),
  y: Math.min(r.y + r.height, Math.max(r.y, y)),
});

function strokeRing(
  { context }: PaintTarget,
  p: Projected,
  radius: number,
  color: string,
  width: number,
): void {
  context.beginPath();
  context.arc(p.x, p.y, Math.max(2, Math.min(4000, radius)), 0, 2 * Math.PI);
  context.lineWidth = width;
  context.strokeStyle = color;
  context.stroke();
}

function fillDot({ context, palette }: PaintTarget, p: Projected, radius: number, color: string): void {
  context.beginPath();
  context.arc(p.x, p.y, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = palette.canvas;
  context.stroke();
}

function strokeCross({ context }: PaintTarget, p: Projected, color: string, width: number): void {
  const r = 6.5;
  context.lineWidth = width;
  context.strokeStyle = color;
  context.beginPath();
  context.moveTo(p.x - r, p.y - r);
  context.lineTo(p.x + r, p.y + r);
  context.moveTo(p.x + r, p.y - r);
  context.lineTo(p.x - r, p.y + r);
  context.stroke();
}

function strokeRuler({ context, palette }: PaintTarget, a: Projected, b: Projected, color: string): void {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const nx = (-(b.y - a.y) / length) * 5;
  const ny = ((b.x - a.x) / length) * 5;
  const draw = (): void => {
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    for (const p of [a, b]) {
      context.moveTo(p.x - nx, p.y - ny);
      context.lineTo(p.x + nx, p.y + ny);
    }
    context.stroke();
  };
  context.lineWidth = 4;
  context.strokeStyle = palette.canvas;
  draw();
  context.lineWidth = 1.5;
  context.strokeStyle = color;
  draw();
}

function haloText(
  { context, palette }: PaintTarget,
  text: string,
  x: number,
  y: number,
  color: string,
  font: string,
  align: CanvasTextAlign,
): void {
  context.font = font;
  context.textAlign = align;
  context.lineWidth = 3;
  context.strokeStyle = palette.canvas;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/** Four ticks round the middle, which stays free. */
function strokeAim({ context, width, height }: PaintTarget, color: string, line: number): void {
  const [x, y] = [width / 2, height / 2];
  context.strokeStyle = color;
  context.lineWidth = line;
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + 4 * dx, y + 4 * dy);
    context.lineTo(x + 11 * dx, y + 11 * dy);
  }
  context.stroke();
}
