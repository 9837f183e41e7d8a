import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { WaybookError } from '../../core/errors.ts';
import { writeAtomically } from '../../records/run-folder.ts';
import { crashedDelivery, type EngineRun } from '../engine.ts';
import { workOrderOf } from '../work.ts';
import type { DriverMessage } from './driver-messages.ts';
import type { RayOptions } from './driver-request.ts';

/**
 * Takes one message of the driver: results and their records are put in place. Returns whether the driver is done.
 * Throws what a fault of the cluster or of a node means.
 */
export function takeMessage(message: DriverMessage, options: RayOptions, run: EngineRun): boolean {
  switch (message.type) {
    case 'ready':
      run.say(
        `Ray ${message.ray}, Python ${message.python}: ${message.nodes} nodes with ${message.cpus} processors.`,
      );
      return false;
    case 'say':
      run.say(message.text);
      return false;
    case 'result': {
      // A journal that is read again, or a job that is joined again, tells of runs that are known.
      const order = workOrderOf(options.description, message.index);
      if (order.key !== message.row.key) return false;
      if (message.zip !== undefined) unpackRecord(options.records, order.record, message.zip);
      const { row, seconds, where } = message;
      run.deliver({ row, attempts: 1, seconds, where });
      return false;
    }
    case 'crashed': {
      const { index, attempts, error, where } = message;
      run.deliver(crashedDelivery(workOrderOf(options.description, index), attempts, where, error));
      return false;
    }
    case 'fault':
      throw faultOf(message.code, message.text);
    case 'stopped':
    case 'done':
      return true;
  }
}

/** The page comes last, so that where it is, all is. Names that would leave the folder are not written. */
function unpackRecord(records: string, stem: string, base64: string): void {
  const files = Object.entries(unzipSync(Buffer.from(base64, 'base64')));
  files.sort(([a], [b]) => Number(a.endsWith('.html')) - Number(b.endsWith('.html')));
  for (const [path, bytes] of files) {
    if (!path.startsWith(`${stem}.`) || path.split(/[/\\]/).includes('..')) continue;
    const target = join(records, path);
    mkdirSync(dirname(target), { recursive: true });
    writeAtomically(target, bytes);
  }
}

/** What a fault that the driver tells of means, and what to do. */
export function faultOf(code: string, said: string): WaybookError {
  const text = `${said.trim().replace(/[.:]$/, '')}.`;
  switch (code) {
    case 'no-ray':
      return new WaybookError('link/connect', text, {
        hint: 'Install it for that Python with: pip install "ray[default]", or name another with --python.',
      });
    case 'wrong-version':
      return new WaybookError(
        'link/protocol',
        `Ray or Python here is of another version than on the cluster. ${text}`,
        {
          hint: 'Use the same versions, or the job API (--on http://HOST:8265), which needs no Python here.',
        },
      );
    case 'unreachable':
      return new WaybookError('link/connect', `The Ray cluster cannot be reached: ${text}`, {
        hint: 'See docs/sweeps.md for what must be open between the two.',
      });
    case 'node-unfit':
      return new WaybookError('link/fault', text, {
        hint: 'Leave --bundle away to send the bundle along, add --with-node, or see docs/sweeps.md.',
      });
    default:
      return new WaybookError('link/lost', `The sweep was lost on the cluster: ${text}`, {
        hint: 'What came back is kept: go on with --resume.',
      });
  }
}
