/** A picture as a model gets it. */
export interface ModelImage {
  readonly mime: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
}

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  readonly images?: readonly ModelImage[];
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  /** JSON schema of the reply, for providers that can hold a model to one; a hint, never a guarantee */
  readonly schema?: Readonly<Record<string, unknown>>;
}

export interface ModelReply {
  readonly text: string;
  /** what the provider says answered */
  readonly model: string;
  /** the reply stops where the provider's length limit is */
  readonly truncated: boolean;
  /** what was left out of the request to get an answer: "image", "schema" */
  readonly without: readonly ('image' | 'schema')[];
}

/** A way to ask a model, without memory between calls. Fails with `input/planner`, `link/…` or `task/cancelled`. */
export interface ModelPort {
  readonly id: string;
  readonly model: string;
  ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}

/**
 * The editor's language models (`vscode.lm`), as the host offers them to code that must not import it: one prompt and
 * pictures in, text out. A host that has tools makes the one tool's input the text.
 */
export interface LmPort {
  readonly model: string;
  send(prompt: string, images: readonly ModelImage[], signal: AbortSignal): Promise<string>;
}

/** A {@link ModelPort} over the editor's models: no system role and no schema there, so both go into the prompt. */
export function portOfLm(lm: LmPort): ModelPort {
  return {
    id: 'vscode',
    model: lm.model,
    ask: async ({ messages, schema }, signal) => {
      signal.throwIfAborted();
      const parts = messages.map((m) => (m.role === 'assistant' ? `Your earlier reply:\n${m.text}` : m.text));
      if (schema !== undefined)
        parts.push(`Reply with JSON only, valid against this schema:\n${JSON.stringify(schema)}`);
      const images = messages.flatMap((m) => m.images ?? []);
      const text = await lm.send(parts.join('\n\n'), images, signal);
      return { text, model: lm.model, truncated: false, without: ['schema'] };
    },
  };
}
