import { WaybookError } from '../core/errors.ts';

/** Ways from a coarse plan to a path. Those of the second list need a network. */
export const CLASSICAL = ['linear', 'b-spline', 'spline', 'snap', 'snap-rrt', 'oracle'] as const;
export const LEARNED = ['expert', 'expert-erased', 'expert-other'] as const;
export type MethodId = (typeof CLASSICAL)[number] | (typeof LEARNED)[number];

/** A network by its file, with the content that it must have. */
export interface ModelRef {
  readonly path: string;
  readonly sha256: string;
}

/** `expert@appf-1`: a method and which of the given models it uses; without `@`, `expert`. */
export interface Method {
  readonly id: MethodId;
  readonly model?: string;
}

/** Throws `input/usage`. */
export function parseMethod(text: string): Method {
  const [name = '', model] = text.split('@', 2);
  const id = [...CLASSICAL, ...LEARNED].find((known) => known === name);
  if (id === undefined) {
    throw new WaybookError('input/usage', `There is no method "${name}".`, {
      hint: `There are ${[...CLASSICAL, ...LEARNED].join(', ')}; learned ones may name a model, as in expert@NAME.`,
    });
  }
  if (!LEARNED.some((learned) => learned === id)) {
    if (model !== undefined) throw new WaybookError('input/usage', `The method "${id}" has no model.`);
    return { id };
  }
  return { id, model: model ?? 'expert' };
}
