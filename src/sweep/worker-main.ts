import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { zipSync } from 'fflate';
import { messageOf, WaybookError } from '../core/errors.ts';
import { hashPrograms } from './programs.ts';
import type { RunRow } from './run-row.ts';
import { makeShard } from './shard-runner.ts';
import { RunnerFault, SweepRunner } from './sweep-runner.ts';
import { type WorkDescription, type WorkOrder, workOrderOf } from './work.ts';
import type { StreamRequest, WorkerOptions, WorkerReply, WorkerRequest } from './worker-messages.ts';

/*
 * The worker of a sweep: `node sweep-worker.mjs OPTIONS`, OPTIONS being JSON. It does orders, one after the other, until
 * whoever started it is gone. Forked, it talks through its channel and moves kept records to their place; with
 * `stdio` it talks in JSON lines and sends them along, zipped, because their place is on another machine.
 */

/** Longer than a simulator takes to end [ms]. */
const LEAVE_MS = 3000;

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
let send: (reply: WorkerReply) => void;
const temporary = options.records === undefined ? mkdtempSync(join(tmpdir(), 'waybook-sweep-')) : undefined;
const records = options.records ?? join(temporary ?? '', 'records');
let runner: SweepRunner | undefined;
let tail: Promise<void> = Promise.resolve();
let leaving = false;
let description: WorkDescription | undefined;

function rowOf(order: WorkOrder): Promise<RunRow> {
  if (order.kind === 'shard') return makeShard(order, records);
  runner ??= new SweepRunner({
    scratch: join(options.scratch ?? temporary ?? '', `.scratch-${process.pid}`),
    records,
    ...(options.record === undefined ? {} : { record: options.record }),
    ...(options.folders ? { folders: options.folders } : {}),
  });
  return runner.run(order);
}

function take({ id, payload: order }: WorkerRequest): void {
  tail = tail.then(async () => {
    if (leaving) return;
    const started = performance.now();
    try {
      const row = await rowOf(order);
      const seconds = (performance.now() - started) / 1000;
      const zip = temporary !== undefined && row.record !== undefined ? zipOf(order) : undefined;
      send({ id, value: { row, seconds, ...(zip === undefined ? {} : { zip }) } });
    } catch (error) {
      send({ id, error: messageOf(error), again: error instanceof RunnerFault });
    }
  });
}

/** The kept files of one run as a base64 ZIP, which are then removed here. */
function zipOf({ record }: WorkOrder): string {
  const files: Record<string, Uint8Array> = {};
  const add = (path: string): void => {
    const full = join(records, path);
    if (statSync(full).isDirectory()) for (const name of readdirSync(full)) add(`${path}/${name}`);
    else files[path] = readFileSync(full);
  };
  for (const name of readdirSync(records)) if (name.startsWith(record)) add(name);
  rmSync(records, { recursive: true, force: true });
  mkdirSync(records, { recursive: true });
  // A fixed time, so that the same files give the same bytes.
  return Buffer.from(zipSync(files, { level: 6, mtime: '2020-01-01T00:00:00Z' })).toString('base64');
}

/** Over the standard streams a run or shard is its place in the work that the first line describes. */
function takeLine(line: string): void {
  const message = JSON.parse(line) as StreamRequest;
  if ('description' in message) description = message.description;
  else if (description) take({ id: message.id, payload: workOrderOf(description, message.index) });
}

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  setTimeout(() => process.exit(0), LEAVE_MS).unref();
  await runner?.[Symbol.asyncDispose]().catch(() => undefined);
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  process.exit(0);
}

function start(): void {
  const programs = hashPrograms();
  if (options.programs !== undefined && options.programs !== programs) {
    throw new WaybookError('input/file', 'The headless bundle here is of another version than the sweep.', {
      hint: 'Put the same bundle on every node, or let Waybook upload it.',
    });
  }
  if (options.stdio === true) {
    const lines = createInterface({ input: process.stdin });
    lines.on('line', takeLine);
    lines.on('close', () => void leave());
    process.stdout.on('error', () => void leave());
    send = (reply) => void process.stdout.write(`${JSON.stringify(reply)}\n`);
    process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, node: process.version })}\n`);
  } else {
    process.on('message', take);
    process.once('disconnect', () => void leave());
    // Whoever asked may have gone while the run went on; then the answer is for nobody.
    send = (reply) =>
      void (process.connected && process.send?.(reply, undefined, undefined, () => undefined));
  }
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => void leave());
}

try {
  start();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(2);
}
