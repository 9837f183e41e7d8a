import { finiteCloud } from './cloud-filter.ts';
import type { FilteredCloud, RawCloud } from './cloud-filter.ts';

/** Clouds above this are filtered in a worker; below it the scan takes less than starting one. */
const WORKER_FROM = 250_000;
const TIMEOUT_MS = 20_000;

type Reply = { readonly same: true } | { readonly same: false; readonly cloud: FilteredCloud };

/**
 * {@link finiteCloud} off the main thread for large clouds. The worker is made from the function's own source, so that
 * there is no second script to find under any host's policy; where workers are forbidden the scan runs here.
 */
export async function filterCloud(cloud: RawCloud, budget: number): Promise<FilteredCloud> {
  if (cloud.positions.length <= 3 * WORKER_FROM || typeof Worker === 'undefined')
    return finiteCloud(cloud, budget);
  const source = `const filter = ${finiteCloud.toString()};
    onmessage = ({ data: { cloud, budget } }) => {
      const result = filter(cloud, budget);
      if (result.positions === cloud.positions) { postMessage({ same: true }); return; }
      const arrays = [result.positions, result.colors, ...Object.values(result.fields)].filter(Boolean);
      postMessage({ same: false, cloud: result }, arrays.map((a) => a.buffer));
    };`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  let worker: Worker | undefined;
  try {
    const made = (worker = new Worker(url));
    const reply = await new Promise<Reply>((done, fail) => {
      const timer = setTimeout(() => fail(new Error('the worker did not answer')), TIMEOUT_MS);
      made.onmessage = (event: MessageEvent<Reply>) => {
        clearTimeout(timer);
        done(event.data);
      };
      made.onerror = (event) => {
        clearTimeout(timer);
        fail(new Error(event.message));
      };
      made.postMessage({ cloud, budget });
    });
    if (!reply.same) return reply.cloud;
    const n = cloud.positions.length / 3;
    const fields = Object.fromEntries(
      Object.entries(cloud.fields).filter(([, values]) => values.length === n),
    );
    const colors = cloud.colors?.length === 3 * n ? { colors: cloud.colors } : {};
    return { count: n, positions: cloud.positions, ...colors, fields, dropped: 0 };
  } catch {
    return finiteCloud(cloud, budget);
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(url);
  }
}
