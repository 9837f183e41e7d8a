import { box } from '../arm/arm-description.ts';
import { palette, vividColours } from './palette.ts';
import type { Region, SceneBuilder } from './scene-builder.ts';
import { ball, block, can, cube } from './shapes.ts';
import type { ThingShape } from './thing.ts';

const AREA: Region = { x: [0.34, 0.68], y: [-0.34, 0.34] };

/** Adds movable things that nobody asked for. Their labels differ from all others in the scene. */
export function addDistractors(scene: SceneBuilder, count: number): void {
  const { random } = scene;
  for (let added = 0, attempt = 0; added < count && attempt < 200; attempt++) {
    const colour = random.pick(vividColours);
    const candidates: readonly ThingShape[] = [
      cube(colour, random.uniform(0.03, 0.05)),
      can(colour, random.uniform(0.015, 0.024), random.uniform(0.04, 0.08)),
      ball(colour, random.uniform(0.018, 0.026)),
      block(colour, [random.uniform(0.06, 0.09), random.uniform(0.025, 0.04), random.uniform(0.025, 0.04)]),
    ];
    const shape = random.pick(candidates);
    if (scene.hasLabel(shape.labels[0]?.label ?? '')) continue;
    scene.scatter(shape, { region: AREA });
    added++;
  }
}

/** Adds fixed posts and low walls that motion has to go round. */
export function addObstacles(scene: SceneBuilder, count: number): void {
  const { random } = scene;
  for (let i = 0; i < count; i++) {
    const height = random.uniform(0.08, 0.2);
    const wall = random.next() < 0.4;
    const size = wall
      ? ([0.03, random.uniform(0.1, 0.16), height] as const)
      : ([0.05, 0.05, height] as const);
    const shape: ThingShape = {
      solids: [box([0, 0, 0], size, palette.grey)],
      mass: 0,
      motion: { kind: 'fixed' },
      rest: height / 2,
      footprint: Math.hypot(size[0], size[1]) / 2,
      labels: [
        {
          label: `grey ${wall ? 'wall' : 'post'}`,
          names: ['obstacle'],
          colour: 'grey',
          shape: 'obstacle',
          pose: { position: [0, 0, 0], orientation: [0, 0, 0, 1] },
          size,
        },
      ],
    };
    // Room for the hand between an obstacle and anything else.
    scene.scatter(shape, { region: AREA, clearance: 0.09 });
  }
}
