import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { zipSync } from 'fflate';
import { WaybookError } from '../../core/errors.ts';
import { writeAtomically } from '../../records/run-folder.ts';
import type { EngineRun, SweepEngine } from '../engine.ts';
import { parseDriverLine } from './driver-messages.ts';
import { driverRequest, type RayOptions } from './driver-request.ts';
import { HEADLESS_MODULE, headlessBundle, zipOfBundle } from './headless-bundle.ts';
import { hasEnded, type JobInfo, JobsApi } from './jobs-api.ts';
import { takeMessage } from './take-message.ts';

export interface RayJobOptions extends RayOptions {
  readonly address: string;
  readonly token?: string;
  /** the cluster's Python, where `python` is not the one with Ray there */
  readonly jobPython?: string;
  /** where the job's id is kept, so that a sweep whose command was killed finds its job again */
  readonly stateFile: string;
}

const REQUEST_FILE = 'waybook-request.json';
/** Between looks at a job whose log is silent [ms]. */
const LOOK_MS = 1000;

/**
 * A Ray cluster through its job API: needs no Python here. The job goes on without us, and is joined again by the same
 * sweep. Results come along in the job's log.
 */
export function rayJobEngine(options: RayJobOptions): SweepEngine {
  const api = new JobsApi(options);
  return {
    name: `the Ray cluster at ${options.address}`,
    async run(run: EngineRun): Promise<void> {
      const version = await api.checkVersion(run.signal);
      const earlier = jobBefore(options);
      if (earlier !== undefined && (await api.info(earlier, run.signal))) {
        run.say(`Joining the job ${earlier} of this sweep.`);
        await follow(api, earlier, options, run, true);
      }
      const indices = [...run.orders].map(({ index }) => index);
      if (indices.length === 0) return;
      const id = `waybook-${randomBytes(6).toString('hex')}`;
      run.say(
        `Ray ${version}: sending ${indices.length} ${'notebooks' in options.description ? 'runs' : 'shards'} as job ${id}.`,
      );
      const runtime = await upload(api, options, indices, run.signal);
      run.signal.throwIfAborted();
      writeAtomically(options.stateFile, JSON.stringify({ address: options.address, job: id }));
      await api.submit(
        {
          entrypoint: `${quoted(options.jobPython ?? 'python')} -m ${HEADLESS_MODULE}.driver --input ${REQUEST_FILE}`,
          submission_id: id,
          runtime_env: runtime,
          metadata: { waybook: options.description.title },
        },
        run.signal,
      );
      await follow(api, id, options, run, false);
    },
  };
}

async function upload(
  api: JobsApi,
  options: RayJobOptions,
  indices: readonly number[],
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const withoutPrograms = options.bundle !== undefined;
  const bundle = headlessBundle({ root: options.root, withNode: options.withNode, withoutPrograms });
  const module = await api.upload(packageName('bundle', bundle.hash), zipOfBundle(bundle), signal);
  const request = Buffer.from(JSON.stringify(driverRequest(options, indices)));
  // A folder of its own inside, because Ray unpacks what stands in a single one.
  const zip = zipSync({ [REQUEST_FILE]: request, 'README.txt': Buffer.from('A sweep of Waybook.\n') });
  const working = await api.upload(packageName('request', sha256(zip).slice(0, 20)), zip, signal);
  const variables = {
    ...(options.bundle === undefined ? {} : { WAYBOOK_BUNDLE: options.bundle }),
    PYTHONUNBUFFERED: '1',
  };
  return { working_dir: working, py_modules: [module], env_vars: variables };
}

/** Takes messages until the job has ended. A log that is cut off is read again from its beginning. */
async function follow(
  api: JobsApi,
  id: string,
  options: RayJobOptions,
  run: EngineRun,
  joined: boolean,
): Promise<void> {
  const { signal } = run;
  const stop = (): void => void api.stop(id).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      let rest = '';
      for await (const piece of api.tail(id, signal)) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const message = parseDriverLine(line);
          if (message && takeMessage(message, options, run)) return;
        }
      }
      signal.throwIfAborted();
      const info = await api.info(id, signal);
      if (!info) throw lost(`the cluster no longer knows the job ${id}`);
      if (hasEnded(info)) {
        // Whatever it did not do is sent again as another job.
        if (joined) return;
        throw endedEarly(info);
      }
      await sleep(LOOK_MS, undefined, { signal });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    if (signal.aborted) await api.stop(id).catch(() => undefined);
  }
}

function endedEarly({ status, message }: JobInfo): WaybookError {
  if (/runtime_env|RuntimeEnv/.test(message)) {
    return new WaybookError('link/fault', `A node could not set up the bundle: ${lastLine(message)}`, {
      hint: 'See docs/sweeps.md for what each node needs.',
    });
  }
  return lost(`the job ended as ${status} before the sweep did. ${lastLine(message)}`);
}

const lost = (why: string): WaybookError =>
  new WaybookError('link/lost', `The sweep was lost on the cluster: ${why}`, {
    hint: 'What came back is kept: go on with --resume.',
  });

/** One word of the job's shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 400) ?? '';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const packageName = (what: string, hash: string): string => `_ray_pkg_waybook_${what}_${hash}.zip`;

function jobBefore({ stateFile, address }: RayJobOptions): string | undefined {
  if (!existsSync(stateFile)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(stateFile, 'utf8'));
    if (typeof value !== 'object' || value === null || !('job' in value) || !('address' in value))
      return undefined;
    return value.address === address && typeof value.job === 'string' ? value.job : undefined;
  } catch {
    return undefined;
  }
}
