/**
 * Who may move the arm. One session at a time: the first to send a goal or a heartbeat, until it is lost. Pure values:
 * every rule returns the next state.
 */
export interface Authority {
  readonly commander?: string;
  /** s of simulated time of the last heartbeat; undefined before the first one */
  readonly lastHeartbeat?: number;
}

export const NOBODY: Authority = {};

/** s of simulated time without a heartbeat after which a commander that sends them is lost */
export const HEARTBEAT_TIMEOUT = 0.2;

export const mayCommand = (state: Authority, session: string): boolean =>
  state.commander === undefined || state.commander === session;

/** The state after `session` sent a goal; the same object where it may not. */
export const claimed = (state: Authority, session: string): Authority =>
  state.commander === undefined ? { commander: session } : state;

export function heartbeat(state: Authority, session: string, now: number): Authority {
  return mayCommand(state, session) ? { commander: session, lastHeartbeat: now } : state;
}

/** Whether the commander's heartbeats have begun and then stopped. A clock that went back is no loss. */
export const isLost = (state: Authority, now: number): boolean =>
  state.lastHeartbeat !== undefined && now - state.lastHeartbeat > HEARTBEAT_TIMEOUT;

export const released = (state: Authority, session: string): Authority =>
  state.commander === session ? NOBODY : state;

/** After time was set to `now` by a reset: heartbeats count from there. */
export const rebased = (state: Authority, now: number): Authority =>
  state.lastHeartbeat === undefined ? state : { ...state, lastHeartbeat: now };
