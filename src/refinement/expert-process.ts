// The action expert's own process: native code that crashes must not take its parent along.
import type { InferenceSession } from 'onnxruntime-node';
import { INPUTS, OUTPUTS, sizeOf, type ExpertInputs } from './expert/contract.ts';
import { loadModel } from './expert/load-model.ts';
import type { ExpertReply, ExpertRequest } from './expert/messages.ts';

let session: InferenceSession | undefined;

process.on('disconnect', () => process.exit(0));
process.on('message', (request: ExpertRequest) => {
  answer(request).then(reply, (error: unknown) =>
    reply({
      id: request.id,
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    }),
  );
});

/** Whoever asked may be gone by the time that the answer is there: then there is nobody left to work for. */
function reply(message: ExpertReply): void {
  if (process.connected) process.send?.(message, undefined, undefined, (error) => error && process.exit(0));
}

async function answer(request: ExpertRequest): Promise<ExpertReply> {
  switch (request.kind) {
    case 'load': {
      const model = await loadModel(request.path, request.sha256);
      await session?.release();
      session = model.session;
      return { id: request.id, kind: 'loaded', sha256: model.sha256, bytes: model.bytes };
    }
    case 'run':
      return run(request.id, request.inputs);
  }
}

async function run(id: number, inputs: ExpertInputs): Promise<ExpertReply> {
  if (!session) throw new Error('no model is loaded');
  const { Tensor } = await import('onnxruntime-node');
  const feeds = Object.fromEntries(
    Object.entries(INPUTS).map(([name, shape]) => [
      name,
      new Tensor('float32', inputs[name as keyof typeof INPUTS], [1, ...shape]),
    ]),
  );
  const began = performance.now();
  const results = await session.run(feeds);
  const ms = performance.now() - began;
  const read = (name: keyof typeof OUTPUTS): Float32Array => {
    const data = results[name]?.data;
    if (!(data instanceof Float32Array) || data.length !== sizeOf(OUTPUTS[name])) {
      throw new Error(`output "${name}" does not have ${sizeOf(OUTPUTS[name])} float32 values`);
    }
    // The runtime's buffer may be reused by the next run.
    return data.slice();
  };
  return { id, kind: 'ran', outputs: { actions: read('actions'), confidence: read('confidence') }, ms };
}
