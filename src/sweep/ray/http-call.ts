import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** ms */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * One HTTP call with Node's own client: `fetch` adds the headers of a browser, whose writing requests Ray's dashboard
 * refuses. Rejects with what the socket says.
 */
export function httpCall({ method, url, headers, body, timeout, signal }: HttpCall): Promise<HttpAnswer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'Content-Length': String(length) }) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.once('error', reject);
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}
