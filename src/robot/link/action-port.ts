import type { GoalHandle } from './goal-handle.ts';
import type { LinkClock } from './link-clock.ts';
import type { RosbridgeClient } from './rosbridge-client.ts';

/** One action of one robot, whatever flavour of ROS is behind it. */
export interface ActionPort {
  readonly action: string;
  /** Resolves when a goal would be heard. Rejects with `link/timeout`. */
  ready(clock: LinkClock, signal: AbortSignal): Promise<void>;
  /** Sends a goal once. `goal` has times in the ROS 2 form. */
  send(goal: unknown): GoalHandle;
  /** Asks for the end of every goal of this action, on another client's socket. Resolves with its acknowledgement. */
  cancelAll(client: RosbridgeClient, timeoutMs: number): Promise<void>;
  dispose(): void;
}
