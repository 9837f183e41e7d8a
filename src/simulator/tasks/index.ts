import { WaybookError } from '../../core/errors.ts';
import { insertPeg } from './insert-peg.ts';
import { openDrawer } from './open-drawer.ts';
import { pushToTarget } from './push-to-target.ts';
import { putInBowl } from './put-in-bowl.ts';
import { sortByColour } from './sort-by-colour.ts';
import { stack } from './stack.ts';
import type { Task } from './task.ts';

/** Every scene there is. A new task is a file of its own and one entry here. */
export const tasks: readonly Task[] = [putInBowl, stack, pushToTarget, openDrawer, insertPeg, sortByColour];

/** The task by name or alias. Throws `input/reference` with the names that there are. */
export function findTask(name: string): Task {
  const task = tasks.find((t) => t.name === name || t.aliases?.includes(name));
  if (task) return task;
  throw new WaybookError('input/reference', `There is no scene named '${name}'.`, {
    hint: `Scenes: ${tasks.map((t) => t.name).join(', ')}.`,
    data: { scenes: tasks.map((t) => t.name) },
  });
}
