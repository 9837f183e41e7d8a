import { WaybookError } from '../../core/errors.ts';

/** The URL without user, query and fragment: those hold tokens and must not reach messages or records. */
export function describeUrl(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
  } catch {
    return 'The given text';
  }
}

/** Whether what is sent to `url` can be read on the way: plain `ws://` to another machine. */
export function isUnprotected(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'ws:' && !isLoopback(hostname);
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** The server answered the upgrade with an ordinary HTTP status. */
export function explainHttpRefusal(
  where: string,
  status: number,
  headers: Readonly<Record<string, unknown>>,
): WaybookError {
  const data = { status };
  if (status === 401) {
    return new WaybookError('link/connect', `${where} wants credentials (401).`, {
      hint: 'Set the token or header for this robot, or check that it is still valid.',
      data,
    });
  }
  if (status === 403) {
    return new WaybookError('link/connect', `${where} does not allow this connection (403).`, {
      hint: 'The token is wrong, or the server refuses the origin or address that this comes from.',
      data,
    });
  }
  if (status >= 300 && status < 400) {
    const target = typeof headers.location === 'string' ? describeUrl(headers.location) : 'another address';
    return new WaybookError(
      'link/connect',
      `${where} redirects to ${target} (${status}), which is not followed.`,
      {
        hint: 'Put the final address into the robot’s URL, if you trust it.',
        data,
      },
    );
  }
  return new WaybookError('link/connect', `${where} answered with HTTP ${status} instead of a WebSocket.`, {
    hint: 'Is there a rosbridge server at this address and path?',
    data,
  });
}

interface Explanation {
  readonly message: string;
  readonly hint: string;
}

const BY_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {
    message: 'refused the connection',
    hint: 'Is the bridge running, and is the port right? (rosbridge listens on 9090 unless told otherwise.)',
  },
  ENOTFOUND: { message: 'is not a known host', hint: 'Check the host name.' },
  EAI_AGAIN: { message: 'cannot be looked up now', hint: 'Check the host name and the network.' },
  EHOSTUNREACH: { message: 'cannot be reached', hint: 'Check the network or VPN to the robot.' },
  ENETUNREACH: { message: 'cannot be reached', hint: 'Check the network or VPN to the robot.' },
  ETIMEDOUT: { message: 'did not answer', hint: 'Check the address, the network and the firewall.' },
  ECONNRESET: {
    message: 'broke the connection while it was being set up',
    hint: 'Is this port a WebSocket?',
  },
  CERT_HAS_EXPIRED: { message: 'shows a certificate that has expired', hint: 'Renew it on the robot.' },
  CERT_NOT_YET_VALID: {
    message: 'shows a certificate that is not valid yet',
    hint: 'Compare the clocks of this machine and the robot.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    message: 'shows a self-signed certificate, which is not trusted',
    hint: 'Give its PEM as this robot’s certificate authority if it is yours.',
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    message: 'shows a certificate of an authority that is not trusted',
    hint: 'Give that authority’s PEM for this robot if it is yours.',
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    message: 'shows a certificate whose authority is unknown',
    hint: 'Give the authority’s PEM for this robot if it is yours.',
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    message: 'shows a certificate whose authority is unknown',
    hint: 'Give the authority’s PEM for this robot if it is yours.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: 'shows a certificate for another host name',
    hint: 'Use the name that the certificate was made for.',
  },
  EPROTO: { message: 'does not speak TLS on this port', hint: 'Is it ws:// rather than wss://?' },
};

/** The connection failed before it was open. */
export function explainConnectFailure(where: string, cause: Error): WaybookError {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : firstCode(cause);
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known)
    return new WaybookError('link/connect', `${where} ${known.message}.`, { hint: known.hint, cause });
  if (cause.message.includes('handshake has timed out')) {
    return new WaybookError(
      'link/connect',
      `${where} accepted the connection but did not finish the handshake in time.`,
      {
        hint: 'The bridge hangs, or something else listens on this port.',
        cause,
      },
    );
  }
  if (/subprotocol/i.test(cause.message)) {
    return new WaybookError('link/connect', `${where} speaks another subprotocol: ${cause.message}.`, {
      hint: 'This is not a rosbridge server (a Foxglove bridge listens on 8765).',
      cause,
    });
  }
  return new WaybookError('link/connect', `${where} could not be connected: ${cause.message}.`, {
    hint: 'Is there a rosbridge server at this address?',
    cause,
  });
}

/** Node tries IPv4 and IPv6 and wraps both failures. */
function firstCode(cause: Error): string | undefined {
  if (!(cause instanceof AggregateError)) return undefined;
  for (const inner of cause.errors as unknown[]) {
    if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code;
  }
  return undefined;
}
