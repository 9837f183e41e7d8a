import { WebSocket } from 'ws';
import { messageOf } from '../../core/errors.ts';
import { startSimulatorServer } from '../server/simulator-server.ts';
import { createWorld } from '../world.ts';
import type { World } from '../world-api.ts';
import { machineName, rowOf } from './bench-row.ts';
import type { BenchReport, BenchRow } from './bench-row.ts';
import { interleavedSteps, pythonWithMujoco } from './python-mujoco.ts';

/** Arm and six objects: a cube, a bowl and four that no task needs. */
const SCENE = { scene: 'put-in-bowl', seed: 7, distractors: 4, noise: 'off' } as const;
const RUNS = 5;
const SERVED_SECONDS = 4;
const SLICE = 0.02;
const STEPS = 4000;
const CLOUDS = 20;

export interface BenchOptions {
  /** progress, one line at a time */
  readonly log?: (line: string) => void;
  /** a Python that has `mujoco`, to compare with; `python3` where it is not given */
  readonly python?: string;
}

/**
 * What the simulator can do on this machine: medians of runs in one process, the arm in motion. The client that is
 * served has a socket of its own on the same event loop, so its cost is part of the figure.
 */
export async function benchSimulator({
  log = () => undefined,
  python,
}: BenchOptions = {}): Promise<BenchReport> {
  const rows: BenchRow[] = [];
  const skipped: string[] = [];
  const machine = machineName();
  log('real-time factor while serving joint states');
  rows.push(...(await servedFactor()));
  log('physics and clouds');
  const world = await createWorld(SCENE);
  try {
    swing(world);
    rows.push(
      rowOf(
        'physics alone',
        'steps/s',
        runs(() => STEPS / seconds(() => stepTimes(world, STEPS))),
        'servo set-points included',
      ),
    );
    rows.push(
      rowOf(
        'cloud of 160x120',
        'ms',
        Array.from({ length: CLOUDS }, () => 1000 * seconds(() => world.renderCloud('front'))),
        'rays and colours; should be about 20',
      ),
    );
  } finally {
    world[Symbol.dispose]();
  }
  log('against the mujoco package for Python, on the same model and state');
  try {
    const native = await pythonWithMujoco(python);
    const { ours, theirs, version } = await interleavedSteps(native, SCENE, RUNS);
    rows.push(rowOf('bare mj_step, WebAssembly', 'steps/s', ours, 'single thread'));
    rows.push(
      rowOf(
        'bare mj_step, Python',
        'steps/s',
        theirs,
        `mujoco ${version}, same model, same state, runs interleaved`,
      ),
    );
    rows.push(
      rowOf(
        'WebAssembly / Python',
        'x',
        ours.map((value, i) => value / (theirs[i] as number)),
        'ratio of neighbouring runs',
      ),
    );
  } catch (error) {
    skipped.push(`comparison with Python: ${messageOf(error)}`);
  }
  return { bench: 'simulator', machine, rows, skipped };
}

const runs = (measure: () => number): number[] => Array.from({ length: RUNS }, measure);

function seconds(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function stepTimes(world: World, steps: number): void {
  for (let i = 0; i < steps; i++) world.step();
}

/** Sends the first joint off, so that what is measured is an arm in motion. */
function swing(world: World): void {
  world.setArmTarget(world.arm.home.map((q, j) => (j === 0 ? q + 0.5 : q)));
}

/** Simulated seconds per second, a client pumping 20 ms at a time and getting every joint state as JSON. */
async function servedFactor(): Promise<BenchRow[]> {
  await using server = await startSimulatorServer({ ...SCENE, lockStep: true });
  const socket = new WebSocket(server.url, { perMessageDeflate: false });
  let states = 0;
  let answered: (() => void) | undefined;
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as { op: string };
    if (frame.op === 'publish') states++;
    else if (frame.op === 'service_response') answered?.();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const until = async (time: number) => {
    const reply = new Promise<void>((resolve, reject) => {
      answered = resolve;
      socket.once('close', () => reject(new Error('the server closed')));
    });
    socket.send(
      JSON.stringify({ op: 'call_service', id: 's', service: '/simulator/step', args: { until: time } }),
    );
    await reply;
    socket.removeAllListeners('close');
  };
  socket.send(JSON.stringify({ op: 'subscribe', topic: '/joint_states' }));
  await until(0.5);
  const factors: number[] = [];
  const perCpu: number[] = [];
  let time = 0.5;
  for (let run = 0; run < RUNS; run++) {
    swing(server.world);
    const start = performance.now();
    const cpu = process.cpuUsage();
    const before = states;
    const end = time + SERVED_SECONDS;
    while (time < end - SLICE / 2) {
      time += SLICE;
      await until(Number(time.toFixed(3)));
    }
    factors.push(SERVED_SECONDS / ((performance.now() - start) / 1000));
    const { user, system } = process.cpuUsage(cpu);
    perCpu.push(SERVED_SECONDS / ((user + system) / 1e6));
    const expected = 100 * SERVED_SECONDS;
    if (Math.abs(states - before - expected) > 1)
      throw new Error(`${states - before} joint states came, not ${expected}`);
  }
  socket.terminate();
  const what = 'arm and 6 objects, 100 Hz joint states to a socket, pumped by 20 ms';
  return [
    rowOf('real-time factor', 'x', factors, `${what}; should reach 15`),
    rowOf('real-time factor per CPU second', 'x', perCpu, 'the same, but other programs do not count'),
  ];
}
