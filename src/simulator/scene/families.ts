import { WaybookError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { angle, bottle, bow, dumbbell, hammer, rod } from './composed.ts';
import type { Colour } from './palette.ts';
import { ball, block, bowl, can } from './shapes.ts';
import { mug, ring } from './tableware.ts';
import type { ThingShape } from './thing.ts';

/** Kinds of things to handle, each with its own spread of sizes. A task's subject can be replaced by any of them. */
export const families: Readonly<Record<string, (random: Random, colour: Colour) => ThingShape>> = {
  box: (random, colour) =>
    block(colour, [random.uniform(0.03, 0.08), random.uniform(0.025, 0.055), random.uniform(0.025, 0.06)]),
  cylinder: (random, colour) => can(colour, random.uniform(0.014, 0.028), random.uniform(0.035, 0.08)),
  ball: (random, colour) => ball(colour, random.uniform(0.018, 0.028)),
  bowl: (random, colour) => {
    const rim = random.uniform(0.045, 0.075);
    return bowl(colour, { rim, bottom: 0.62 * rim, height: random.uniform(0.035, 0.055), wall: 0.005 });
  },
  mug: (_, colour) => mug(colour),
  rod: (random, colour) => rod(colour, random.uniform(0.11, 0.17), random.uniform(0.018, 0.03)),
  ring: (_, colour) => ring(colour),
  hammer: (random, colour) => hammer(colour, random.uniform(0.13, 0.17)),
  dumbbell: (random, colour) => dumbbell(colour, random.uniform(0.11, 0.14)),
  'L-block': (random, colour) => angle(colour, random.uniform(0.085, 0.11)),
  bottle: (_, colour) => bottle(colour),
  bow: (_, colour) => bow(colour),
};

/** Throws `input/usage` with the families that there are. */
export function sampleFamily(name: string, random: Random, colour: Colour): ThingShape {
  const family = families[name];
  if (family) return family(random, colour);
  throw new WaybookError('input/usage', `There is no shape family named '${name}'.`, {
    hint: `Families: ${Object.keys(families).join(', ')}.`,
  });
}
