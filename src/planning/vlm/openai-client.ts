import { WaybookError } from '../../core/errors.ts';
import type { ModelMessage, ModelPort, ModelReply, ModelRequest } from './model-port.ts';

export interface OpenAiOptions {
  /** "http://127.0.0.1:8080/v1": `/chat/completions` is appended */
  readonly baseUrl: string;
  readonly model: string;
  /** sent as a bearer token; never part of an error, a record or a hash */
  readonly apiKey?: string;
  /** ms for one answer, headers and body; default 60 s */
  readonly timeout?: number;
  /** ms that all tries and their waits may take together; default 120 s */
  readonly patience?: number;
}

/** Tries after the first, for answers that say "later" (429, 502, 503, 504) or a refused connection. */
const RETRIES = 2;
/** ms before the first retry where the server does not say. */
const BACKOFF = 500;
/** Characters of a foreign error page that are worth showing. */
const EXCERPT = 300;
/** A reply longer than this is no plan [characters]. */
const MAX_REPLY = 1_000_000;

/**
 * A client of OpenAI-compatible chat completions: llama.cpp, Ollama, vLLM, SGLang, LM Studio and hosted ones. One POST,
 * no streaming. Retries only what is safe to repeat: nothing moves by asking. A time-out, a 401 and a 500 are final.
 * Where the server refuses a schema or a picture, it asks once more without, and the reply says so.
 */
export class OpenAiClient implements ModelPort {
  readonly id = 'openai';
  readonly model: string;
  readonly #options: OpenAiOptions;

  constructor(options: OpenAiOptions) {
    this.#options = options;
    this.model = options.model;
  }

  async ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const deadline = Date.now() + (this.#options.patience ?? 120_000);
    const without = new Set<'image' | 'schema'>();
    let retries = 0;
    for (;;) {
      const outcome = await this.#post(request, without, signal);
      switch (outcome.kind) {
        case 'reply':
          return { ...outcome.reply, without: [...without] };
        case 'refused-part':
          without.add(outcome.part);
          continue;
        case 'later': {
          const wait = outcome.after ?? BACKOFF * 2 ** retries;
          if (retries >= RETRIES || Date.now() + wait > deadline) throw outcome.error;
          retries++;
          await pause(wait, signal);
        }
      }
    }
  }

  async #post(
    request: ModelRequest,
    without: ReadonlySet<'image' | 'schema'>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const hasImages = request.messages.some((m) => (m.images?.length ?? 0) > 0) && !without.has('image');
    const hasSchema = request.schema !== undefined && !without.has('schema');
    const body = {
      model: this.model,
      temperature: 0,
      messages: request.messages.map((m) => messageJson(m, hasImages)),
      ...(hasSchema
        ? {
            response_format: {
              type: 'json_schema',
              json_schema: { name: 'plan', strict: true, schema: request.schema },
            },
          }
        : {}),
    };
    const { status, text, retryAfter } = await this.#exchange(JSON.stringify(body), signal);
    if (status === 200) return { kind: 'reply', reply: readReply(text, this.model) };
    const why = excerpt(text);
    if (status === 401 || status === 403) {
      throw this.#error(
        'input/planner',
        `The model endpoint refused the key (HTTP ${status}).`,
        'Set the key again, and check that the endpoint is the right one.',
        { status },
      );
    }
    const lower = text.toLowerCase();
    if (
      hasImages &&
      (status === 400 || status === 415 || status === 422 || status === 500) &&
      /image|multimodal|vision|content part/.test(lower)
    ) {
      return { kind: 'refused-part', part: 'image' };
    }
    if (
      hasSchema &&
      (status === 400 || status === 422) &&
      /response_format|schema|grammar|json/.test(lower)
    ) {
      return { kind: 'refused-part', part: 'schema' };
    }
    if (status === 429 || status === 502 || status === 503 || status === 504) {
      const error = this.#error(
        'input/planner',
        `The model endpoint is busy (HTTP ${status}).`,
        'Wait a little and plan again.',
        { status, reply: why },
      );
      return { kind: 'later', error, ...(retryAfter === undefined ? {} : { after: retryAfter }) };
    }
    if (status === 404) {
      throw this.#error(
        'input/planner',
        `The model endpoint knows no "${this.model}", or is no chat endpoint (HTTP 404).`,
        'Check the base URL, which usually ends in /v1, and the model name.',
        { status, reply: why },
      );
    }
    throw this.#error(
      'input/planner',
      `The model endpoint failed (HTTP ${status}): ${why}`,
      'Look at the server, then plan again.',
      { status, reply: why },
    );
  }

  async #exchange(
    body: string,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string; retryAfter?: number }> {
    const limit = this.#options.timeout ?? 60_000;
    const timeout = AbortSignal.timeout(limit);
    const { baseUrl, apiKey } = this.#options;
    try {
      const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.any([signal, timeout]),
      });
      const text = await bounded(response);
      const after = retryAfterOf(response.headers.get('retry-after'));
      return { status: response.status, text, ...(after === undefined ? {} : { retryAfter: after }) };
    } catch (cause) {
      if (signal.aborted) throw new WaybookError('task/cancelled', 'Planning was cancelled.', { cause });
      if (timeout.aborted) {
        throw this.#error(
          'link/timeout',
          `The model did not answer within ${limit / 1000} s.`,
          'Use a smaller model, or allow more time.',
          {},
        );
      }
      if (cause instanceof WaybookError) throw cause;
      throw this.#error(
        'link/connect',
        'The connection to the model endpoint failed or was cut.',
        'Check that the server runs and that the base URL is right.',
        { reason: causeOf(cause) },
      );
    }
  }

  #error(
    code: 'input/planner' | 'link/timeout' | 'link/connect',
    message: string,
    hint: string,
    data: Record<string, unknown>,
  ): WaybookError {
    return new WaybookError(code, message, {
      hint,
      data: { provider: 'openai', model: this.model, ...data },
    });
  }
}

