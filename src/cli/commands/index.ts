import type { Command } from '../command.ts';
import { runCommand } from './run.ts';

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [runCommand];
