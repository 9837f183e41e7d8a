import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake does with one request. */
export type FakeAnswer =
  | {
      readonly kind: 'reply';
      readonly text: string;
      readonly finish?: 'stop' | 'length';
      readonly delay?: number;
    }
  | {
      readonly kind: 'raw';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** a reply that depends on what was asked */
  | { readonly kind: 'answer'; readonly to: (request: FakeRequest) => string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' };

export interface FakeRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: unknown }[];
    readonly response_format?: unknown;
  };
}

const completion = (text: string, finish: string): string =>
  JSON.stringify({
    model: 'fake-1',
    choices: [{ message: { role: 'assistant', content: text }, finish_reason: finish }],
  });

/** Text and first picture of the last message that a request holds, as OpenAI's content parts. */
export function askedOf(request: FakeRequest): { text: string; image: Uint8Array | undefined } {
  const content = request.body.messages[request.body.messages.length - 1]?.content;
  const parts = (Array.isArray(content) ? content : [{ type: 'text', text: content }]) as readonly {
    readonly text?: string;
    readonly image_url?: { readonly url: string };
  }[];
  const url = parts.find((part) => part.image_url !== undefined)?.image_url?.url;
  return {
    text: parts.map((part) => part.text ?? '').join(''),
    image: url === undefined ? undefined : Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'),
  };
}

/** An OpenAI-compatible server on a free port that follows a script and keeps what it was asked. */
export async function fakeOpenAi(script: readonly FakeAnswer[]) {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const answer = script[Math.min(requests.length, script.length - 1)];
      const request: FakeRequest = {
        headers: incoming.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()) as FakeRequest['body'],
      };
      requests.push(request);
      switch (answer?.kind) {
        case 'answer':
          outgoing.writeHead(200, { 'content-type': 'application/json' });
          outgoing.end(completion(answer.to(request), 'stop'));
          return;
        case 'reply': {
          const body = completion(answer.text, answer.finish ?? 'stop');
          setTimeout(
            () => outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body),
            answer.delay ?? 0,
          );
          return;
        }
        case 'raw':
          outgoing.writeHead(answer.status, answer.headers ?? {}).end(answer.body);
          return;
        case 'cut':
          outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
          outgoing.write('{"choices": [');
          setTimeout(() => incoming.socket.destroy(), 10);
          return;
        case 'hang':
        case undefined:
          return;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
