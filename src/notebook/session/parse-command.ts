import type { SessionCommand } from './session-api.ts';

const KINDS: ReadonlySet<string> = new Set<SessionCommand['kind']>([
  'configure',
  'model-reply',
  'run',
  'cancel',
  'pause',
  'continue',
  'step',
  'stop-motion',
  'approve',
  'refuse',
  'set-breakpoints',
  'reset-scene',
  'live-scene',
  'arm',
  'disarm',
  'manual',
  'jog-hold',
  'jog-release',
  'survey',
  'compare-records',
  'close',
]);

/**
 * A command from the parent process, or undefined for anything else. The parent is the same build of ours and no
 * attacker: the kind is checked so that a mismatch of versions is reported instead of misread.
 */
export function parseSessionCommand(message: unknown): SessionCommand | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const { kind } = message;
  return typeof kind === 'string' && KINDS.has(kind) ? (message as SessionCommand) : undefined;
}
