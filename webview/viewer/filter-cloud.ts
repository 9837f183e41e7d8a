import { finiteCloud } from './cloud-filter.ts';
import type { FilteredCloud, RawCloud } from './cloud-filter.ts';

/** Clouds above this are filtered in a worker; below it the scan takes less than starting one. */
const WORKER_FROM = 50_000;
const TIMEOUT_MS = 60_000;

/**
 * {@link finiteCloud} off the main thread for large clouds, which it takes: the arrays given are empty afterwards, since
 * fifty million points must not be in memory twice. The worker is made from the function's own source, so that there is
 * no second script to find under any host's policy; where workers are forbidden the scan runs here.
 */
export async function filterCloud(cloud: RawCloud, budget: number): Promise<FilteredCloud> {
  if (cloud.positions.length <= 3 * WORKER_FROM || typeof Worker === 'undefined')
    return finiteCloud(cloud, budget);
  let worker: Worker;
  const url = URL.createObjectURL(new Blob([SOURCE], { type: 'text/javascript' }));
  try {
    worker = new Worker(url);
  } catch {
    URL.revokeObjectURL(url);
    return finiteCloud(cloud, budget);
  }
  try {
    await ask(worker, undefined, []);
  } catch {
    // A policy can refuse the script after the worker was made; nothing was handed over yet.
    worker.terminate();
    return finiteCloud(cloud, budget);
  } finally {
    URL.revokeObjectURL(url);
  }
  try {
    return await ask(worker, { cloud, budget }, buffersOf(cloud));
  } finally {
    worker.terminate();
  }
}

/** Answers a greeting, and each cloud with what is left of it; memory goes over and comes back, it is not copied. */
const SOURCE = `const filter = ${finiteCloud.toString()};
onmessage = ({ data }) => {
  if (!data) { postMessage(undefined); return; }
  const result = filter(data.cloud, data.budget);
  const arrays = [result.positions, result.colors, ...Object.values(result.fields)].filter(Boolean);
  postMessage(result, [...new Set(arrays.map((a) => a.buffer))]);
};`;

/** Memory of a cloud, each buffer once: views into one file share it. */
function buffersOf(cloud: RawCloud): ArrayBuffer[] {
  const arrays = [cloud.positions, cloud.colors, ...Object.values(cloud.fields)];
  const buffers = arrays.flatMap((array) => (array ? [array.buffer] : []));
  return [...new Set(buffers)].filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}

function ask(worker: Worker, message: unknown, transfer: ArrayBuffer[]): Promise<FilteredCloud> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('the worker did not answer')), TIMEOUT_MS);
    worker.onmessage = (event: MessageEvent<FilteredCloud>) => {
      clearTimeout(timer);
      done(event.data);
    };
    worker.onerror = (event) => {
      clearTimeout(timer);
      fail(new Error(event.message || 'the worker failed'));
    };
    worker.postMessage(message, transfer);
  });
}
