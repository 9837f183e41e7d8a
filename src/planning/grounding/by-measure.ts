import type { Side, SizeSense } from '../language/lexicon.ts';
import type { Modifier, NounPhrase } from '../language/syntax.ts';
import { SIDE_MARGIN } from './by-place.ts';
import type { ObjectFeatures } from './features.ts';
import type { Discourse, Grounder, GroundOptions, Scored } from './grounder.ts';
import { ambiguous } from './grounding-refusals.ts';
import { towards } from './spatial.ts';

/** One size must exceed the other by this factor. */
const SIZE_MARGIN = 1.1;

export function bySize(candidates: readonly Scored[], sense: SizeSense, phrase: NounPhrase): Scored[] {
  if (candidates.length < 2) return [...candidates];
  const measure = (c: Scored): number => {
    const [x, y, z] = c.f.object.size;
    switch (sense.measure) {
      case 'volume':
        return Math.cbrt(x * y * z);
      case 'height':
        return c.f.max[2] - c.f.min[2];
      case 'length':
        return Math.max(x, y, z);
      case 'width':
        return Math.min(x, y);
    }
  };
  const sign = sense.want === 'most' ? -1 : 1;
  const sorted = [...candidates].sort((a, b) => sign * (measure(a) - measure(b)));
  const wanted = phrase.quantity.kind === 'count' ? phrase.quantity.count : 1;
  const last = sorted[wanted - 1];
  const next = sorted[wanted];
  if (last === undefined || next === undefined) return sorted;
  const ratio =
    Math.max(measure(last), measure(next)) / Math.max(1e-9, Math.min(measure(last), measure(next)));
  if (ratio < SIZE_MARGIN) throw ambiguous(phrase, candidates, 'they are about the same size');
  return sorted.slice(0, wanted);
}

export function byRank(
  grounder: Grounder,
  candidates: readonly Scored[],
  modifier: Extract<Modifier, { kind: 'rank' }>,
  phrase: NounPhrase,
): Scored[] {
  const side: Side | undefined = modifier.from;
  if (side === undefined || side === 'middle') {
    throw ambiguous(phrase, candidates, `"${modifier.text}" does not say from which side to count`);
  }
  const direction = towards(side, grounder.axes);
  const value = (c: Scored) => {
    const p = c.f.object.pose.position;
    return direction[0] * p[0] + direction[1] * p[1] + direction[2] * p[2];
  };
  const sorted = [...candidates].sort((a, b) => value(b) - value(a));
  const found = sorted[modifier.rank - 1];
  const close = sorted.some(
    (c, i) =>
      i !== modifier.rank - 1 && found !== undefined && Math.abs(value(c) - value(found)) < SIDE_MARGIN,
  );
  if (found === undefined || close)
    throw ambiguous(phrase, candidates, `"${modifier.text}" does not tell them apart`);
  return [found];
}

export function byDistance(
  grounder: Grounder,
  candidates: readonly Scored[],
  modifier: Extract<Modifier, { kind: 'extreme' }>,
  phrase: NounPhrase,
  discourse: Discourse,
  options: GroundOptions,
): Scored[] {
  const target = modifier.reference?.items[0];
  let reference: ObjectFeatures | undefined;
  if (target !== undefined && !isViewer(grounder, target)) {
    const id = grounder.phrase(target, discourse, { ...options, role: 'reference' })[0]?.id;
    reference = id === undefined ? undefined : grounder.of(id);
  }
  const others = candidates.filter((c) => c.f !== reference);
  const distance = ({ f }: Scored): number => {
    const p = f.object.pose.position;
    if (reference === undefined) return -(p[0] * grounder.axes.front[0] + p[1] * grounder.axes.front[1]);
    const q = reference.object.pose.position;
    return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  };
  const sign = modifier.want === 'nearest' ? 1 : -1;
  const sorted = [...others].sort((a, b) => sign * (distance(a) - distance(b)));
  const wanted = phrase.quantity.kind === 'count' ? phrase.quantity.count : 1;
  const last = sorted[wanted - 1];
  const next = sorted[wanted];
  if (last !== undefined && next !== undefined && Math.abs(distance(next) - distance(last)) < 0.01) {
    throw ambiguous(phrase, others, `"${modifier.text}" does not tell them apart`);
  }
  return sorted.slice(0, wanted);
}

export function isViewer(grounder: Grounder, phrase: NounPhrase): boolean {
  return (
    phrase.head !== undefined &&
    /^(?:robot|viewer|camera|gripper|arm|me|you)$/.test(phrase.head) &&
    !grounder.features.some((f) => f.nouns.has(phrase.head as string))
  );
}
