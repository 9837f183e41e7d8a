import { WaybookError } from '../../core/errors.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { RobotLink } from '../../robot/robot-link.ts';

/** A robot that says nothing for this long is not there [ms]. */
const SILENCE_MS = 2000;

/**
 * The next state that the robot sends. Planning and refining hold up the event loop, so that the newest state known is
 * older than the robot's newest one. In lock-step no time has passed and the known one is the newest.
 */
export function freshState(link: RobotLink, signal: AbortSignal): Promise<RobotState> {
  if (link.clock.lockStep) return Promise.resolve(link.robotState());
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      unsubscribe();
      act();
    };
    const abort = (): void =>
      settle(() => reject(new WaybookError('task/cancelled', 'Waiting for the robot was cancelled.')));
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(
            new WaybookError('link/timeout', `The robot sent no joint state for ${SILENCE_MS / 1000} s.`),
          ),
        ),
      SILENCE_MS,
    );
    // States that piled up while the loop was held come first; the newest of them is younger than a moment ago.
    const since = link.clock.now();
    const unsubscribe = link.onState((state) => {
      if (state.stamp >= since - 0.05) settle(() => resolve(state));
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
