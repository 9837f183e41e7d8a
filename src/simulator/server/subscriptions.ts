import type { Compression, SubscribeOp } from '../../robot/protocol/ops.ts';

interface Subscription {
  readonly id: string;
  /** s */
  readonly throttle: number;
  readonly compression: Compression;
}

/** Numbers of topics and ids that one connection may hold: a bound for hostile clients. */
const MAX_TOPICS = 256;
const MAX_IDS = 64;
const EPSILON = 1e-9;

/**
 * What one connection listens to. As on real bridges several subscriptions of one topic share its messages: they come
 * at the rate of the fastest, in the encoding that was asked for last.
 */
export class Subscriptions {
  readonly #byTopic = new Map<string, { list: Subscription[]; last: number }>();

  /** False where the connection holds too many. */
  add(op: SubscribeOp): boolean {
    const entry = this.#byTopic.get(op.topic) ?? { list: [], last: Number.NEGATIVE_INFINITY };
    const id = op.id ?? '';
    const list = entry.list.filter((other) => other.id !== id);
    if (list.length >= MAX_IDS || (this.#byTopic.size >= MAX_TOPICS && !this.#byTopic.has(op.topic)))
      return false;
    list.push({ id, throttle: (op.throttle_rate ?? 0) / 1000, compression: op.compression ?? 'none' });
    this.#byTopic.set(op.topic, { list, last: entry.last });
    return true;
  }

  /** Without an id all of the topic's. */
  remove(topic: string, id?: string): void {
    const entry = this.#byTopic.get(topic);
    if (!entry) return;
    entry.list = id === undefined ? [] : entry.list.filter((other) => other.id !== id);
    if (entry.list.length === 0) this.#byTopic.delete(topic);
  }

  has(topic: string): boolean {
    return this.#byTopic.has(topic);
  }

  /** The encoding in which a message of simulated time `stamp` is due now, or undefined; counts it as sent. */
  due(topic: string, stamp: number): Compression | undefined {
    const entry = this.#byTopic.get(topic);
    if (!entry) return undefined;
    let throttle = Number.POSITIVE_INFINITY;
    for (const subscription of entry.list) throttle = Math.min(throttle, subscription.throttle);
    // A reset sets time back: what was sent before it does not count.
    if (stamp >= entry.last && stamp - entry.last < throttle - EPSILON) return undefined;
    entry.last = stamp;
    return entry.list[entry.list.length - 1]?.compression;
  }

  /** The encoding of a topic's messages where the connection listens to it, whatever the throttle. */
  encoding(topic: string): Compression | undefined {
    const list = this.#byTopic.get(topic)?.list;
    return list?.[list.length - 1]?.compression;
  }
}
