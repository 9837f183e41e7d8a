import { rosTime } from '../protocol/ros-time.ts';
import { inFlavour } from '../protocol/ros-time.ts';
import type { LinkSession } from './link-session.ts';

/**
 * Publishes `std_msgs/Header` at the profile's rate, so that a dead-man on the robot's side notices when we are gone.
 * In lock-step there is none: there the clock stops with its commander.
 */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;

  static start(session: LinkSession): Heartbeat | undefined {
    const heartbeat = session.profile.heartbeat;
    if (!heartbeat || session.clock.lockStep) return undefined;
    session.control.send({
      op: 'advertise',
      topic: heartbeat.topic,
      type: session.type('std_msgs/msg/Header'),
    });
    return new Heartbeat(session, heartbeat.topic, 1000 / heartbeat.hz);
  }

  private constructor(session: LinkSession, topic: string, everyMs: number) {
    const beat = (): void => {
      const msg = inFlavour({ stamp: rosTime(session.clock.now()), frame_id: '' }, session.found.flavour);
      try {
        if (session.control.isOpen) session.control.send({ op: 'publish', topic, msg });
      } catch {
        // A full send queue means that the robot does not hear us: its dead-man must act, so nothing is done here.
      }
    };
    beat();
    this.#timer = setInterval(beat, everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
