import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  finished,
  recoveredFraction,
  select,
  succeeded,
  type Finished,
} from '../../../evaluation/analysis.ts';
import type { EpisodeRecord } from '../../../evaluation/record.ts';
import { cellsOf } from '../../../evaluation/suites.ts';
import { wilson } from '../../../sweep/wilson.ts';
import { groupsOf } from '../tables.ts';
import { barChart, type Bar } from './bar-chart.ts';
import { lineChart, type Series } from './line-chart.ts';
import { learningCurves, type CurvePoint } from './learning-curves.ts';

/** The order in which methods are drawn, so that each keeps its colour from figure to figure. */
const METHODS = ['expert', 'snap', 'spline', 'expert-erased', 'linear', 'b-spline', 'oracle', 'snap-rrt'];

/**
 * Writes the figures that the records suffice for; returns their paths. `curves` are points of the learning curves, where
 * there are any.
 */
export async function writeFigures(
  folder: string,
  records: readonly EpisodeRecord[],
  curves: readonly CurvePoint[],
): Promise<string[]> {
  const done = finished(records);
  const figures: [string, string | undefined][] = [
    [
      'success-by-noise.svg',
      successOver(
        done,
        'Success against noise of the waypoints',
        'standard deviation per axis, shared by the waypoints of one thing [mm]',
        [
          ['0', 'exact'],
          ['10', 'shared=10'],
          ['20', 'shared=20'],
          ['40', 'shared=40'],
        ],
      ),
    ],
    [
      'success-by-depth-error.svg',
      successOver(done, 'Success against a wrong depth', 'standard deviation along the camera’s ray [cm]', [
        ['0', 'exact'],
        ['1', 'ray=10'],
        ['2', 'ray=20'],
        ['5', 'ray=50'],
        ['10', 'ray=100'],
      ]),
    ],
    [
      'success-by-yaw.svg',
      successOver(done, 'Success against a wrong turn', 'standard deviation about the vertical [°]', [
        ['0', 'exact'],
        ['5', 'yaw=5'],
        ['10', 'yaw=10'],
        ['15', 'yaw=15'],
        ['20', 'yaw=20'],
        ['30', 'yaw=30'],
      ]),
    ],
    ['recovered.svg', recoveredFigure(records)],
    ['learning-curves.svg', learningCurves(curves)],
  ];
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const [name, svg] of figures) {
    if (svg === undefined) continue;
    await writeFile(join(folder, name), svg);
    written.push(join(folder, name));
  }
  return written;
}

/**
 * Success of each method over some conditions; only over tasks that all drawn places share, and at each place over the
 * episodes that every method finished, so that neither a line nor a place compares different things. Undefined with fewer
 * than two places.
 */
function successOver(
  done: readonly Finished[],
  title: string,
  xTitle: string,
  places: readonly (readonly [string, string])[],
): string | undefined {
  const present = places.filter(([, condition]) => done.some((r) => r.condition === condition));
  if (present.length < 2) return undefined;
  const tasksOf = (condition: string): string[] => [
    ...new Set(done.filter((r) => r.condition === condition).map((r) => r.task)),
  ];
  const common = present
    .map(([, condition]) => tasksOf(condition))
    .reduce((a, b) => a.filter((task) => b.includes(task)));
  const methods = METHODS.filter((method) =>
    present.every(([, condition]) => select(done, condition, method, common).length > 0),
  );
  if (common.length === 0 || methods.length === 0) return undefined;
  const cells = present.map(([, condition]) => {
    const of = methods.map((method) => select(done, condition, method, common));
    const times = new Map<string, number>();
    for (const r of of.flat()) times.set(`${r.task} ${r.seed}`, (times.get(`${r.task} ${r.seed}`) ?? 0) + 1);
    return of.map((cell) => cell.filter((r) => times.get(`${r.task} ${r.seed}`) === methods.length));
  });
  const counts = cells.map((of) => of[0]?.length ?? 0);
  if (counts.some((count) => count === 0)) return undefined;
  const [fewest, largest] = [Math.min(...counts), Math.max(...counts)];
  const series = methods.map((method, m): Series => ({
    name: method,
    colour: METHODS.indexOf(method),
    faint: method === 'oracle',
    points: cells.map((of, x) => {
      const { rate, low, high } = wilson(of[m]!.filter(succeeded).length, of[m]!.length);
      return { x, y: rate, low, high };
    }),
  }));
  const n = fewest === largest ? `${fewest}` : `${fewest} to ${largest}`;
  return lineChart({
    title,
    subtitle: `${common.length} tasks, ${n} paired episodes a point, lock-step physics; bars: 95 % Wilson intervals`,
    xTitle,
    x: { labels: present.map(([label]) => label) },
    series,
  });
}

function recoveredFigure(records: readonly EpisodeRecord[]): string | undefined {
  const groups = groupsOf(cellsOf('heldout', ['expert']), records);
  const bars = groups.flatMap(({ label, records: of }): Bar[] => {
    const by = (method: string): Finished[] => of.filter((r) => r.method === method);
    return ['expert', 'snap'].flatMap((method, colour) => {
      const found = recoveredFraction(by('spline'), by(method), by('oracle'));
      if (!found) return [];
      const { value, low, high, n, room } = found;
      return [
        {
          name: `${method}, ${label.replace('shared=', '')}${label.includes('shared=') ? ' mm' : ''}`,
          value,
          low,
          high,
          colour,
          note: `${(100 * value).toFixed(0)} % of ${(100 * room).toFixed(0)} points, n ${n}`,
        },
      ];
    });
  });
  if (bars.length === 0) return undefined;
  return barChart({
    title: 'What of the oracle’s gain is recovered',
    subtitle: '(method - spline) / (oracle - spline); lines: 95 % bootstrap intervals over episodes',
    bars,
  });
}
