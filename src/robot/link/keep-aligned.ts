import { askTime } from './ask-time.ts';
import type { LinkSession } from './link-session.ts';
import { WallClock } from './wall-clock.ts';

const PERIOD_MS = 1000;
/** A longer round trip says too little about the robot's time, and may be what delays its states too [ms]. */
const TRUSTED_TRIP_MS = 50;

/**
 * Keeps the offset between the robot's clock and ours for as long as the link is there: crystals drift apart by several
 * milliseconds a minute, machines set their clocks, and a simulator that is too slow for real time gives time up. Without it
 * states look old that are not. Does nothing in lock-step or where the robot does not tell its time.
 */
export function keepAligned(session: LinkSession): void {
  const { clock, lost } = session;
  if (!(clock instanceof WallClock) || lost.aborted) return;
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    askTime(session, lost)
      .then(({ robotTime, at, roundTripMs }) => {
        if (robotTime === undefined) clearInterval(timer);
        else if (roundTripMs <= TRUSTED_TRIP_MS) clock.align(robotTime, at);
      })
      // A link that is lost says so itself.
      .catch(() => undefined)
      .finally(() => (asking = false));
  }, PERIOD_MS);
  timer.unref();
  lost.addEventListener('abort', () => clearInterval(timer), { once: true });
}
