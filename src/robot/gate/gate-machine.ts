import type { LinkState } from '../robot-link.ts';

/** The gate as it stands: what the link may do now, and why, for people. */
export interface GateState {
  readonly link: LinkState;
  readonly reason: string;
}

export type GateEvent =
  | { readonly kind: 'connect' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'armed' }
  | { readonly kind: 'disarmed'; readonly reason: string }
  | { readonly kind: 'motion-started' }
  | { readonly kind: 'motion-ended' }
  | { readonly kind: 'fault'; readonly reason: string }
  | { readonly kind: 'recovered' }
  | { readonly kind: 'closed' };

export const INITIAL_GATE: GateState = { link: 'disconnected', reason: 'not connected yet' };

/**
 * One step of the gate. A fault stays until somebody recovers it, whatever the connection does meanwhile, and nothing
 * but `armed` arms: coming back after a loss or a fault means monitoring only. Events that mean nothing in a state
 * leave it as it is.
 */
export function nextGate(state: GateState, event: GateEvent): GateState {
  switch (event.kind) {
    case 'connect':
      return state.link === 'disconnected' ? { link: 'connecting', reason: 'connecting' } : state;
    case 'connected':
      return state.link === 'connecting' ? { link: 'monitoring', reason: 'connected, monitor only' } : state;
    case 'lost':
      if (state.link === 'fault') return state;
      return state.link === 'executing'
        ? { link: 'fault', reason: `${event.reason} The robot may still be moving.` }
        : { link: 'disconnected', reason: event.reason };
    case 'armed':
      return state.link === 'monitoring' ? { link: 'armed', reason: 'armed, at rest' } : state;
    case 'disarmed':
      return state.link === 'armed' || state.link === 'executing'
        ? { link: 'monitoring', reason: event.reason }
        : state;
    case 'motion-started':
      return state.link === 'armed' ? { link: 'executing', reason: 'moving' } : state;
    case 'motion-ended':
      return state.link === 'executing' ? { link: 'armed', reason: 'armed, at rest' } : state;
    case 'fault':
      // The first reason stays: what follows from it must not hide it.
      return state.link === 'disconnected' || state.link === 'fault'
        ? state
        : { link: 'fault', reason: event.reason };
    case 'recovered':
      return state.link === 'fault' ? { link: 'monitoring', reason: 'recovered, monitor only' } : state;
    case 'closed':
      return { link: 'disconnected', reason: 'closed' };
  }
}

/** What to tell somebody who asks for motion in this state, or undefined where it may start. */
export function refusalToMove(state: GateState): { message: string; hint: string } | undefined {
  switch (state.link) {
    case 'armed':
      return undefined;
    case 'executing':
      return { message: 'A motion is running already.', hint: 'Wait for its end, or stop it.' };
    case 'monitoring':
      return { message: 'The robot is connected to monitor only.', hint: 'Arm it first.' };
    case 'fault':
      return {
        message: `The link is in a fault: ${state.reason}`,
        hint: 'Recover it when the cause is gone, then arm again.',
      };
    case 'connecting':
    case 'disconnected':
      return { message: `The robot is not connected: ${state.reason}.`, hint: 'Connect first.' };
  }
}
