import type { Capture } from '../../../core/capture.ts';
import { distance, type Vec3 } from '../../../core/geometry.ts';

/** How long a permission to jog lasts [ms of wall time]: what was seen then may have changed. */
const LASTS_MS = 60_000;

/** What one approval of jogging covers: steps of one robot, no faster, near where it was given, for a minute. */
export class JogEnvelope {
  /** m */
  static readonly RADIUS = 0.15;
  readonly seen: Capture | undefined;
  readonly #center: Vec3;
  readonly #robot: string;
  readonly #speed: number;
  readonly #until: number;

  constructor(
    center: Vec3,
    robot: string,
    speed: number,
    seen: Capture | undefined,
    now = performance.now(),
  ) {
    this.#center = center;
    this.#robot = robot;
    this.#speed = speed;
    this.seen = seen;
    this.#until = now + LASTS_MS;
  }

  covers(tool: Vec3, robot: string, speed: number, now = performance.now()): boolean {
    return (
      robot === this.#robot &&
      speed <= this.#speed &&
      now < this.#until &&
      distance(tool, this.#center) <= JogEnvelope.RADIUS
    );
  }
}
