import { WaybookError } from '../../core/errors.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { RobotLink } from '../../robot/robot-link.ts';

/** A robot that says nothing for this long is not there [ms]. */
const SILENCE_MS = 2000;
/** A state this young says where the arm is now [s]; what checks motions allows more, and this must not eat it up. */
const YOUNG = 0.1;

/**
 * The next state from the robot that is young when it arrives. Planning and refining hold up the event loop, so that the
 * newest state known is older than the robot's newest one, and those that piled up meanwhile come first. Where all come
 * late, the newest of two seconds: whether it will do is for the caller to judge. In lock-step no time has passed and the
 * known one is the newest. Throws `link/timeout` when none comes.
 */
export function freshState(link: RobotLink, signal: AbortSignal): Promise<RobotState> {
  if (link.clock.lockStep) return Promise.resolve(link.robotState());
  return new Promise((resolve, reject) => {
    let newest: RobotState | undefined;
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      unsubscribe();
      act();
    };
    const abort = (): void =>
      settle(() => reject(new WaybookError('task/cancelled', 'Waiting for the robot was cancelled.')));
    const timer = setTimeout(() => {
      const late = newest;
      settle(() => {
        if (late) resolve(late);
        else
          reject(
            new WaybookError('link/timeout', `The robot sent no joint state for ${SILENCE_MS / 1000} s.`),
          );
      });
    }, SILENCE_MS);
    const unsubscribe = link.onState((state) => {
      newest = state;
      if (link.clock.now() - state.stamp <= YOUNG) settle(() => resolve(state));
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
