import WebSocket from 'ws';
import { messageOf, WaybookError } from '../../core/errors.ts';
import { type HttpAnswer, httpCall } from './http-call.ts';

/** Ray's job API, as `ray job` uses it (docs: Ray Jobs REST API). Every call has a time-out. */
export interface JobsApiOptions {
  /** `http://HOST:8265` */
  readonly address: string;
  /** Ray's token, where the cluster asks for one; never written anywhere */
  readonly token?: string;
}

export type JobStatus = 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
const ENDED: ReadonlySet<string> = new Set<JobStatus>(['STOPPED', 'SUCCEEDED', 'FAILED']);

export interface JobInfo {
  readonly status: JobStatus;
  readonly message: string;
}

export interface JobSubmission {
  readonly entrypoint: string;
  readonly submission_id: string;
  readonly runtime_env: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Older clusters lack what the driver uses; what was tried stands in docs/sweeps.md. */
export const OLDEST_RAY = [2, 10] as const;

const CALL_MS = 30_000;
const UPLOAD_MS = 600_000;

export class JobsApi {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ address, token }: JobsApiOptions) {
    this.#base = address.replace(/\/+$/, '');
    this.#headers = token === undefined || token === '' ? {} : { Authorization: `Bearer ${token}` };
  }

  /**
   * Ray's version on the cluster. Throws `link/connect` where nothing answers, or something that is no Ray, and
   * `link/protocol` where it is too old.
   */
  async checkVersion(signal: AbortSignal): Promise<string> {
    const response = await this.#call('GET', '/api/version', signal);
    const value = jsonOf(response);
    const version =
      typeof value === 'object' && value !== null && 'ray_version' in value ? value.ray_version : undefined;
    if (typeof version !== 'string') {
      throw new WaybookError('link/connect', `${this.#base} is not Ray’s job API.`, {
        hint: 'Give the address of the dashboard, usually http://HOST:8265.',
      });
    }
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [oldest, oldestMinor] = OLDEST_RAY;
    if (major < oldest || (major === oldest && minor < oldestMinor)) {
      throw new WaybookError(
        'link/protocol',
        `The cluster has Ray ${version}; ${OLDEST_RAY.join('.')} or newer is needed.`,
        {
          hint: 'See docs/sweeps.md for the versions that were tried.',
        },
      );
    }
    return version;
  }

  /** Uploads a ZIP unless the cluster has it; returns its URI for a runtime environment. */
  async upload(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<string> {
    const path = `/api/packages/gcs/${name}`;
    const known = await this.#fetch('GET', path, signal, CALL_MS);
    if (known.status === 404) {
      const response = await this.#fetch('PUT', path, signal, UPLOAD_MS, bytes, 'application/octet-stream');
      refuse(response, 'The bundle could not be uploaded');
    } else refuse(known, 'The cluster was asked for the bundle');
    return `gcs://${name}`;
  }

  async submit(job: JobSubmission, signal: AbortSignal): Promise<void> {
    const response = await this.#fetch(
      'POST',
      '/api/jobs/',
      signal,
      UPLOAD_MS,
      JSON.stringify(job),
      'application/json',
    );
    refuse(response, 'The job was not taken');
  }

  /** Undefined where the cluster knows no such job. */
  async info(id: string, signal: AbortSignal): Promise<JobInfo | undefined> {
    const response = await this.#fetch('GET', `/api/jobs/${encodeURIComponent(id)}`, signal, CALL_MS);
    if (response.status === 404) return undefined;
    refuse(response, 'The cluster does not say how the job is');
    const value = jsonOf(response);
    if (typeof value !== 'object' || value === null || !('status' in value)) return undefined;
    const message = 'message' in value && typeof value.message === 'string' ? value.message : '';
    return { status: value.status as JobStatus, message };
  }

  async stop(id: string): Promise<void> {
    const path = `/api/jobs/${encodeURIComponent(id)}/stop`;
    await this.#fetch('POST', path, AbortSignal.timeout(CALL_MS), CALL_MS);
  }

  /**
   * The job's log from its beginning, in pieces, until the job has ended or the socket has. Lines may be cut anywhere
   * between two pieces. Stopping the iteration closes the socket.
   */
  async *tail(id: string, signal: AbortSignal): AsyncGenerator<string> {
    const url = `${this.#base.replace(/^http/, 'ws')}/api/jobs/${encodeURIComponent(id)}/logs/tail`;
    const socket = new WebSocket(url, {
      headers: this.#headers,
      perMessageDeflate: false,
      maxPayload: 1 << 28,
    });
    const pieces: string[] = [];
    let ended = false;
    let wake = (): void => undefined;
    const end = (): void => {
      ended = true;
      wake();
    };
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) pieces.push(data.toString('utf8'));
      wake();
    });
    socket.on('close', end);
    socket.on('error', end);
    const abort = (): void => socket.terminate();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      for (;;) {
        const piece = pieces.shift();
        if (piece !== undefined) yield piece;
        else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', abort);
      socket.terminate();
    }
  }

  async #call(method: string, path: string, signal: AbortSignal): Promise<HttpAnswer> {
    const response = await this.#fetch(method, path, signal, CALL_MS);
    refuse(response, `${this.#base} does not answer as Ray does`);
    return response;
  }

  async #fetch(
    method: string,
    path: string,
    signal: AbortSignal,
    ms: number,
    body?: Uint8Array | string,
    type?: string,
  ): Promise<HttpAnswer> {
    try {
      return await httpCall({
        method,
        url: `${this.#base}${path}`,
        headers: { ...this.#headers, ...(type === undefined ? {} : { 'Content-Type': type }) },
        ...(body === undefined ? {} : { body }),
        timeout: ms,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new WaybookError(
        'link/connect',
        `The Ray cluster at ${this.#base} cannot be reached: ${messageOf(error)}`,
        {
          hint: 'Check the address, and that the dashboard’s port is open from here (ray start --dashboard-host).',
          cause: error,
        },
      );
    }
  }
}

export const hasEnded = ({ status }: JobInfo): boolean => ENDED.has(status);

function jsonOf({ text }: HttpAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse({ status, text }: HttpAnswer, what: string): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) {
    throw new WaybookError('link/connect', 'The Ray cluster asks for a token, and does not take this one.', {
      hint: 'Set RAY_AUTH_TOKEN to what “ray get-auth-token” prints on the cluster.',
    });
  }
  const last = text.trim().split('\n').at(-1) ?? '';
  throw new WaybookError('link/protocol', `${what}: ${status} ${last.slice(0, 300)}`);
}
