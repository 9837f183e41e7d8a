import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import type { Refiner } from '../refiner.ts';
import { ExpertClient, type ExpertClientOptions } from './expert-client.ts';
import { expertRefiner } from './expert-refiner.ts';

/** From a bundle in `dist/`, and from this file's own place in the sources. */
const MODELS = ['../models/action-expert.onnx', '../../../models/action-expert.onnx'];

/** The model that comes with Waybook, with the SHA-256 that it must have; undefined where none does. */
export function shippedModel(): Required<Pick<ExpertClientOptions, 'model' | 'sha256'>> | undefined {
  const model = MODELS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) =>
    existsSync(path),
  );
  if (model === undefined) return undefined;
  const sha256 = /^[0-9a-f]{64}/.exec(readFileSync(`${model}.sha256`, 'utf8'))?.[0];
  if (sha256 === undefined) {
    throw new WaybookError('input/refiner', 'The shipped action expert has no valid SHA-256 beside it.', {
      hint: 'Install Waybook again.',
    });
  }
  return { model, sha256 };
}

/**
 * The shipped action expert as a refiner. Its process starts with the first refinement, starts again after it died, and
 * keeps neither this process alive nor itself beyond it.
 */
export function shippedExpert(options: Pick<ExpertClientOptions, 'bundle'> = {}): Refiner {
  const shipped = shippedModel();
  if (!shipped) {
    throw new WaybookError('input/refiner', 'No action expert comes with this installation.', {
      hint: 'Refine with "spline" or "snap", or check a model of your own with `waybook model check`.',
    });
  }
  let client: Promise<ExpertClient> | undefined;
  const running = async (signal: AbortSignal): Promise<ExpertClient> => {
    const known = await client?.catch(() => undefined);
    if (!known?.alive) client = ExpertClient.start({ ...shipped, ...options }, signal);
    return client!;
  };
  const network = {
    run: async (...args: Parameters<ExpertClient['run']>) => (await running(args[1])).run(...args),
  };
  return {
    ...expertRefiner(network, shipped.sha256),
    ready: async (signal) => void (await running(signal)),
  };
}
