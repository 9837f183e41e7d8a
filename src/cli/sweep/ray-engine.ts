import { WaybookError } from '../../core/errors.ts';
import type { SweepEngine } from '../../sweep/engine.ts';
import { type RayClientOptions, rayClientEngine } from '../../sweep/ray/ray-client-engine.ts';
import { type RayJobOptions, rayJobEngine } from '../../sweep/ray/ray-job-engine.ts';
import type { Arguments, OptionSpec } from '../command.ts';

/** Options of every command that can use a cluster. */
export const RAY_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'on',
    value: 'URL',
    help: 'A Ray cluster: http://HOST:8265 (its job API) or ray://HOST:10001 (its client).',
  },
  {
    name: 'python',
    value: 'PATH',
    help: 'For ray://, a Python here with the cluster’s version of Ray; for http://, the cluster’s own. Default python3.',
  },
  {
    name: 'bundle',
    value: 'FOLDER',
    help: 'Where the headless bundle is on every node; default: it is sent along.',
  },
  { name: 'with-node', help: 'Send this machine’s Node along, for nodes that have none.' },
];

type OfTheSweep = Omit<
  RayJobOptions & RayClientOptions,
  'address' | 'token' | 'python' | 'jobPython' | 'bundle' | 'withNode'
>;

/**
 * The engine for `--on`: `http…` is Ray's job API, `ray://` its client. A token comes from RAY_AUTH_TOKEN. Throws
 * `input/usage` for another address.
 */
export function rayEngine(on: string, args: Arguments, sweep: OfTheSweep): SweepEngine {
  const python = args.string('python') ?? process.env['WAYBOOK_PYTHON'];
  const options = {
    ...sweep,
    address: on,
    withNode: args.has('with-node'),
    bundle: args.string('bundle'),
    token: process.env['RAY_AUTH_TOKEN'],
  };
  if (/^https?:\/\/[^/]/.test(on)) return rayJobEngine({ ...options, jobPython: python });
  if (/^ray:\/\/[^/]/.test(on)) return rayClientEngine({ ...options, python: python ?? 'python3' });
  throw new WaybookError('input/usage', `--on "${on}" is no address of a Ray cluster.`, {
    hint: 'Give http://HOST:8265 or ray://HOST:10001.',
  });
}
