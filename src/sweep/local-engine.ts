import { fileURLToPath } from 'node:url';
import { ATTEMPTS, crashedDelivery, type EngineRun, type SweepEngine } from './engine.ts';
import { type JobResult, runJobs } from './pool.ts';
import { WORKER_SCRIPT } from './programs.ts';
import type { WorkOrder } from './work.ts';
import type { WorkerOptions, WorkerResult } from './worker-messages.ts';

export interface LocalEngineOptions {
  readonly workers: number;
  /** s; a run that takes longer is taken for hung */
  readonly timeout: number;
  readonly worker: WorkerOptions;
  /** elsewhere than beside the running bundle, in tests */
  readonly script?: string;
}

/** Worker processes on this machine, one simulator each. */
export function localEngine({ workers, timeout, worker, script }: LocalEngineOptions): SweepEngine {
  return {
    name: `${workers} ${workers === 1 ? 'worker' : 'workers'} on this machine`,
    async run({ orders, deliver, say, signal, count }: EngineRun): Promise<void> {
      // Only what is under way is held: there may be very many orders.
      const open = new Map<string, WorkOrder>();
      const jobs = function* (): Generator<{ id: string; payload: WorkOrder }> {
        for (const order of orders) {
          open.set(order.key, order);
          yield { id: order.key, payload: order };
        }
      };
      await runJobs<WorkOrder, WorkerResult>(
        jobs(),
        {
          script: script ?? fileURLToPath(new URL(`./${WORKER_SCRIPT}`, import.meta.url)),
          args: [JSON.stringify(worker)],
          workers: Math.min(workers, count),
          attempts: ATTEMPTS,
          timeout,
          signal,
          onLost: (pid, why) => say(`Worker ${pid ?? ''} was lost (${why}); its run is tried again.`),
        },
        (reply: JobResult<WorkerResult>) => {
          const order = open.get(reply.id);
          if (!order) return;
          open.delete(reply.id);
          const { attempts } = reply;
          deliver(
            reply.ok
              ? { row: reply.value.row, attempts, seconds: reply.value.seconds, where: 'local' }
              : crashedDelivery(order, attempts, 'local', reply.error),
          );
        },
      );
    },
  };
}
