import { Random } from '../../core/random.ts';

/*
 * A language model of random weights in the GGUF format, version 3 (github.com/ggml-org/ggml, docs/gguf.md): a llama of
 * two layers that knows nothing, small enough to be made in a test. A real engine loads it and, held to a grammar, says
 * grammatical nonsense: a fuzzer of what reads the replies.
 */

const WIDTH = 64;
const LAYERS = 2;
const HEADS = 4;
const HIDDEN = 128;
const CONTEXT = 4096;
const ALIGNMENT = 32;

/** GGUF value types. */
const U32 = 4;
const I32 = 5;
const F32 = 6;
const STRING = 8;
const ARRAY = 9;
/** Token types of a sentence-piece vocabulary. */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const BYTE = 6;

/** Control tokens, one token a byte, and the printable letters: 354 tokens. */
function vocabulary(): { text: string; type: number }[] {
  const bytes = Array.from({ length: 256 }, (_, i) => ({
    text: `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`,
    type: BYTE,
  }));
  const letters = Array.from({ length: 95 }, (_, i) => ({
    text: i === 0 ? '\u2581' : String.fromCharCode(32 + i),
    type: NORMAL,
  }));
  return [
    { text: '<unk>', type: UNKNOWN },
    { text: '<s>', type: CONTROL },
    { text: '</s>', type: CONTROL },
    ...bytes,
    ...letters,
  ];
}

class Writer {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  bytes(part: Uint8Array): this {
    this.#parts.push(part);
    this.length += part.length;
    return this;
  }

  #view(size: number, set: (view: DataView) => void): this {
    const part = new Uint8Array(size);
    set(new DataView(part.buffer));
    return this.bytes(part);
  }

  u32 = (value: number): this => this.#view(4, (v) => v.setUint32(0, value, true));
  i32 = (value: number): this => this.#view(4, (v) => v.setInt32(0, value, true));
  f32 = (value: number): this => this.#view(4, (v) => v.setFloat32(0, value, true));
  u64 = (value: number): this => this.#view(8, (v) => v.setBigUint64(0, BigInt(value), true));

  string(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.u64(encoded.length).bytes(encoded);
  }

  pad(alignment: number): this {
    const over = this.length % alignment;
    return over === 0 ? this : this.bytes(new Uint8Array(alignment - over));
  }

  all(): Uint8Array {
    const joined = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }
}

/** The file's bytes; the same seed gives the same file. */
export function tinyGguf(seed = 0): Uint8Array {
  const random = new Random('tiny-gguf', seed);
  const tokens = vocabulary();
  const normal = (...dims: number[]) => ({ dims, scale: 1 / Math.sqrt(WIDTH), ones: false });
  const norm = { dims: [WIDTH], scale: 0, ones: true };
  const tensors: [string, { dims: number[]; scale: number; ones: boolean }][] = [
    ['token_embd.weight', { ...normal(WIDTH, tokens.length), scale: 1 }],
    ['output_norm.weight', norm],
    ['output.weight', normal(WIDTH, tokens.length)],
  ];
  for (let i = 0; i < LAYERS; i++) {
    tensors.push(
      [`blk.${i}.attn_norm.weight`, norm],
      [`blk.${i}.attn_q.weight`, normal(WIDTH, WIDTH)],
      [`blk.${i}.attn_k.weight`, normal(WIDTH, WIDTH)],
      [`blk.${i}.attn_v.weight`, normal(WIDTH, WIDTH)],
      [`blk.${i}.attn_output.weight`, normal(WIDTH, WIDTH)],
      [`blk.${i}.ffn_norm.weight`, norm],
      [`blk.${i}.ffn_gate.weight`, normal(WIDTH, HIDDEN)],
      [`blk.${i}.ffn_up.weight`, normal(WIDTH, HIDDEN)],
      [`blk.${i}.ffn_down.weight`, normal(HIDDEN, WIDTH)],
    );
  }

  const meta = new Writer();
  let keys = 0;
  const key = (name: string, type: number): Writer => {
    keys++;
    return meta.string(name).u32(type);
  };
  const number = (name: string, value: number): Writer => key(name, U32).u32(value);
  key('general.architecture', STRING).string('llama');
  key('general.name', STRING).string('random weights, knows nothing');
  number('general.alignment', ALIGNMENT);
  number('llama.context_length', CONTEXT);
  number('llama.embedding_length', WIDTH);
  number('llama.block_count', LAYERS);
  number('llama.feed_forward_length', HIDDEN);
  number('llama.attention.head_count', HEADS);
  number('llama.attention.head_count_kv', HEADS);
  number('llama.rope.dimension_count', WIDTH / HEADS);
  number('llama.vocab_size', tokens.length);
  key('llama.attention.layer_norm_rms_epsilon', F32).f32(1e-5);
  key('tokenizer.ggml.model', STRING).string('llama');
  key('tokenizer.ggml.tokens', ARRAY).u32(STRING).u64(tokens.length);
  for (const token of tokens) meta.string(token.text);
  key('tokenizer.ggml.scores', ARRAY).u32(F32).u64(tokens.length);
  tokens.forEach((_, i) => meta.f32(-i));
  key('tokenizer.ggml.token_type', ARRAY).u32(I32).u64(tokens.length);
  for (const token of tokens) meta.i32(token.type);
  number('tokenizer.ggml.unknown_token_id', 0);
  number('tokenizer.ggml.bos_token_id', 1);
  number('tokenizer.ggml.eos_token_id', 2);

  const infos = new Writer();
  const data = new Writer();
  for (const [name, { dims, scale, ones }] of tensors) {
    data.pad(ALIGNMENT);
    infos.string(name).u32(dims.length);
    for (const dim of dims) infos.u64(dim);
    infos.u32(0).u64(data.length);
    const values = new Float32Array(dims.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; i++) values[i] = ones ? 1 : scale * random.normal();
    data.bytes(new Uint8Array(values.buffer));
  }
  const file = new Writer();
  file.bytes(new TextEncoder().encode('GGUF')).u32(3).u64(tensors.length).u64(keys);
  return file.bytes(meta.all()).bytes(infos.all()).pad(ALIGNMENT).bytes(data.pad(ALIGNMENT).all()).all();
}
