import { bootstrap, type Interval } from './statistics/bootstrap.ts';
import { pairedDifference, type PairedDifference } from './statistics/mcnemar.ts';
import type { EpisodeRecord } from './record.ts';
import type { EpisodeResult } from './episode.ts';

/** Records of finished episodes, those left out for every method taken away. */
export type Finished = EpisodeRecord & { readonly result: EpisodeResult };

export const finished = (records: readonly EpisodeRecord[]): Finished[] =>
  records.filter((record): record is Finished => record.result !== undefined);

/** The task came true; for probes that move nothing, the waypoints were followed. */
export const succeeded = ({ result }: Finished): boolean =>
  result.outcome === 'success' || result.outcome === 'followed';

export const select = (
  records: readonly Finished[],
  condition: string,
  method: string,
  tasks?: readonly string[],
): Finished[] =>
  records.filter(
    (r) =>
      r.condition === condition && r.method === method && (tasks === undefined || tasks.includes(r.task)),
  );

/** Which episode a record is of, whatever the method: what is paired. With `across`, whatever the condition too. */
const episodeOf = (r: Finished, across: boolean): string =>
  `${r.task} ${r.seed} ${across ? '' : r.condition}`;

/** Episodes that both methods finished, with both results. Across conditions (`across`), task and seed decide. */
export function pairs(
  first: readonly Finished[],
  second: readonly Finished[],
  across = false,
): [Finished, Finished][] {
  const others = new Map(second.map((r) => [episodeOf(r, across), r]));
  return first.flatMap((r) => {
    const other = others.get(episodeOf(r, across));
    return other ? [[r, other] as [Finished, Finished]] : [];
  });
}

export function comparePaired(pairsOf: readonly (readonly [Finished, Finished])[]): PairedDifference {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const [a, b] of pairsOf) {
    const [x, y] = [succeeded(a), succeeded(b)];
    counts[x ? (y ? 'both' : 'onlyFirst') : y ? 'onlySecond' : 'neither'] += 1;
  }
  return pairedDifference(counts);
}

/** One paired episode of the three methods that a recovered fraction is made of: 1 for success, 0 for failure. */
interface Triple {
  readonly task: string;
  readonly low: number;
  readonly method: number;
  readonly high: number;
}

export interface Recovered extends Interval {
  readonly n: number;
  /** oracle minus spline; the fraction is taken only where it is at least 0.2 */
  readonly room: number;
}

/** Room between spline and oracle below which a fraction of it means nothing. */
export const LEAST_ROOM = 0.2;

/**
 * (method - spline) / (oracle - spline) over episodes that all three finished, with a bootstrap interval over episodes,
 * stratified by task; undefined where there is less than 20 points of room.
 */
export function recoveredFraction(
  spline: readonly Finished[],
  method: readonly Finished[],
  oracle: readonly Finished[],
): Recovered | undefined {
  const triples = triplesOf(spline, method, oracle);
  const room = mean(triples.map((t) => t.high - t.low));
  if (triples.length === 0 || room < LEAST_ROOM) return undefined;
  return { ...bootstrap(strata(triples), fraction), n: triples.length, room };
}

/**
 * Ratio of two recovered fractions from different episodes (held out over trained), each resampled on its own. Undefined
 * where either has too little room.
 */
export function fractionRatio(
  held: readonly (readonly Finished[])[],
  trained: readonly (readonly Finished[])[],
): Interval | undefined {
  const a = triplesOf(held[0]!, held[1]!, held[2]!);
  const b = triplesOf(trained[0]!, trained[1]!, trained[2]!);
  const enough = (t: readonly Triple[]): boolean =>
    t.length > 0 && mean(t.map((x) => x.high - x.low)) >= LEAST_ROOM;
  if (!enough(a) || !enough(b)) return undefined;
  const marked = [
    ...strata(a).map((units) => units.map((unit) => ({ unit, held: true }))),
    ...strata(b).map((units) => units.map((unit) => ({ unit, held: false }))),
  ];
  return bootstrap(marked, (units) => {
    const of = (wanted: boolean): number =>
      fraction(units.flatMap((u) => (u.held === wanted ? [u.unit] : [])));
    return of(true) / of(false);
  });
}

function triplesOf(
  spline: readonly Finished[],
  method: readonly Finished[],
  oracle: readonly Finished[],
): Triple[] {
  const high = new Map(oracle.map((r) => [episodeOf(r, false), r]));
  return pairs(spline, method).flatMap(([s, m]) => {
    const o = high.get(episodeOf(s, false));
    const one = (r: Finished): number => (succeeded(r) ? 1 : 0);
    return o ? [{ task: `${s.task} ${s.condition}`, low: one(s), method: one(m), high: one(o) }] : [];
  });
}

function strata(triples: readonly Triple[]): Triple[][] {
  const byTask = new Map<string, Triple[]>();
  for (const t of triples) byTask.set(t.task, [...(byTask.get(t.task) ?? []), t]);
  return [...byTask.values()];
}

const fraction = (t: readonly Triple[]): number =>
  mean(t.map((x) => x.method - x.low)) / mean(t.map((x) => x.high - x.low));

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;

/** Tasks weigh alike, however many episodes each has. */
export function meanOverTasks(records: readonly Finished[], value: (r: Finished) => number): number {
  const byTask = new Map<string, number[]>();
  for (const r of records) byTask.set(r.task, [...(byTask.get(r.task) ?? []), value(r)]);
  return mean([...byTask.values()].map(mean));
}
