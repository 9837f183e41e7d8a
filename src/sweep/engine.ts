import type { Delivery } from './run-row.ts';
import type { WorkOrder } from './work.ts';

/** What an engine is given: the orders that are still to do, once each, and where results go. */
export interface EngineRun {
  readonly orders: Iterable<WorkOrder>;
  readonly count: number;
  /** called once for each order, in any order; what is delivered is safe when it returns */
  readonly deliver: (delivery: Delivery) => void;
  /** one line for people: a worker that was lost, a node that came */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Something that runs orders somewhere. It retries what the machine spoilt, and reports as crashed what fails every time;
 * it knows nothing of factors, files and tables. `run` resolves when every order was delivered, and throws where it
 * cannot go on, or when the signal fired.
 */
export interface SweepEngine {
  /** for people: `2 workers on this machine` */
  readonly name: string;
  run(run: EngineRun): Promise<void>;
}

/** How often a run is tried in all. */
export const ATTEMPTS = 3;

/** The row of a run whose process died, hung or lost its simulator every time. */
export function crashedDelivery(order: WorkOrder, attempts: number, where: string, why: string): Delivery {
  const { index, key, notebook, values } = order;
  return {
    row: {
      index,
      key,
      notebook,
      values,
      success: false,
      outcome: 'crashed',
      exitCode: 3,
      reason: why,
      code: 'link/lost',
      metrics: {},
    },
    attempts,
    seconds: 0,
    where,
  };
}
