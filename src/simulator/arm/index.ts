import { WaybookError } from '../../core/errors.ts';
import type { ArmDescription } from './arm-description.ts';
import { pandaClass } from './panda-class.ts';
import { ur5eClass } from './ur5e-class.ts';
import { xarm7Class } from './xarm7-class.ts';

/** Arms that a world can be built with; the first is the default. */
export const arms: readonly ArmDescription[] = [pandaClass, ur5eClass, xarm7Class];

/** Throws `input/reference` with the names that there are. */
export function findArm(name: string | undefined): ArmDescription {
  const arm = name === undefined ? pandaClass : arms.find((a) => a.name === name);
  if (arm) return arm;
  throw new WaybookError('input/reference', `There is no arm named '${name}'.`, {
    hint: `Arms: ${arms.map((a) => a.name).join(', ')}.`,
  });
}
