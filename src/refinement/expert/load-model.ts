import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { INPUTS, OUTPUTS } from './contract.ts';
import { openNetwork, type Backend, type OpenedNetwork } from './onnx-runtime.ts';

export const MAX_MODEL_BYTES = 64 * 1024 * 1024;

export interface LoadedModel extends OpenedNetwork {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Opens a network after checking, in this order, its size, its SHA-256 against `sha256` where one is given, and its
 * signature against the contract. `backend` insists on a runtime. Throws an Error that says which check failed and what
 * was found.
 */
export async function loadModel(
  path: string,
  sha256: string | undefined,
  backend?: Backend,
): Promise<LoadedModel> {
  const { size } = await stat(path);
  if (size === 0 || size > MAX_MODEL_BYTES) {
    throw new Error(`its size is ${size} bytes; 1 to ${MAX_MODEL_BYTES} are allowed`);
  }
  const content = await readFile(path);
  const found = createHash('sha256').update(content).digest('hex');
  if (sha256 !== undefined && found !== sha256) {
    throw new Error(`its SHA-256 is ${found}, but ${sha256} was expected`);
  }
  const opened = await openNetwork(new Uint8Array(content), backend);
  const { session } = opened;
  const problems = [
    ...signatureProblems('input', INPUTS, session.inputMetadata),
    ...signatureProblems('output', OUTPUTS, session.outputMetadata),
  ];
  if (problems.length > 0) {
    await session.release();
    throw new Error(problems.join('; '));
  }
  return { ...opened, sha256: found, bytes: size };
}

/** How a network's inputs or outputs differ from what they must be. The first axis is the batch: 1 or named. */
export function signatureProblems(
  what: 'input' | 'output',
  expected: Readonly<Record<string, readonly number[]>>,
  found: readonly InferenceSession.ValueMetadata[],
): string[] {
  const problems: string[] = [];
  for (const [name, shape] of Object.entries(expected)) {
    const value = found.find((v) => v.name === name);
    if (!value) {
      problems.push(`it has no ${what} "${name}" (it has ${found.map((v) => v.name).join(', ') || 'none'})`);
      continue;
    }
    if (!value.isTensor || value.type !== 'float32') {
      problems.push(`${what} "${name}" must be a float32 tensor`);
      continue;
    }
    const [batch, ...rest] = value.shape;
    const batchFits = typeof batch === 'string' || batch === 1;
    const fits =
      rest.length === shape.length &&
      shape.every((size, i) => rest[i] === size || typeof rest[i] === 'string');
    if (!batchFits || !fits) {
      problems.push(
        `${what} "${name}" has shape [${value.shape.join(', ')}], must be [batch, ${shape.join(', ')}]`,
      );
    }
  }
  if (what === 'input') {
    for (const { name } of found) {
      if (!(name in expected)) problems.push(`it wants an input "${name}", which nothing fills`);
    }
  }
  return problems;
}
