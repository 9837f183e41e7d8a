import { putCupboard } from '../scene/cupboard.ts';
import type { SceneBuilder } from '../scene/scene-builder.ts';
import type { Thing } from '../scene/thing.ts';
import type { SceneReading, Task, TaskInstance } from './task.ts';

/** How far a door must be open, and how far one that is shut may stand out [rad]. */
const OPEN = 0.9;
const SHUT = 0.12;

/** The front faces the arm, more or less, and the hinge is at its left end as the arm sees it. */
function place(scene: SceneBuilder): { x: number; y: number; yaw: number } {
  const { random } = scene;
  return {
    x: random.uniform(0.58, 0.64),
    y: random.uniform(0, 0.12) - 0.11,
    yaw: Math.PI + random.uniform(-0.25, 0.25),
  };
}

function judged(
  instruction: string,
  door: Thing,
  text: string,
  holds: (angle: number) => boolean,
): TaskInstance {
  return {
    instruction,
    judge(reading: SceneReading) {
      const angle = reading.travel(door);
      return {
        conditions: [
          { holds: holds(angle), text },
          { holds: !reading.touchedByRobot(door), text: 'the robot has let go of it' },
          { holds: reading.spin(door) < 0.05, text: 'it is at rest' },
        ],
        metrics: { angle },
      };
    },
  };
}

export const openDoor: Task = {
  name: 'open-door',
  summary: 'Swing the door of a small cupboard open by its handle.',
  build(scene) {
    const { door } = putCupboard(scene, place(scene));
    return judged('open the door', door, 'the door is open by more than 50 degrees', (angle) => angle > OPEN);
  },
};

export const closeDoor: Task = {
  name: 'close-door',
  summary: 'Swing the open door of a microwave shut.',
  build(scene) {
    const open = scene.random.uniform(0.8, 1.2);
    const { door } = putCupboard(scene, place(scene), { open, word: 'microwave', colour: 'grey' });
    return judged('close the microwave', door, 'the door is shut', (angle) => angle < SHUT);
  },
};
