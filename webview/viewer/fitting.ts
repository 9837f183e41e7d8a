import { add, subtract } from '../../src/core/geometry.ts';
import type { Vec3 } from '../../src/core/geometry.ts';
import type { Bounds, LayerView } from './layers/layer.ts';
import type { LayerData } from './scene-data.ts';

/** Room that a crop leaves round path and things [m]. */
const CROP_MARGIN = 0.08;

type Kind = LayerData['kind'];
const PATH_KINDS: readonly Kind[] = ['trajectory', 'waypoints', 'boxes'];
const ARM_KINDS: readonly Kind[] = ['robot', 'urdf'];

/**
 * Corners that "fit" must show: where there is a path, it and what it is about, and with `arm` the arm that follows it;
 * else everything.
 */
export function interestOf(visible: readonly LayerView[], arm: boolean): Vec3[] {
  const kinds = arm ? [...PATH_KINDS, ...ARM_KINDS] : PATH_KINDS;
  const path = visible.filter((layer) => kinds.includes(layer.data.kind));
  const hasPath = path.some((layer) => PATH_KINDS.includes(layer.data.kind));
  return (hasPath ? path : visible).flatMap((layer) => layer.bounds() ?? []).flatMap(cornersOf);
}

/** Box that a crop starts from: what the path and the things are in, with a hand's width; else the clouds. */
export function cropBoundsOf(visible: readonly LayerView[]): Bounds | undefined {
  const near = visible.filter((layer) => PATH_KINDS.includes(layer.data.kind));
  const margin = near.length > 0 ? CROP_MARGIN : 0;
  const boxes = (near.length > 0 ? near : visible.filter((layer) => layer.data.kind === 'cloud'))
    .flatMap((layer) => layer.bounds() ?? [])
    .map(({ min, max }) => ({
      min: subtract(min, [margin, margin, margin]),
      max: add(max, [margin, margin, margin]),
    }));
  if (boxes.length === 0) return undefined;
  const side = (of: (box: Bounds) => Vec3, best: (...values: number[]) => number): Vec3 => [
    best(...boxes.map((box) => of(box)[0])),
    best(...boxes.map((box) => of(box)[1])),
    best(...boxes.map((box) => of(box)[2])),
  ];
  return { min: side((box) => box.min, Math.min), max: side((box) => box.max, Math.max) };
}

const cornersOf = ({ min, max }: Bounds): Vec3[] =>
  Array.from({ length: 8 }, (_, i) => [
    i & 1 ? max[0] : min[0],
    i & 2 ? max[1] : min[1],
    i & 4 ? max[2] : min[2],
  ]);
