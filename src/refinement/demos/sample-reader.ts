import { INPUTS, sizeOf, type ExpertInputs } from '../expert/contract.ts';
import { RECORD } from './sample-record.ts';

/** Views of one sample by name. */
export function readRecord(record: Float32Array): Readonly<Record<keyof typeof RECORD, Float32Array>> {
  let at = 0;
  const views = Object.entries(RECORD).map(([name, shape]) => {
    const from = at;
    at += sizeOf(shape);
    return [name, record.subarray(from, at)] as const;
  });
  return Object.fromEntries(views) as Record<keyof typeof RECORD, Float32Array>;
}

/** The network's inputs of a sample, copied: they cross to another process. */
export function inputsOf(sample: Readonly<Record<keyof typeof RECORD, Float32Array>>): ExpertInputs {
  return Object.fromEntries(
    Object.keys(INPUTS).map((name) => [name, sample[name as keyof typeof INPUTS].slice()]),
  ) as Record<keyof typeof INPUTS, Float32Array>;
}
