import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { zipSync } from 'fflate';
import type { SweepDescription } from '../../sweep/description.ts';
import { driveSweep } from '../../sweep/drive-sweep.ts';
import type { EngineRun, SweepEngine } from '../../sweep/engine.ts';
import { localEngine } from '../../sweep/local-engine.ts';
import { parseDriverLine } from '../../sweep/ray/driver-messages.ts';
import { takeMessage } from '../../sweep/ray/take-message.ts';
import { SweepFolder } from '../../sweep/sweep-folder.ts';
import { planSweep } from '../sweep/plan-sweep.ts';
import { median } from '../sweep/table.ts';
import type { BenchReport } from './bench-report.ts';

export interface BenchSweepOptions {
  readonly runs: number;
  readonly rounds: number;
  /** results of the memory measurement; 0 leaves it out */
  readonly results: number;
  /** a cluster to compare with `workers` local ones; made anew for each round */
  readonly cluster?: (description: SweepDescription, folder: SweepFolder) => SweepEngine;
  readonly workers: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

interface Timing {
  /** s, from the start to the last result */
  readonly wall: number;
  /** s between results once all workers were at work */
  readonly perRun: number;
}

/**
 * Measures the engines on the same runs: one worker against two, and where there is a cluster, it against as many local
 * workers. Rounds alternate, so that a machine that is busy is busy for both; figures are ratios of medians.
 */
export async function benchSweep(options: BenchSweepOptions): Promise<BenchReport> {
  const { rounds, say, cluster, workers, results } = options;
  const rows: BenchReport['rows'][number][] = [];
  const timings = new Map<string, Timing[]>();
  const kinds = cluster ? ['local', 'cluster'] : ['one', 'two'];
  for (let round = 0; round < rounds; round++) {
    // The order is turned round each time.
    for (const kind of round % 2 === 0 ? kinds : [...kinds].reverse()) {
      const timing = await timeOf(kind, options);
      timings.set(kind, [...(timings.get(kind) ?? []), timing]);
      say(
        `Round ${round + 1}, ${kind}: ${timing.wall.toFixed(1)} s, ${timing.perRun.toFixed(2)} s a run, load ${loadavg()[0]?.toFixed(1) ?? ''}\n`,
      );
    }
  }
  const of = (kind: string, value: (timing: Timing) => number): number[] =>
    (timings.get(kind) ?? []).map(value);
  if (rounds > 0 && cluster) {
    const local = of('local', (t) => t.perRun);
    const remote = of('cluster', (t) => t.perRun);
    rows.push(row(`a run on ${workers} local`, local, 's', 'between results'));
    rows.push(row('a run on the cluster', remote, 's', 'between results'));
    rows.push(ratioRow('overhead of the cluster', remote, local, (ratio) => 100 * (ratio - 1), '%'));
  } else if (rounds > 0) {
    const [one, two] = [of('one', (t) => t.wall), of('two', (t) => t.wall)];
    rows.push(row(`${options.runs} runs on one worker`, one, 's', 'start included'));
    rows.push(row(`${options.runs} runs on two workers`, two, 's', 'start included'));
    rows.push(ratioRow('two workers against one, start included', one, two, (ratio) => ratio, 'x'));
    const [each, eachOfTwo] = [of('one', (t) => t.perRun), of('two', (t) => t.perRun)];
    rows.push(ratioRow('two workers against one, at work', each, eachOfTwo, (ratio) => ratio, 'x'));
  }
  if (results > 0) rows.push(...(await memoryRows(options)));
  const [cpu] = cpus();
  return {
    bench: 'sweep',
    machine: `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')} (other work on the machine slows two workers more than one)`,
    rows,
    skipped: [],
  };
}

function row(
  name: string,
  values: readonly number[],
  unit: string,
  note: string,
): BenchReport['rows'][number] {
  return { name, value: median(values), unit, note, range: [Math.min(...values), Math.max(...values)] };
}

function ratioRow(
  name: string,
  above: readonly number[],
  below: readonly number[],
  value: (ratio: number) => number,
  unit: string,
): BenchReport['rows'][number] {
  const each = above.map((one, i) => value(one / (below[i] ?? Number.NaN)));
  return {
    ...row(name, each, unit, 'per round'),
    value: value(median(above) / median(below)),
    note: 'of the medians',
  };
}

async function timeOf(kind: string, options: BenchSweepOptions): Promise<Timing> {
  const out = mkdtempSync(join(tmpdir(), 'waybook-bench-'));
  try {
    const { description } = await planSweep({
      files: [],
      tasks: 'stack',
      params: [`seed=0..${options.runs - 1}`],
      keep: 0,
    });
    using folder = SweepFolder.open(out);
    const local = (workers: number): SweepEngine =>
      localEngine({
        workers,
        timeout: 600,
        worker: { records: folder.records, scratch: folder.path, programs: description.programs },
      });
    const workers = kind === 'one' ? 1 : kind === 'two' ? 2 : options.workers;
    const engine =
      kind === 'cluster' && options.cluster ? options.cluster(description, folder) : local(workers);
    const started = performance.now();
    const times: number[] = [];
    await driveSweep({
      folder,
      description,
      engine,
      assets: assetsFolder(),
      onProgress: () => void times.push((performance.now() - started) / 1000),
      say: () => undefined,
      signal: options.signal,
    });
    // The first result of every worker holds its start.
    const from = times[Math.min(workers, times.length - 1)] ?? 0;
    const last = times.at(-1) ?? 0;
    return { wall: last, perRun: (last - from) / Math.max(1, times.length - 1 - workers) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Results with records as they come from a cluster, through everything but the network. */
async function memoryRows({ results, signal }: BenchSweepOptions): Promise<BenchReport['rows'][number][]> {
  const out = mkdtempSync(join(tmpdir(), 'waybook-bench-'));
  const sizes: number[] = [];
  const marks = [Math.round(results / 10), results];
  try {
    const { description } = await planSweep({
      files: [],
      tasks: 'stack',
      params: [`seed=0..${results - 1}`],
      keep: 0,
    });
    using folder = SweepFolder.open(out);
    const engine: SweepEngine = {
      name: 'recorded results',
      async run(run: EngineRun): Promise<void> {
        let done = 0;
        for (const { index, key, notebook, values, record } of run.orders) {
          const record64 = Buffer.from(
            zipSync({
              [`${record}.waybook.md`]: Buffer.from(key.repeat(64)),
              [`${record}.html`]: Buffer.from(key),
            }),
          ).toString('base64');
          const success = index % 3 > 0;
          const told = {
            index,
            key,
            notebook,
            values,
            success,
            outcome: success ? 'succeeded' : 'failed',
            exitCode: success ? 0 : 1,
            reason: `the cube is ${index % 97} mm away`,
            trajectoryHash: key,
            finalStateHash: key,
            metrics: { offset: index / 7, height: index / 11 },
            record,
          };
          const line = `WAYBOOK ${JSON.stringify({ type: 'result', index, where: 'here', value: { row: told, seconds: 1, zip: record64 } })}`;
          const message = parseDriverLine(line);
          if (message)
            takeMessage(
              message,
              { description, folders: {}, records: folder.records, timeout: 1, withNode: false },
              run,
            );
          done += 1;
          if (marks.includes(done)) sizes.push(residentSize());
          if (done % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      },
    };
    await driveSweep({
      folder,
      description,
      engine,
      assets: assetsFolder(),
      onProgress: () => undefined,
      say: () => undefined,
      signal,
    });
    sizes.push(residentSize());
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  const [first = 0, last = 0, end = 0] = sizes;
  const note = 'resident memory of the driver, records included';
  return [
    { name: `after ${marks[0] ?? 0} results`, value: first, unit: 'MB', note },
    { name: `growth to ${results} results`, value: last - first, unit: 'MB', note },
    { name: 'growth with table and report', value: end - first, unit: 'MB', note },
  ];
}

/** MB, after what is garbage has gone. */
function residentSize(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().rss / 2 ** 20;
}

const assetsFolder = (): string => dirname(fileURLToPath(import.meta.url));
