// A worker of `waybook eval expert`: physics and inference, in a process of its own, until its parent goes away.
import { messageOf } from '../core/errors.ts';
import { SceneJobRunner } from './scene-job-runner.ts';
import type { SceneJob } from './scene-jobs.ts';

const runner = new SceneJobRunner();
const never = new AbortController().signal;

process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, payload }: { id: string; payload: SceneJob }) => {
  runner.run(payload, never).then(
    (value) => reply({ id, value }),
    (error: unknown) => reply({ id, error: messageOf(error) }),
  );
});

function reply(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, (error) => error && process.exit(0));
}
