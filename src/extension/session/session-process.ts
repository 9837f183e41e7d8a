import { fork, type ChildProcess } from 'node:child_process';
import type { SessionCommand, SessionMessage } from '../../notebook/session/session-api.ts';

/** The other end of a session, wherever it runs. */
export interface SessionTransport {
  readonly pid: number | undefined;
  send(command: SessionCommand): void;
  /** asks it to close, and ends it when it does not within the grace period */
  dispose(): void;
}

export interface TransportEvents {
  onMessage(message: SessionMessage): void;
  onOutput(text: string): void;
  /** once, when the other end is gone for whatever reason */
  onExit(reason: string): void;
}

const GRACE_MS = 3000;

/**
 * Forks the session's bundle. A process of its own: what native code does there cannot take the extension host
 * down, and a busy host starves no heartbeat. The child ends itself when its channel closes.
 */
export function forkSession(file: string, events: TransportEvents): SessionTransport {
  const env: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  delete env['NODE_OPTIONS'];
  const child: ChildProcess = fork(file, [], {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let gone = false;
  const exit = (reason: string): void => {
    if (gone) return;
    gone = true;
    events.onExit(reason);
  };
  child.on('message', (message) => events.onMessage(message as SessionMessage));
  child.stdout?.on('data', (chunk: Buffer) => events.onOutput(chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => events.onOutput(chunk.toString('utf8')));
  child.once('error', (error) => exit(error.message));
  child.once('exit', (code, signal) =>
    exit(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`),
  );
  return {
    pid: child.pid,
    send(command) {
      // A channel that has just closed is reported by `exit`; a send that loses that race is no second failure.
      if (child.connected) child.send(command, () => undefined);
    },
    dispose() {
      if (gone) return;
      if (child.connected) {
        child.send({ kind: 'close' } satisfies SessionCommand, () => undefined);
        setTimeout(() => child.connected && child.disconnect(), GRACE_MS / 2).unref();
      }
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    },
  };
}
