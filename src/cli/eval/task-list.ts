/** One evaluated task: a scene of the simulator and the sentence that asks for it. */
export interface EvalTask {
  readonly name: string;
  readonly scene: string;
  readonly instruction: string;
  readonly speed: number;
}

export const EVAL_TASKS: readonly EvalTask[] = [
  { name: 'put-in-bowl', scene: 'put-in-bowl', instruction: 'put the red cube in the blue bowl', speed: 0.5 },
  { name: 'stack', scene: 'stack', instruction: 'stack the red cube on the green cube', speed: 0.5 },
  {
    name: 'push-to-target',
    scene: 'push-to-target',
    instruction: 'push the block to the target',
    speed: 0.5,
  },
  { name: 'open-drawer', scene: 'open-drawer', instruction: 'open the drawer', speed: 0.5 },
  { name: 'insert-peg', scene: 'insert-peg', instruction: 'insert the peg in the hole', speed: 0.4 },
  { name: 'sort-by-colour', scene: 'sort-by-colour', instruction: 'sort the objects by colour', speed: 0.6 },
];

/** The notebook that an episode runs: what a person would write for that sentence. `execute` is that cell's JSON. */
export function taskNotebook(instruction: string, execute: string): string {
  return [
    '---',
    'waybook: 1',
    '---',
    '```json capture {#scene}',
    '{ "camera": "front", "voxel": 0.004 }',
    '```',
    '',
    '```instruction {#task capture=scene}',
    instruction,
    '```',
    '',
    '```json execute {#go trajectory=task-plan}',
    execute,
    '```',
    '',
  ].join('\n');
}