type Outcome =
  | { readonly kind: 'reply'; readonly reply: Omit<ModelReply, 'without'> }
  | { readonly kind: 'refused-part'; readonly part: 'image' | 'schema' }
  | { readonly kind: 'later'; readonly error: WaybookError; readonly after?: number };

function messageJson({ role, text, images }: ModelMessage, withImages: boolean): unknown {
  if (!withImages || images === undefined || images.length === 0) return { role, content: text };
  return {
    role,
    content: [
      { type: 'text', text },
      ...images.map(({ mime, bytes }) => ({
        type: 'image_url',
        image_url: { url: `data:${mime};base64,${Buffer.from(bytes).toString('base64')}` },
      })),
    ],
  };
}

/** Reads `choices[0].message.content`; anything else is an error that shows what came. */
function readReply(text: string, asked: string): Omit<ModelReply, 'without'> {
  const unreadable = (why: string) =>
    new WaybookError('input/planner', `The model endpoint's answer is ${why}.`, {
      hint: 'Check that the base URL is that of an OpenAI-compatible server.',
      data: { provider: 'openai', model: asked, reply: excerpt(text) },
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unreadable(/^\s*</.test(text) ? 'an HTML page, not JSON' : 'not JSON');
  }
  const choice = field(field(parsed, 'choices'), 0);
  const content = field(field(choice, 'message'), 'content');
  const reply = Array.isArray(content) ? content.map((part) => field(part, 'text')).join('') : content;
  if (typeof reply !== 'string') throw unreadable('without a message');
  if (reply.length > MAX_REPLY) throw unreadable('too long');
  const model = field(parsed, 'model');
  return {
    text: reply,
    model: typeof model === 'string' ? model : asked,
    truncated: field(choice, 'finish_reason') === 'length',
  };
}

function field(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

async function bounded(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > 2 * MAX_REPLY) {
      throw new WaybookError('input/planner', 'The model endpoint answers without end.', {
        hint: 'Check that the base URL is right.',
      });
    }
  }
  return text + decoder.decode();
}

/** Seconds or an HTTP date, in ms from now. */
function retryAfterOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

const excerpt = (text: string): string => {
  const plain = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > EXCERPT ? `${plain.slice(0, EXCERPT)}…` : plain;
};

const causeOf = (error: unknown): string => {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
};

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    const aborted = () => {
      clearTimeout(timer);
      reject(new WaybookError('task/cancelled', 'Planning was cancelled.'));
    };
    function done() {
      signal.removeEventListener('abort', aborted);
      resolve();
    }
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  });
}
