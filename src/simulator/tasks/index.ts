import { WaybookError } from '../../core/errors.ts';
import { closeDrawer } from './close-drawer.ts';
import { closeDoor, openDoor } from './doors.ts';
import { insertPeg } from './insert-peg.ts';
import { liftLid } from './lift-lid.ts';
import { openDrawer } from './open-drawer.ts';
import { pickAndHold } from './pick-and-hold.ts';
import { placeBeside } from './place-beside.ts';
import { pressButton } from './press-button.ts';
import { pullLever } from './pull-lever.ts';
import { pushToTarget } from './push-to-target.ts';
import { putInBowl } from './put-in-bowl.ts';
import { putInDrawer } from './put-in-drawer.ts';
import { putOnPlate } from './put-on-plate.ts';
import { putOnShelf } from './put-on-shelf.ts';
import { ringOnPost } from './ring-on-post.ts';
import { sandbox, sandboxTwins } from './sandbox.ts';
import { sortByColour } from './sort-by-colour.ts';
import { stack } from './stack.ts';
import { standUpright } from './stand-upright.ts';
import type { Task } from './task.ts';
import { turnKnob } from './turn-knob.ts';
import { unstack } from './unstack.ts';
import { kitchen, office, row } from './word-scenes.ts';

/** Every scene there is. A new task is a file of its own and one entry here. */
export const tasks: readonly Task[] = [
  putInBowl,
  stack,
  pushToTarget,
  openDrawer,
  insertPeg,
  sortByColour,
  pickAndHold,
  placeBeside,
  unstack,
  putInDrawer,
  closeDrawer,
  liftLid,
  pressButton,
  pullLever,
  turnKnob,
  ringOnPost,
  standUpright,
  putOnShelf,
  putOnPlate,
  openDoor,
  closeDoor,
  sandbox,
  sandboxTwins,
];

/** Scenes with places written down and no goal of their own; asked for by name like the others. */
export const writtenScenes: readonly Task[] = [row, kitchen, office];

/** The task by name or alias. Throws `input/reference` with the names that there are. */
export function findTask(name: string): Task {
  const task = [...tasks, ...writtenScenes].find((t) => t.name === name || t.aliases?.includes(name));
  if (task) return task;
  throw new WaybookError('input/reference', `There is no scene named '${name}'.`, {
    hint: `Scenes: ${[...tasks, ...writtenScenes].map((t) => t.name).join(', ')}.`,
    data: { scenes: tasks.map((t) => t.name) },
  });
}
