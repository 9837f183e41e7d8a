import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WaybookError } from '../../core/errors.ts';
import { Physics } from '../mujoco.ts';
import type { WorldOptions } from '../world-api.ts';
import { worldMjcf } from '../world.ts';

const STEPS = 4000;
const START_MS = 60_000;

/** Reads a line, steps from the given state, prints the seconds it took; until its input ends. */
const PROGRAM = `
import json, sys, time
import mujoco
model = mujoco.MjModel.from_xml_path(sys.argv[1])
data = mujoco.MjData(model)
kind = mujoco.mjtState.mjSTATE_INTEGRATION
print(mujoco.__version__, flush=True)
for line in sys.stdin:
    job = json.loads(line)
    mujoco.mj_setState(model, data, job["state"], kind)
    mujoco.mj_forward(model, data)
    start = time.perf_counter()
    for _ in range(job["steps"]):
        mujoco.mj_step(model, data)
    print(time.perf_counter() - start, flush=True)
`;

/** The interpreter, once it has shown that it can import mujoco. Throws `input/usage` where it cannot. */
export async function pythonWithMujoco(python = 'python3'): Promise<string> {
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(python, ['-c', 'import mujoco'], { stdio: 'ignore', timeout: START_MS });
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  if (code !== 0) {
    throw new WaybookError('input/usage', `${python} cannot import mujoco.`, {
      hint: 'Give a Python that has it with --python, for instance from a virtual environment.',
    });
  }
  return python;
}

/**
 * Steps per second of the bare engine here and in Python: the same model, from the same state, in turns, so that a
 * change of the machine's load meets both.
 */
export async function interleavedSteps(
  python: string,
  options: WorldOptions,
  runs: number,
): Promise<{ ours: number[]; theirs: number[]; version: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'waybook-bench-'));
  const mjcf = worldMjcf(options);
  const path = join(folder, 'scene.xml');
  await writeFile(path, mjcf);
  const physics = await Physics.compile(mjcf);
  const child = spawn(python, ['-c', PROGRAM, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
    const line = await lines.next();
    clearTimeout(timer);
    if (line.done === true) throw new WaybookError('internal/bug', 'The Python process ended early.');
    return line.value;
  };
  try {
    const version = await answer();
    const state = new Float64Array(physics.stateSize);
    // A second of settling: the measured steps are those of an arm on its way down onto the scene, contacts included.
    for (let i = 0; i < 500; i++) physics.step();
    physics.readState(state);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run <= runs; run++) {
      physics.writeState(state);
      const start = performance.now();
      for (let i = 0; i < STEPS; i++) physics.step();
      const here = (performance.now() - start) / 1000;
      child.stdin.write(`${JSON.stringify({ state: [...state], steps: STEPS })}\n`);
      const there = Number(await answer());
      // The first round warms both up.
      if (run === 0) continue;
      ours.push(STEPS / here);
      theirs.push(STEPS / there);
    }
    return { ours, theirs, version };
  } finally {
    child.stdin.end();
    child.kill();
    physics[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  }
}
