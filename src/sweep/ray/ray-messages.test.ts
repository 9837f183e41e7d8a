import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineRun } from '../engine.ts';
import { orderOf } from '../description.ts';
import { sampleSweep } from '../testing/sample-sweep.ts';
import { parseDriverLine } from './driver-messages.ts';
import { JobsApi } from './jobs-api.ts';
import { rayClientEngine } from './ray-client-engine.ts';
import { faultOf, takeMessage } from './take-message.ts';

const signal = new AbortController().signal;
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function serving(status: number, body: string): Promise<JobsApi> {
  server = createServer((_request, response) => {
    response.statusCode = status;
    response.end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return new JobsApi({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
}

describe('one clear message for each thing that is missing', () => {
  it('a cluster that is not there', async () => {
    const api = await serving(200, '');
    server?.close();
    server = undefined;
    await expect(api.checkVersion(signal)).rejects.toThrow(/cannot be reached/);
  });

  it('something that is no Ray', async () => {
    await expect((await serving(200, '<html>')).checkVersion(signal)).rejects.toThrow(/is not Ray’s job API/);
    await expect((await serving(404, 'nothing')).checkVersion(signal)).rejects.toThrow(
      /does not answer as Ray does/,
    );
  });

  it('a Ray that is too old', async () => {
    const api = await serving(200, '{"ray_version": "2.3.1"}');
    await expect(api.checkVersion(signal)).rejects.toThrow(/has Ray 2\.3\.1; 2\.10 or newer is needed/);
    expect(await (await serving(200, '{"ray_version": "3.0.0"}')).checkVersion(signal)).toBe('3.0.0');
  });

  it('a token that is wanted', async () => {
    await expect((await serving(401, '')).checkVersion(signal)).rejects.toThrow(/asks for a token/);
  });

  const client = (python: string): Promise<void> =>
    rayClientEngine({
      address: 'ray://127.0.0.1:1',
      python,
      description: sampleSweep(1),
      folders: {},
      records: '',
      timeout: 1,
      // Nothing is packed: the programs are said to be on the nodes.
      bundle: 'nowhere',
      withNode: false,
      root: process.cwd(),
    }).run({ orders: [], count: 0, deliver: () => undefined, say: () => undefined, signal });

  it('no Python', async () => {
    await expect(client('no-such-python')).rejects.toThrow(/There is no Python "no-such-python"/);
  });

  it('a node that cannot run anything, and another version', () => {
    expect(faultOf('node-unfit', 'On a: Node is missing').explain()).toMatch(/Node is missing.*--with-node/);
    expect(faultOf('wrong-version', 'Ray 2.9 and 2.60').explain()).toMatch(
      /another version than on the cluster/,
    );
    expect(faultOf('no-ray', 'This Python has no Ray').explain()).toMatch(/pip install/);
    expect(faultOf('lost', 'x').explain()).toMatch(/--resume/);
  });
});

describe('parseDriverLine', () => {
  it('passes over lines of others and lines that were cut off', () => {
    expect(parseDriverLine('(raylet) something')).toBeUndefined();
    expect(parseDriverLine('WAYBOOK {"type":"done"')).toBeUndefined();
    expect(parseDriverLine('WAYBOOK {"type":"result","index":1,"value":{}}')).toBeUndefined();
    expect(parseDriverLine('WAYBOOK {"type":"done"}')).toEqual({ type: 'done' });
  });

  it('takes a result of this sweep only', () => {
    const description = sampleSweep(2);
    const folder = mkdtempSync(join(tmpdir(), 'waybook-ray-'));
    const delivered: number[] = [];
    const run: EngineRun = {
      orders: [],
      count: 0,
      deliver: ({ row }) => delivered.push(row.index),
      say: () => undefined,
      signal,
    };
    const order = orderOf(description, 2);
    const tell = (key: string): void => {
      const row = {
        index: 2,
        key,
        notebook: 'stack',
        values: order.values,
        success: true,
        outcome: 'succeeded',
        exitCode: 0,
        reason: '',
        metrics: {},
      };
      const message = parseDriverLine(
        `WAYBOOK ${JSON.stringify({ type: 'result', index: 2, where: 'a', value: { row, seconds: 1 } })}`,
      );
      if (message)
        takeMessage(message, { description, folders: {}, records: folder, timeout: 1, withNode: false }, run);
    };
    tell('another');
    expect(delivered).toEqual([]);
    tell(order.key);
    expect(delivered).toEqual([2]);
    rmSync(folder, { recursive: true, force: true });
  });
});
