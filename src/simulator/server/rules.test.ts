import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { admit } from './access.ts';
import { NOBODY, claimed, heartbeat, isLost, mayCommand, rebased, released } from './authority.ts';
import { encodePng } from './png.ts';
import { RealTimeClock } from './real-time-clock.ts';
import { Subscriptions } from './subscriptions.ts';

describe('authority', () => {
  it('belongs to the first session that asks, until it lets go', () => {
    const first = claimed(NOBODY, 'a');
    expect(mayCommand(first, 'a')).toBe(true);
    expect(mayCommand(first, 'b')).toBe(false);
    expect(claimed(first, 'b')).toBe(first);
    expect(heartbeat(first, 'b', 1)).toBe(first);
    expect(released(first, 'b')).toBe(first);
    expect(claimed(released(first, 'a'), 'b')).toEqual({ commander: 'b' });
  });

  it('is lost 200 ms after the last heartbeat, but never before the first', () => {
    const silent = claimed(NOBODY, 'a');
    expect(isLost(silent, 1000)).toBe(false);
    const beating = heartbeat(silent, 'a', 5);
    expect(isLost(beating, 5.19)).toBe(false);
    expect(isLost(beating, 5.21)).toBe(true);
    expect(isLost(rebased(beating, 0), 0.1)).toBe(false);
  });
});

describe('admission', () => {
  const rules = { token: 'secret', host: '127.0.0.1' };
  const request = (url: string, headers: Record<string, string> = {}) =>
    admit({ url, headers: { host: '127.0.0.1:4000', ...headers } } as unknown as IncomingMessage, rules);

  it('lets a client with the token in, and gives it a session of its own', () => {
    expect(request('/?token=secret&session=s1&role=data')).toEqual({
      identity: { session: 's1', role: 'data' },
    });
    const [a, b] = [request('/?token=secret'), request('/?token=secret')];
    expect(a).toMatchObject({ identity: { role: 'control' } });
    expect(a).not.toEqual(b);
  });

  it.each([
    ['without the token', '/', {}, 401],
    ['with a wrong token', '/?token=secrets', {}, 401],
    ['from a page of another origin', '/?token=secret', { origin: 'https://evil.example' }, 403],
    ['from a sandboxed page', '/?token=secret', { origin: 'null' }, 403],
    ['from a page on another port', '/?token=secret', { origin: 'http://127.0.0.1:9' }, 403],
    ['through another name for this machine', '/?token=secret', { host: 'evil.example:4000' }, 403],
    ['with an endless session id', `/?token=secret&session=${'s'.repeat(200)}`, {}, 403],
  ])('refuses a client %s', (_what, url, headers, status) => {
    expect(request(url, headers)).toMatchObject({ status });
  });
});

describe('subscriptions', () => {
  it('send at the rate of the fastest, in simulated time', () => {
    const subscriptions = new Subscriptions();
    subscriptions.add({ op: 'subscribe', topic: '/a', id: '1', throttle_rate: 100 });
    const sent = (times: number[]) => times.filter((t) => subscriptions.due('/a', t) !== undefined);
    expect(sent([0, 0.05, 0.1, 0.15, 0.2])).toEqual([0, 0.1, 0.2]);
    subscriptions.add({ op: 'subscribe', topic: '/a', id: '2', throttle_rate: 0, compression: 'cbor' });
    expect(sent([0.21, 0.22])).toEqual([0.21, 0.22]);
    expect(subscriptions.due('/a', 0.01)).toBe('cbor');
    subscriptions.remove('/a', '2');
    expect(subscriptions.due('/a', 0.02)).toBeUndefined();
    subscriptions.remove('/a');
    expect(subscriptions.has('/a')).toBe(false);
  });

  it('are bounded', () => {
    const subscriptions = new Subscriptions();
    const added = Array.from({ length: 1000 }, (_, i) =>
      subscriptions.add({ op: 'subscribe', topic: `/${i}` }),
    ).filter(Boolean);
    expect(added.length).toBeLessThan(1000);
    const ids = Array.from({ length: 1000 }, (_, i) =>
      subscriptions.add({ op: 'subscribe', topic: '/1', id: `${i}` }),
    ).filter(Boolean);
    expect(ids.length).toBeLessThan(1000);
  });
});

describe('the real-time clock', () => {
  it('gives up what is late by more than a quarter of a second, and stops on an error', async () => {
    let now = 0;
    let steps = 0;
    const clock = new RealTimeClock(
      () => 0.002,
      () => {
        steps++;
        if (steps === 120) throw new Error('diverged');
      },
      () => now,
    );
    clock.start();
    now = 10;
    // Turns take real timers: wait until it has thrown.
    while (steps < 120) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(clock.lost).toBeCloseTo(9.75, 9);
    now = 20;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(steps).toBe(120);
  });
});

describe('PNG', () => {
  it('has the bytes of the specification', () => {
    const png = Buffer.from(encodePng(2, 1, Uint8Array.of(255, 0, 0, 0, 255, 0)));
    expect(png.subarray(0, 33).toString('hex')).toBe(
      '89504e470d0a1a0a' + '0000000d49484452' + '00000002' + '00000001' + '0802000000' + '7b40e8dd',
    );
    expect(png.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082');
    expect(() => encodePng(2, 2, new Uint8Array(3))).toThrow(/3 bytes for 2x2/);
  });
});
