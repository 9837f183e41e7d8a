import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateEvent } from './gate-machine.ts';
import { INITIAL_GATE, nextGate, refusalToMove } from './gate-machine.ts';

const EVENTS: readonly GateEvent[] = [
  { kind: 'connect' },
  { kind: 'connected' },
  { kind: 'lost', reason: 'gone.' },
  { kind: 'armed' },
  { kind: 'disarmed', reason: 'stopped' },
  { kind: 'motion-started' },
  { kind: 'motion-ended' },
  { kind: 'fault', reason: 'watchdog' },
  { kind: 'recovered' },
  { kind: 'closed' },
];

describe('nextGate', () => {
  it('never reaches armed but by arming or the end of an armed motion', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }), (events) => {
        let state = INITIAL_GATE;
        for (const event of events) {
          const next = nextGate(state, event);
          if (next.link === 'armed' && state.link !== 'armed') {
            expect([event.kind, state.link]).toBeOneOf([
              ['armed', 'monitoring'],
              ['motion-ended', 'executing'],
            ]);
          }
          if (next.link === 'executing' && state.link !== 'executing') expect(state.link).toBe('armed');
          if (state.link === 'fault' && next.link !== 'fault')
            expect(['recovered', 'closed']).toContain(event.kind);
          expect(refusalToMove(next) === undefined).toBe(next.link === 'armed');
          state = next;
        }
      }),
    );
  });

  it('keeps a fault through a loss while moving and the coming back', () => {
    const moving = { link: 'executing', reason: 'moving' } as const;
    const lost = nextGate(moving, { kind: 'lost', reason: 'Cable pulled.' });
    expect(lost).toEqual({ link: 'fault', reason: 'Cable pulled. The robot may still be moving.' });
    const back = (['connect', 'connected', 'armed'] as const).reduce(
      (state, kind) => nextGate(state, { kind }),
      lost,
    );
    expect(back).toBe(lost);
    expect(nextGate(back, { kind: 'recovered' }).link).toBe('monitoring');
  });
});
