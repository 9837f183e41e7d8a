/** A counter that every motion or reset advances, within one connection to one world. */
export interface WorldEpoch {
  readonly session: string;
  readonly counter: number;
}

/** What an output came from. Hashes exclude ports, tokens, paths and wall time. */
export interface Provenance {
  readonly waybook: string;
  readonly robot: string;
  /** who chose the robot */
  readonly robotFrom: 'option' | 'controller' | 'notebook' | 'default';
  readonly seed?: number;
  /** what the notebook's parameters stood for, beside the seed */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly planner?: { readonly provider: string; readonly model?: string; readonly promptHash?: string };
  readonly refiner?: {
    readonly id: string;
    readonly modelHash?: string;
    /** where nobody named a refiner and the default could not be used: which it was, and why */
    readonly instead?: { readonly of: string; readonly why: string };
  };
  readonly captureHash?: string;
  readonly trajectoryHash?: string;
  readonly epoch: WorldEpoch;
  /** seconds of robot time charged for sensing, planning and refinement in lock-step; never measured */
  readonly charged?: Readonly<Record<string, number>>;
}

/** `height = 0.15, thing = red cube` */
export const describeParams = (params: NonNullable<Provenance['params']>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join(', ');
