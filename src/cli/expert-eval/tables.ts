import {
  comparePaired,
  finished,
  pairs,
  recoveredFraction,
  succeeded,
  type Finished,
} from '../../evaluation/analysis.ts';
import type { EpisodeRecord } from '../../evaluation/record.ts';
import type { Cell } from '../../evaluation/suites.ts';
import { holm } from '../../evaluation/statistics/mcnemar.ts';
import { formatTable, median, percent } from '../sweep/table.ts';
import { wilson } from '../../sweep/wilson.ts';

const unique = (values: readonly string[]): string[] => [...new Set(values)];
const points = (difference: number): string =>
  `${difference >= 0 ? '+' : ''}${(100 * difference).toFixed(1)}`;
const number = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : '');
const defined = (values: readonly (number | undefined)[]): number[] =>
  values.filter((v): v is number => v !== undefined && Number.isFinite(v));

/** Finished episodes that are told of together: cells of one label. */
export interface Group {
  readonly label: string;
  readonly records: readonly Finished[];
}

/** The records of some cells by their labels, in the order of the cells. */
export function groupsOf(cells: readonly Cell[], records: readonly EpisodeRecord[]): Group[] {
  const done = finished(records);
  return unique(cells.map((cell) => cell.label)).map((label) => ({
    label,
    records: done.filter((r) =>
      cells.some(
        (cell) =>
          cell.label === label &&
          cell.condition === r.condition &&
          cell.tasks.includes(r.task) &&
          cell.methods.includes(r.method),
      ),
    ),
  }));
}

const byMethod = (group: Group, method: string): Finished[] =>
  group.records.filter((r) => r.method === method);

/** Success of every method in every group, with where the failures were. */
export function successTable(groups: readonly Group[]): string {
  const rows = eachCell(groups).map(({ condition, method, of }) => {
    const { successes, total, low, high, rate } = wilson(of.filter(succeeded).length, of.length);
    const ended = (...outcomes: string[]): string =>
      String(of.filter((r) => outcomes.includes(r.result.outcome)).length || '');
    return [
      condition,
      method,
      `${successes}`,
      `${total}`,
      percent(rate),
      `${percent(low)} to ${percent(high)}`,
      ended('task', 'not-followed'),
      ended('grasp'),
      ended('blocked'),
      ended('refused'),
      ended('reach'),
      ended('abstained'),
    ];
  });
  return formatTable([
    [
      'condition',
      'method',
      'successes',
      'n',
      'rate',
      '95 % interval',
      'task not done',
      'no grasp',
      'blocked',
      'refused',
      'out of reach',
      'abstained',
    ],
    ...rows,
  ]);
}

/** What the paths were like: errors, clearance, what was knocked, smoothness and cost. */
export function qualityTable(groups: readonly Group[]): string {
  const rows = eachCell(groups).map(({ condition, method, of }) => {
    const grasps = of.flatMap((r) => (r.result.grasp ? [r.result.grasp] : []));
    const degrees = (yaw: number): number => (yaw * 180) / Math.PI;
    const moved = defined(of.map((r) => r.result.disturbed));
    return [
      condition,
      method,
      number(1000 * median(grasps.map((g) => g.error)), 1),
      number(1000 * median(defined(of.map((r) => r.result.place))), 1),
      number(degrees(median(grasps.flatMap((g) => (g.elongated ? [g.yaw] : [])))), 1),
      number(1000 * median(defined(of.map((r) => r.result.clearance)))),
      moved.length === 0 ? '' : percent(moved.filter((d) => d > 0.01).length / moved.length),
      number(median(defined(of.map((r) => r.result.jerk))), 1),
      number(median(of.map((r) => r.result.ms)), 1),
    ];
  });
  return formatTable([
    [
      'condition',
      'method',
      'grasp mm',
      'place mm',
      'yaw °',
      'clearance mm',
      'others moved',
      'jerk m/s³',
      'ms',
    ],
    ...rows,
  ]);
}

/** The judged method against every other one, episode by episode. Holm's adjustment is over the table's rows. */
export function pairedTable(groups: readonly Group[], judged: string): string {
  const compared = groups.flatMap((group) => {
    const own = byMethod(group, judged);
    if (own.length === 0) return [];
    return methodsOf(group).flatMap((method) => {
      if (method === judged) return [];
      const paired = pairs(own, byMethod(group, method));
      return paired.length === 0 ? [] : [{ condition: group.label, method, ...comparePaired(paired) }];
    });
  });
  const adjusted = holm(compared.map((row) => row.p));
  return formatTable([
    ['condition', `${judged} minus`, 'points', '95 % interval', 'only it', 'only other', 'n', 'p (Holm)'],
    ...compared.map((row, i) => [
      row.condition,
      row.method,
      points(row.difference),
      `${points(row.low)} to ${points(row.high)}`,
      `${row.onlyFirst}`,
      `${row.onlySecond}`,
      `${row.total}`,
      adjusted[i]! < 0.001 ? '< 0.001' : adjusted[i]!.toFixed(3),
    ]),
  ]);
}

/** Recovered fraction of every learned method under every condition. */
export function recoveredTable(groups: readonly Group[]): string {
  const rows = groups.flatMap((group) => {
    const spline = byMethod(group, 'spline');
    const oracle = byMethod(group, 'oracle');
    return methodsOf(group).flatMap((method) => {
      if (method === 'spline' || method === 'oracle') return [];
      const found = recoveredFraction(spline, byMethod(group, method), oracle);
      if (!found) return [];
      return [
        [
          group.label,
          method,
          percent(found.value),
          `${percent(found.low)} to ${percent(found.high)}`,
          points(found.room),
          `${found.n}`,
        ],
      ];
    });
  });
  return formatTable([['condition', 'method', 'recovered', '95 % bootstrap', 'room, points', 'n'], ...rows]);
}

/** Success by task and method. */
export function taskTable(groups: readonly Group[]): string {
  const methods = unique(groups.flatMap(methodsOf));
  const rows = groups.flatMap((group) =>
    unique(group.records.map((r) => r.task)).map((task) => {
      const cells = methods.map((method) => byMethod(group, method).filter((r) => r.task === task));
      return [
        group.label,
        task,
        `${Math.max(...cells.map((cell) => cell.length))}`,
        ...cells.map((cell) =>
          cell.length === 0 ? '' : percent(cell.filter(succeeded).length / cell.length),
        ),
      ];
    }),
  );
  return formatTable([['condition', 'task', 'n', ...methods], ...rows]);
}

/** The commonest reasons of one method's failures. */
export function reasonsOf(groups: readonly Group[], method: string, most = 12): string {
  const counts = new Map<string, number>();
  for (const r of groups.flatMap((group) => group.records)) {
    if (r.method !== method || succeeded(r)) continue;
    // Numbers and names in quotes differ from episode to episode.
    const reason = r.result.reason.replace(/-?\d+(\.\d+)?(e-?\d+)?/g, '#').slice(0, 150);
    const key = `${r.condition} ${r.task}: ${r.result.outcome}: ${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([reason, count]) => `  ${count}x ${reason}\n`)
    .join('');
}

const methodsOf = (group: Group): string[] => unique(group.records.map((r) => r.method));

const eachCell = (groups: readonly Group[]): { condition: string; method: string; of: Finished[] }[] =>
  groups.flatMap((group) =>
    methodsOf(group).map((method) => ({ condition: group.label, method, of: byMethod(group, method) })),
  );
