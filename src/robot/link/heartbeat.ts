import { inFlavour, rosTime } from '../protocol/ros-time.ts';
import type { LinkSession } from './link-session.ts';

/**
 * Publishes `std_msgs/Header` at the profile's rate while the robot is armed, so that a dead-man on the robot's side notices
 * when we are gone. `frame_id` names the commander: one who only watches must not stand in for one who is gone. In
 * lock-step there is none: there the clock stops with its commander.
 */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;

  readonly #beat: (frame: string) => void;
  readonly #name: string;

  static start(session: LinkSession, commander: string): Heartbeat | undefined {
    const heartbeat = session.profile.heartbeat;
    if (!heartbeat || session.clock.lockStep) return undefined;
    session.control.send({
      op: 'advertise',
      topic: heartbeat.topic,
      type: session.type('std_msgs/msg/Header'),
    });
    return new Heartbeat(session, heartbeat.topic, `waybook/${commander}`, 1000 / heartbeat.hz);
  }

  private constructor(session: LinkSession, topic: string, name: string, everyMs: number) {
    this.#name = name;
    this.#beat = (frame_id) => {
      const msg = inFlavour({ stamp: rosTime(session.clock.now()), frame_id }, session.found.flavour);
      try {
        if (session.control.isOpen) session.control.send({ op: 'publish', topic, msg });
      } catch {
        // A full send queue means that the robot does not hear us: its dead-man must act, so nothing is done here.
      }
    };
    this.#beat(name);
    this.#timer = setInterval(() => this.#beat(name), everyMs);
    this.#timer.unref();
  }

  /** With a farewell where the arm is known to rest; silence without one makes the dead-man stop it. */
  stop(farewell: boolean): void {
    clearInterval(this.#timer);
    if (farewell) this.#beat(`${this.#name}/end`);
  }
}
