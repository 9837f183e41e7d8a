import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import type { PlanAttempt } from '../planner.ts';
import { requestOver } from '../testing/scenes.ts';
import { tinyGguf } from '../testing/tiny-gguf.ts';
import { OpenAiClient } from './openai-client.ts';
import { vlmPlanner } from './vlm-planner.ts';

/*
 * Opt-in: `node scripts/llama/install.mjs`, then `WAYBOOK_LLAMA=1 npx vitest run src/planning/vlm/real-engine.test.ts`.
 * A real llama.cpp runs a model of random weights under the planner's own JSON schema, behind an OpenAI-compatible
 * server. Its replies are nonsense of the right grammar: this fuzzes extraction, checks and repairs, and says nothing
 * about any model's quality.
 */
const engine = fileURLToPath(
  new URL('../../../node_modules/.cache/llama/node_modules/node-llama-cpp/dist/index.js', import.meta.url),
);
const asked = process.env['WAYBOOK_LLAMA'] === '1';
const RUNS = 12;
const TOKENS = 220;

/** What of node-llama-cpp is used. */
interface Llama {
  loadModel(options: { modelPath: string; gpuLayers: number }): Promise<{
    createContext(options: { contextSize: number; threads: number }): Promise<{
      getSequence(): unknown;
      dispose(): Promise<void>;
    }>;
  }>;
  createGrammarForJsonSchema(schema: unknown): Promise<unknown>;
  dispose(): Promise<void>;
}
interface Engine {
  getLlama(options: Readonly<Record<string, unknown>>): Promise<Llama>;
  LlamaCompletion: new (options: { contextSequence: unknown }) => {
    generateCompletion(prompt: string, options: Readonly<Record<string, unknown>>): Promise<string>;
    dispose(): void;
  };
}

async function serve(seed: number) {
  const { getLlama, LlamaCompletion } = (await import(
    /* @vite-ignore */ pathToFileURL(engine).href
  )) as Engine;
  const folder = await mkdtemp(join(tmpdir(), 'waybook-llama-'));
  const modelPath = join(folder, 'tiny.gguf');
  await writeFile(modelPath, tinyGguf(seed));
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel: 'error' });
  const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
  let turn = 0;
  const answer = async (body: {
    messages: { content: unknown }[];
    response_format?: { json_schema?: { schema?: unknown } };
  }): Promise<string> => {
    const schema = body.response_format?.json_schema?.schema;
    const context = await model.createContext({ contextSize: 1024, threads: 1 });
    const completion = new LlamaCompletion({ contextSequence: context.getSequence() });
    try {
      const grammar = schema === undefined ? undefined : await llama.createGrammarForJsonSchema(schema);
      const prompt = JSON.stringify(body.messages[body.messages.length - 1]?.content).slice(-300);
      return await completion.generateCompletion(prompt, {
        maxTokens: TOKENS,
        temperature: 1.2,
        seed: ++turn,
        ...(grammar === undefined ? {} : { grammar }),
      });
    } finally {
      completion.dispose();
      await context.dispose();
    }
  };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      answer(JSON.parse(Buffer.concat(chunks).toString()) as Parameters<typeof answer>[0]).then(
        (content) => {
          outgoing.writeHead(200, { 'content-type': 'application/json' });
          const choice = { message: { role: 'assistant', content }, finish_reason: 'stop' };
          outgoing.end(JSON.stringify({ model: 'random', choices: [choice] }));
        },
        (error: unknown) => outgoing.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await llama.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe('a model of random weights', () => {
  it('is a GGUF file of its version, the same for the same seed', () => {
    const file = tinyGguf(1);
    expect(new TextDecoder().decode(file.slice(0, 4))).toBe('GGUF');
    expect(new DataView(file.buffer).getUint32(4, true)).toBe(3);
    expect(Buffer.compare(file, tinyGguf(1))).toBe(0);
    expect(Buffer.compare(file, tinyGguf(2))).not.toBe(0);
    expect(file.length).toBeLessThan(1_000_000);
  });
});

describe.skipIf(!asked)('a real engine', () => {
  it('says grammatical nonsense, which ends in a checked plan or in an error with every attempt', async () => {
    if (!existsSync(engine)) throw new Error('Run node scripts/llama/install.mjs first.');
    await using server = await serve(7);
    const planner = vlmPlanner(
      new OpenAiClient({
        baseUrl: server.baseUrl,
        model: 'qwen-random',
        timeout: 120_000,
        patience: 400_000,
      }),
    );
    const request = requestOver('put the red cube in the blue bowl');
    const ids = new Set(request.objects.map((o) => o.id));
    const { min, max } = request.robot.workspace;
    let planned = 0;
    let replies = 0;
    for (let run = 0; run < RUNS; run++) {
      try {
        const plan = await planner.plan(request, new AbortController().signal);
        planned++;
        replies += plan.attempts.length;
        expect(plan.steps.every((s) => s.object === 'gripper' || ids.has(s.object))).toBe(true);
        for (const { position, orientation } of plan.waypoints) {
          expect([...position, ...orientation].every(Number.isFinite)).toBe(true);
          expect(position.every((v, k) => v >= min[k]! - 1e-6 && v <= max[k]! + 1e-6)).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(WaybookError);
        const attempts = ((error as WaybookError).details.data?.['attempts'] ?? []) as PlanAttempt[];
        replies += attempts.length;
        expect(['input/planner', 'input/grounding']).toContain((error as WaybookError).code);
        expect(attempts.length).toBeGreaterThan(0);
      }
    }
    console.log(`${RUNS} plans asked for, ${replies} replies, ${planned} accepted.`);
    expect(replies).toBeGreaterThanOrEqual(RUNS);
  }, 600_000);
});
