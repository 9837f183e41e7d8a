import { messageOf } from '../../core/errors.ts';
import { type DemoOptions, generateDemos } from '../../refinement/demos/generate.ts';

/*
 * Entry of `dist/demos-worker.mjs`: makes one shard of demonstrations a job, for as long as whoever forked it is there.
 * The options come as an argument, JSON.
 */

const options = JSON.parse(process.argv[2] ?? '{}') as DemoOptions;
const never = new AbortController().signal;

process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, payload: part }: { id: string; payload: DemoOptions['part'] }) => {
  generateDemos({ ...options, ...(part ? { part } : {}) }, () => undefined, never).then(
    () => process.send?.({ id, value: true }),
    (error: unknown) => process.send?.({ id, error: messageOf(error) }),
  );
});
