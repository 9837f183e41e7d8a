// The action expert's own process: native code that crashes must not take its parent along.
import { INPUTS, OUTPUTS, sizeOf, type ExpertInputs } from './expert/contract.ts';
import { loadModel, type LoadedModel } from './expert/load-model.ts';
import type { ExpertReply, ExpertRequest } from './expert/messages.ts';

let loaded: LoadedModel | undefined;

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
      const model = await loadModel(request.path, request.sha256, request.backend);
      await loaded?.session.release();
      loaded = model;
      const { sha256, bytes, backend } = model;
      return { id: request.id, kind: 'loaded', sha256, bytes, backend };
    }
    case 'run':
      return run(request.id, request.inputs);
  }
}

async function run(id: number, inputs: ExpertInputs): Promise<ExpertReply> {
  if (!loaded) throw new Error('no model is loaded');
  const { session, Tensor } = loaded;
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
