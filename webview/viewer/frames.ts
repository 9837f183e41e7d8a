import { IDENTITY_POSE, inverse, transformPoint } from '../../src/core/geometry.ts';
import type { Pose, Vec3 } from '../../src/core/geometry.ts';
import type { LayerData } from './scene-data.ts';

/** A frame that positions can be read in. */
export interface NamedFrame {
  readonly name: string;
  /** in base */
  readonly pose: Pose;
}

/** Frames that a scene names: base first, then its triads, its cameras and its boxes, each name once. */
export function framesOf(layers: readonly LayerData[]): NamedFrame[] {
  const found: NamedFrame[] = [{ name: 'base', pose: IDENTITY_POSE }];
  for (const layer of layers) {
    if (layer.kind === 'frames') found.push(...layer.frames);
    else if (layer.kind === 'camera') found.push({ name: layer.label, pose: layer.pose });
    else if (layer.kind === 'boxes')
      found.push(
        ...layer.boxes
          .filter((box) => box.role !== 'workspace')
          .map(({ label, pose }) => ({ name: label, pose })),
      );
  }
  const seen = new Set<string>();
  return found.filter(({ name }) => !seen.has(name) && seen.add(name));
}

/** A point of base as it is seen from a frame. */
export const inFrame = ({ pose }: NamedFrame, point: Vec3): Vec3 => transformPoint(inverse(pose), point);
