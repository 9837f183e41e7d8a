import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { hashText } from '../../core/hash.ts';

export interface AccessRules {
  readonly token: string;
  /** host that the server was told to listen on; loopback names are always allowed on loopback */
  readonly host: string;
}

/** Who is behind a socket: a session id, and which of the session's two sockets this is. */
export interface Identity {
  readonly session: string;
  readonly role: 'control' | 'data';
}

export type Admission =
  { readonly identity: Identity } | { readonly status: 401 | 403; readonly reason: string };

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

const MAX_SESSION_LENGTH = 128;

/**
 * Decides whether an upgrade request may open a socket. Browsers always send an Origin, other clients none: a page of
 * another origin is refused, token or not, and so is one that reached loopback under another name (DNS rebinding).
 */
export function admit(request: IncomingMessage, rules: AccessRules): Admission {
  const { origin, host } = request.headers;
  const name = hostName(host);
  if (isLoopback(rules.host) && !isLoopback(name)) {
    return { status: 403, reason: `Host ${name || '(none)'} is not this machine.` };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, reason: 'Pages of other origins may not connect.' };
  }
  const query = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '');
  if (!sameSecret(query.get('token') ?? '', rules.token)) {
    return {
      status: 401,
      reason: 'The token is missing or wrong; the simulator prints a URL that holds it.',
    };
  }
  const session = query.get('session');
  if (session !== null && (session === '' || session.length > MAX_SESSION_LENGTH)) {
    return { status: 403, reason: `A session id has 1 to ${MAX_SESSION_LENGTH} characters.` };
  }
  return {
    identity: {
      session: session ?? `anonymous-${randomUUID()}`,
      role: query.get('role') === 'data' ? 'data' : 'control',
    },
  };
}

/** `127.0.0.1:8080` -> `127.0.0.1`, `[::1]:8080` -> `[::1]` */
const hostName = (host: string | undefined): string => (host ?? '').replace(/:\d+$/, '').toLowerCase();

/** Compared by hash, so that neither length nor content shows in the time it takes. */
const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(hashText(a)), Buffer.from(hashText(b)));
