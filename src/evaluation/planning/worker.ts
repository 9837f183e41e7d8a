// A worker of `waybook eval --planning --execute`: physics in a process of its own, until its parent goes away.
import { messageOf } from '../../core/errors.ts';
import { PlanningEpisodeRunner, type PlanningEpisode } from './planning-episode.ts';

const runner = new PlanningEpisodeRunner();
const never = new AbortController().signal;

process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, payload }: { id: string; payload: PlanningEpisode }) => {
  runner.run(payload, never).then(
    (value) => reply({ id, value }),
    (error: unknown) => reply({ id, error: messageOf(error) }),
  );
});

function reply(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, (error) => error && process.exit(0));
}
