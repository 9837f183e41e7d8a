import { messageOf } from '../../core/errors.ts';
import type { Command } from '../command.ts';
import { EpisodeRunner, type EpisodeRequest } from '../eval/episode.ts';

/** The other end of the process pool: runs episodes that its parent sends until the parent goes away. */
export const evalWorkerCommand: Command = {
  name: 'eval-worker',
  summary: 'Runs episodes for waybook eval.',
  usage: '',
  options: [],
  examples: [],
  hidden: true,
  async run(_args, io) {
    await using runner = new EpisodeRunner();
    const parentGone = new Promise<void>((resolve) => {
      process.once('disconnect', resolve);
      io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    process.on('message', (message: { id: string; payload: EpisodeRequest }) => {
      void runner.run(message.payload).then(
        (value) => process.send?.({ id: message.id, value }),
        (error: unknown) => process.send?.({ id: message.id, error: messageOf(error) }),
      );
    });
    await parentGone;
    // An open channel would keep this process alive, and with it the parent.
    if (process.connected) process.disconnect();
    return 0;
  },
};
