/** A task of the built-in simulator as a new notebook starts with it. */
export interface Template {
  readonly id: string;
  readonly scene: string;
  readonly title: string;
  readonly instruction: string;
  readonly note: string;
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 'pick-place',
    scene: 'tabletop',
    title: 'Put the red cube in the bowl',
    instruction: 'put the red cube in the blue bowl',
    note: 'Pick a cube and place it.',
  },
  {
    id: 'stack',
    scene: 'stack',
    title: 'Stack two cubes',
    instruction: 'stack the red cube on the green cube',
    note: 'Place one cube on another.',
  },
  {
    id: 'push',
    scene: 'push',
    title: 'Push a block to its target',
    instruction: 'push the red block to the target',
    note: 'Push without grasping.',
  },
  {
    id: 'drawer',
    scene: 'drawer',
    title: 'Open the drawer',
    instruction: 'open the drawer',
    note: 'Pull a drawer by its handle.',
  },
  {
    id: 'peg',
    scene: 'peg',
    title: 'Insert the peg',
    instruction: 'put the peg in the hole',
    note: 'Insert a peg with a few millimetres to spare.',
  },
  {
    id: 'sort',
    scene: 'sort',
    title: 'Sort by colour',
    instruction: 'put the red cube in the red bowl, then put the blue cube in the blue bowl',
    note: 'Two things, one after the other.',
  },
];

/** The text of a new notebook, in the same form as a file. */
export function templateText({ scene, title, instruction, note }: Template): string {
  return [
    '---',
    'waybook: 1',
    `robot: sim:${scene}?seed=7`,
    '---',
    `# ${title}`,
    '',
    note,
    '',
    '```json capture {#table}',
    '{ "camera": "front", "voxel": 0.004 }',
    '```',
    '',
    '```instruction {#task capture=table}',
    instruction,
    '```',
    '',
    '```json execute {#go trajectory=path}',
    '{ "speed": 0.5 }',
    '```',
    '',
  ].join('\n');
}
