import type { Random } from '../../core/random.ts';

export interface RrtProblem {
  readonly start: ArrayLike<number>;
  readonly goal: ArrayLike<number>;
  /** box that samples are drawn from, per dimension */
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** whether a configuration is free; asked every `resolution` along an edge */
  readonly free: (q: Float64Array) => boolean;
  /** largest change of any dimension in one extension, and between two questions */
  readonly step: number;
  readonly resolution: number;
  readonly iterations: number;
}

interface Tree {
  readonly nodes: Float64Array[];
  readonly parents: number[];
}

/**
 * A free path from start to goal by two trees that grow towards each other (RRT-Connect; Kuffner and LaValle 2000),
 * shortened by random shortcuts; undefined where none was found. Start and goal are not asked for being free. Deterministic
 * for one random stream.
 */
export function rrtConnect(problem: RrtProblem, random: Random): Float64Array[] | undefined {
  const start = Float64Array.from(problem.start);
  const goal = Float64Array.from(problem.goal);
  let a: Tree = { nodes: [start], parents: [-1] };
  let b: Tree = { nodes: [goal], parents: [-1] };
  const d = start.length;
  for (let i = 0; i < problem.iterations; i++) {
    const sample = Float64Array.from({ length: d }, (_, k) =>
      random.uniform(problem.lower[k]!, problem.upper[k]!),
    );
    const reached = extend(problem, a, nearest(a, sample), sample);
    if (reached >= 0) {
      const target = a.nodes[reached]!;
      let at = nearest(b, target);
      for (;;) {
        const next = extend(problem, b, at, target);
        if (next < 0) break;
        at = next;
        if (apart(b.nodes[at]!, target) < 1e-9) {
          const there = branch(a, reached).reverse();
          const back = branch(b, at).slice(1);
          const whole = [...there, ...back];
          const path = whole[0] === start ? whole : whole.reverse();
          return shortened(problem, path, random);
        }
      }
    }
    [a, b] = [b, a];
  }
  return undefined;
}

/** From a node up to the root. */
function branch(tree: Tree, index: number): Float64Array[] {
  const path: Float64Array[] = [];
  for (let i = index; i >= 0; i = tree.parents[i]!) path.push(tree.nodes[i]!);
  return path;
}

function nearest(tree: Tree, q: Float64Array): number {
  let best = 0;
  let least = Infinity;
  tree.nodes.forEach((node, i) => {
    let squared = 0;
    for (let k = 0; k < q.length; k++) squared += (node[k]! - q[k]!) ** 2;
    if (squared < least) {
      least = squared;
      best = i;
    }
  });
  return best;
}

/** Largest difference of any dimension. */
function apart(a: Float64Array, b: Float64Array): number {
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k]! - b[k]!));
  return most;
}

/** Grows a tree by one step from a node towards `q`; the new node's index, or -1 where the way is not free. */
function extend(problem: RrtProblem, tree: Tree, from: number, q: Float64Array): number {
  const node = tree.nodes[from]!;
  const length = apart(node, q);
  if (length < 1e-12) return -1;
  const share = Math.min(1, problem.step / length);
  const next = share === 1 ? q.slice() : node.map((v, k) => v + share * (q[k]! - v));
  if (!edgeIsFree(problem, node, next)) return -1;
  tree.nodes.push(next);
  tree.parents.push(from);
  return tree.nodes.length - 1;
}

/** Whether everything between two configurations is free; their own places excepted. */
export function edgeIsFree(
  { free, resolution }: Pick<RrtProblem, 'free' | 'resolution'>,
  a: Float64Array,
  b: Float64Array,
): boolean {
  const n = Math.ceil(apart(a, b) / resolution);
  const q = new Float64Array(a.length);
  for (let i = 1; i < n; i++) {
    for (let k = 0; k < q.length; k++) q[k] = a[k]! + (i / n) * (b[k]! - a[k]!);
    if (!free(q)) return false;
  }
  return n === 0 || free(b);
}

const SHORTCUTS = 60;

function shortened(problem: RrtProblem, path: Float64Array[], random: Random): Float64Array[] {
  const kept = [...path];
  for (let i = 0; i < SHORTCUTS && kept.length > 2; i++) {
    const from = random.below(kept.length - 2);
    const to = from + 2 + random.below(kept.length - from - 2);
    if (edgeIsFree(problem, kept[from]!, kept[to]!)) kept.splice(from + 1, to - from - 1);
  }
  return kept;
}
