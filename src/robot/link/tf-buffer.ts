import type { Pose } from '../../core/geometry.ts';
import { compose, IDENTITY_POSE, inverse, lerp, slerp } from '../../core/geometry.ts';
import { parseTf } from '../protocol/geometry-messages.ts';
import { secondsOf } from '../protocol/ros-time.ts';

const KEPT = 64;
/** Transforms older or newer than this say nothing about a stamp [s]. */
const NEAR = 0.15;
const MAX_DEPTH = 64;

interface Stamped {
  readonly stamp: number;
  readonly pose: Pose;
}
interface Edge {
  parent: string;
  isStatic: boolean;
  samples: Stamped[];
}

/** The tree of frames as `/tf` and `/tf_static` tell it. */
export class TfBuffer {
  readonly #edges = new Map<string, Edge>();

  /** Adds a `tf2_msgs/TFMessage` of either flavour. Throws `link/protocol` on anything else. */
  add(msg: unknown, isStatic: boolean): void {
    for (const { stamp, parent, child, pose } of parseTf(msg)) {
      const sample = { stamp: secondsOf(stamp), pose };
      const edge = this.#edges.get(child);
      if (!edge || edge.parent !== parent || isStatic) {
        this.#edges.set(child, { parent, isStatic, samples: [sample] });
        continue;
      }
      const last = edge.samples[edge.samples.length - 1];
      if (last && sample.stamp <= last.stamp) continue;
      edge.samples.push(sample);
      if (edge.samples.length > KEPT) edge.samples.splice(0, KEPT / 2);
    }
  }

  /** Forgets moving frames: after a reset, time starts again. */
  clearMoving(): void {
    for (const [child, edge] of this.#edges) if (!edge.isStatic) this.#edges.delete(child);
  }

  /**
   * Pose of `frame` in `base` at `stamp`, or undefined where the two are not connected then. Both are looked up towards
   * their common root, so that `base` need not be the root.
   */
  lookup(base: string, frame: string, stamp: number): Pose | undefined {
    const up = this.#chain(frameName(frame), stamp);
    const down = this.#chain(frameName(base), stamp);
    for (const [ancestor, pose] of up) {
      const fromBase = down.get(ancestor);
      if (fromBase) return compose(inverse(fromBase), pose);
    }
    return undefined;
  }

  /** Poses of `frame` in itself and each of its ancestors. */
  #chain(frame: string, stamp: number): Map<string, Pose> {
    const chain = new Map<string, Pose>([[frame, IDENTITY_POSE]]);
    let pose = IDENTITY_POSE;
    let current = frame;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const edge = this.#edges.get(current);
      const step = edge && poseAt(edge, stamp);
      if (!edge || !step || chain.has(edge.parent)) break;
      pose = compose(step, pose);
      chain.set(edge.parent, pose);
      current = edge.parent;
    }
    return chain;
  }
}

function poseAt(edge: Edge, stamp: number): Pose | undefined {
  const { samples } = edge;
  if (edge.isStatic) return samples[0]?.pose;
  const after = samples.findIndex((s) => s.stamp >= stamp - 1e-9);
  const b = samples[after < 0 ? samples.length - 1 : after];
  const a = after > 0 ? samples[after - 1] : undefined;
  if (!b) return undefined;
  if (after < 0 || !a || b.stamp - stamp < 1e-9)
    return Math.abs(b.stamp - stamp) <= NEAR ? b.pose : undefined;
  if (b.stamp - a.stamp > NEAR) return undefined;
  const s = (stamp - a.stamp) / (b.stamp - a.stamp);
  return {
    position: lerp(a.pose.position, b.pose.position, s),
    orientation: slerp(a.pose.orientation, b.pose.orientation, s),
  };
}

/** tf1 wrote a leading slash. */
const frameName = (name: string): string => name.replace(/^\//, '');
