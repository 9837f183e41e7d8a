/** Axis-aligned rectangle on screen [px]. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelRequest {
  readonly anchorX: number;
  readonly anchorY: number;
  readonly width: number;
  readonly height: number;
  /** how far from the anchor the nearest edge may come [px] */
  readonly gap: number;
}

const overlap = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** Eight directions, the readable ones first. */
const DIRECTIONS: readonly (readonly [number, number])[] = [
  [1, -0.4],
  [1, 0.5],
  [-1, -0.4],
  [-1, 0.5],
  [0, -1],
  [0, 1],
  [0.7, -1],
  [-0.7, 1],
];

/**
 * Places labels one after the other, each where it covers least of what is taken and stays inside the view. Greedy
 * and in the order given, so that a label does not jump when a less important one is added.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  view: { width: number; height: number },
  taken: readonly Rect[] = [],
): Rect[] {
  const occupied: Rect[] = [...taken];
  return requests.map((request) => {
    let best: Rect | undefined;
    let bestCost = Infinity;
    for (const reach of [1, 2.2]) {
      DIRECTIONS.forEach(([dx, dy], rank) => {
        const offset = request.gap * reach;
        const cx = request.anchorX + dx * (offset + request.width / 2);
        const cy = request.anchorY + dy * (offset + request.height / 2);
        const rect: Rect = {
          x: cx - request.width / 2,
          y: cy - request.height / 2,
          width: request.width,
          height: request.height,
        };
        const outside =
          request.width * request.height -
          overlap(rect, { x: 2, y: 2, width: view.width - 4, height: view.height - 4 });
        let cost = outside * 4 + rank * 0.5 + reach * 4;
        for (const other of occupied) cost += overlap(rect, other) * 2;
        if (cost < bestCost) {
          bestCost = cost;
          best = rect;
        }
      });
    }
    const chosen = best ?? {
      x: request.anchorX,
      y: request.anchorY,
      width: request.width,
      height: request.height,
    };
    occupied.push(chosen);
    return chosen;
  });
}
