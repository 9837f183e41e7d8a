import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { encodeJson } from '../../robot/protocol/encode-json.ts';
import type { ServerOp } from '../../robot/protocol/ops.ts';
import type { Identity } from './access.ts';
import { Outbox } from './outbox.ts';
import { Subscriptions } from './subscriptions.ts';

/** One client's socket, with what it listens to and what it still has to be sent. */
export class Connection {
  readonly identity: Identity;
  readonly outbox: Outbox;
  readonly subscriptions = new Subscriptions();
  readonly socket: WebSocket;
  /** Whether it sent a goal or a heartbeat: the commander is lost with it. */
  commands = false;
  /** Service calls that have not been answered. */
  pendingCalls = 0;
  missedPongs = 0;
  #tellErrors = true;

  /** `stream` is what the WebSocket writes to. */
  constructor(socket: WebSocket, stream: Duplex, identity: Identity) {
    this.socket = socket;
    this.identity = identity;
    this.outbox = new Outbox(socket, stream);
  }

  get open(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  send(op: ServerOp): void {
    this.outbox.send(encodeJson(op));
  }

  /** Tells what was wrong, as the protocol allows (real bridges stay silent); not while the client does not read. */
  error(message: string, id?: string): void {
    if (!this.#tellErrors || this.outbox.congested) return;
    this.send({ op: 'status', level: 'error', msg: message, ...(id === undefined ? {} : { id }) });
  }

  /** `none` silences status messages. */
  setLevel(level: string): void {
    this.#tellErrors = level !== 'none';
  }
}
