import { describe, expect, it } from 'vitest';
import type { RunRequest, SessionCommand, SessionEvent } from '../../notebook/session/session-api.ts';
import { SessionClient } from './session-client.ts';
import type { TransportEvents } from './session-process.ts';

const request: RunRequest = {
  runId: 'r1',
  text: '',
  name: 'n',
  runsFolder: '/tmp',
  options: { robot: 'sim:x', robotFrom: 'default' },
};

/** A session whose other end is the test. */
function fake() {
  const sent: SessionCommand[] = [];
  const lost: [string, boolean][] = [];
  const seen: SessionEvent[] = [];
  let ends: TransportEvents | undefined;
  let starts = 0;
  const client = new SessionClient({
    name: 'the simulator',
    connect: (events) => {
      ends = events;
      starts++;
      queueMicrotask(() => events.onMessage({ type: 'ready', version: 'test' }));
      return { pid: 1, send: (command) => sent.push(command), dispose: () => undefined };
    },
    configuration: async () => ({ robots: {}, trusted: true }),
    onEvent: (event) => seen.push(event),
    onLog: () => undefined,
    answerModel: async ({ prompt }) => {
      if (prompt === 'refuse') throw new Error('no model');
      return 'answer';
    },
    onLost: (reason, duringRun) => lost.push([reason, duringRun]),
  });
  const other = (): TransportEvents => {
    if (!ends) throw new Error('not connected');
    return ends;
  };
  return { client, sent, lost, seen, other, starts: () => starts };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('session client', () => {
  it('starts nothing before it is used, and configures before it runs', async () => {
    const { client, sent, other, starts } = fake();
    expect(starts()).toBe(0);
    const run = client.run(request);
    await settle();
    expect(sent.map(({ kind }) => kind)).toEqual(['configure', 'run']);
    other().onMessage({ type: 'event', event: { kind: 'run-ended', runId: 'r1', exitCode: 0 } });
    expect((await run).exitCode).toBe(0);
    expect(client.running).toBe(false);
  });

  it('what keeps a robot from being armed reaches who asked', async () => {
    const { client, sent, other } = fake();
    const arming = client.ask({ kind: 'arm', robot: 'bench' }, 'armed');
    await settle();
    expect(sent.map(({ kind }) => kind)).toEqual(['configure', 'arm']);
    other().onMessage({ type: 'failed', command: 'arm', message: 'A goal could not be cancelled.' });
    await expect(arming).rejects.toThrow('A goal could not be cancelled.');
  });

  it('a process that dies fails the run, says whether something moved, and the next run starts another', async () => {
    const { client, lost, other, starts } = fake();
    const run = client.run(request);
    await settle();
    other().onMessage({ type: 'event', event: { kind: 'cell-started', cell: 'go', phase: 'execute' } });
    other().onExit('signal SIGKILL');
    await expect(run).rejects.toThrow(/SIGKILL.*may still be moving/);
    expect(lost).toEqual([['signal SIGKILL', true]]);
    void client.run({ ...request, runId: 'r2' }).catch(() => undefined);
    await settle();
    expect(starts()).toBe(2);
  });

  it('does not claim motion where none was', async () => {
    const { client, other } = fake();
    const run = client.run(request);
    await settle();
    other().onExit('exit code 1');
    await expect(run).rejects.toThrow(/^(?!.*moving).*exit code 1/);
  });

  it('the exit of a process that a restart replaced does not touch its successor', async () => {
    const { client, lost, other } = fake();
    const asked = client.ask({ kind: 'reset-scene', robot: 'sim:x' }, 'scene-reset');
    await settle();
    const before = other();
    client.restart();
    await expect(asked).rejects.toThrow(/restarted/);
    const run = client.run(request);
    await settle();
    before.onExit('exit code 0');
    other().onMessage({ type: 'event', event: { kind: 'run-ended', runId: 'r1', exitCode: 0 } });
    expect((await run).exitCode).toBe(0);
    expect(lost).toEqual([]);
  });

  it('a failed command rejects whoever waits for its answer, and nobody else', async () => {
    const { client, other } = fake();
    const reset = client.ask({ kind: 'reset-scene', robot: 'sim:x' }, 'scene-reset');
    const stop = client.ask({ kind: 'stop-motion', reason: 'test' }, 'stopped');
    await settle();
    other().onMessage({ type: 'failed', command: 'reset-scene', message: 'no such scene' });
    other().onMessage({ type: 'reply', reply: { kind: 'stopped', report: { atRest: true } } });
    await expect(reset).rejects.toThrow('no such scene');
    expect((await stop).report.atRest).toBe(true);
  });

  it('answers a model request with text or with why not', async () => {
    const { client, sent, other } = fake();
    void client.run(request).catch(() => undefined);
    await settle();
    other().onMessage({ type: 'model-request', id: 1, prompt: 'plan', images: [] });
    other().onMessage({ type: 'model-request', id: 2, prompt: 'refuse', images: [] });
    await settle();
    expect(sent.filter(({ kind }) => kind === 'model-reply')).toEqual([
      { kind: 'model-reply', id: 1, text: 'answer' },
      { kind: 'model-reply', id: 2, failure: 'no model' },
    ]);
  });

  it('a second run while one is under way is refused', async () => {
    const { client } = fake();
    void client.run(request).catch(() => undefined);
    await settle();
    await expect(client.run(request)).rejects.toThrow(/busy/);
  });
});
