import { dumbbell, hammer, rod } from './composed.ts';
import { putButton, putKnob, putLever } from './mechanisms.ts';
import { putCabinet } from './cabinet.ts';
import { vividColours, type Colour } from './palette.ts';
import { WORK_AREA, type Region, type SceneBuilder } from './scene-builder.ts';
import { ball, block, bowl, can, cube } from './shapes.ts';
import { shelf } from './stands.ts';
import { mug, plate, ring } from './tableware.ts';
import type { Thing, ThingShape } from './thing.ts';

const holdable: readonly ((colour: Colour) => ThingShape)[] = [
  (colour) => cube(colour, 0.04),
  (colour) => can(colour, 0.02, 0.06),
  (colour) => ball(colour, 0.022),
  (colour) => block(colour, [0.07, 0.035, 0.03]),
  mug,
  rod,
  ring,
  hammer,
  dumbbell,
];
const receivers: readonly ((colour: Colour) => ThingShape)[] = [bowl, plate];

/** Adds one thing whose label nothing else has; nothing when the table is full. */
export function addOne(
  scene: SceneBuilder,
  options: { holdable: boolean },
): { thing: Thing; shape: ThingShape } | undefined {
  const { random } = scene;
  for (let attempt = 0; attempt < 30; attempt++) {
    const make = random.pick(options.holdable ? holdable : receivers);
    const shape = make(random.pick(vividColours));
    if (scene.hasLabel(shape.labels[0]?.label ?? '')) continue;
    const thing = scene.tryScatter(shape, { region: WIDE });
    if (thing) return { thing, shape };
  }
  return undefined;
}

const WIDE: Region = { x: [0.34, 0.64], y: [-0.34, 0.34] };

/** Adds one thing that opens, turns, is pressed or is stood on. */
export function putMechanism(scene: SceneBuilder): void {
  const { random } = scene;
  const side = random.next() < 0.5 ? -1 : 1;
  const y = side * random.uniform(0.16, 0.24);
  const yaw = Math.PI + random.uniform(-0.2, 0.2);
  switch (random.below(5)) {
    case 0:
      putButton(scene, random.pick(vividColours));
      return;
    case 1:
      putKnob(scene, random.pick(vividColours));
      return;
    case 2:
      putLever(scene, random.pick(vividColours));
      return;
    case 3:
      scene.put(shelf('brown'), { x: random.uniform(0.54, 0.58), y, yaw });
      return;
    default:
      putCabinet(scene, { x: WORK_AREA.x[1] - 0.04, y, yaw });
      // The drawer needs the room in front of it.
      scene.reserve(0.48, y, 0.12);
  }
}
