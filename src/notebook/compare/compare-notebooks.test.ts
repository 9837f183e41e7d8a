import { describe, expect, it } from 'vitest';
import { readNotebook } from '../file/read-notebook.ts';
import { compareNotebooks } from './compare-notebooks.ts';

const TEXT = `---
waybook: 1
robot: sim:tabletop?seed=7
---
# Title

\`\`\`json capture {#table}
{ "camera": "front", "voxel": 0.004 }
\`\`\`

\`\`\`instruction {#put capture=table}
put the red cube in the bowl
\`\`\`

\`\`\`json waypoints {#grasp plan=put planned=ab}
{
  "waypoints": [
    { "label": "above", "position": [0.45, 0.1, 0.25], "gripper": 1 },
    { "label": "grasp", "position": [0.45, 0.1, 0.02], "gripper": 0 }
  ]
}
\`\`\`
`;
const differences = (from: string, to: string): string[] =>
  compareNotebooks(readNotebook(from, 'a'), readNotebook(to, 'b')).map((d) => `${d.cell ?? ''}: ${d.text}`);

describe('comparing notebooks', () => {
  it.each([
    ['nothing', TEXT, []],
    [
      'only layout',
      TEXT.replace('{ "camera": "front", "voxel": 0.004 }', '{\n  "voxel": 0.0040, "camera": "front"\n}')
        .replaceAll('\n', '\r\n')
        .replace('planned=ab', 'planned=cd'),
      [],
    ],
    [
      'a waypoint',
      TEXT.replace('[0.45, 0.1, 0.02]', '[0.45, 0.112, 0.02]'),
      ['grasp: waypoint 2 (grasp) moved 12 mm'],
    ],
    [
      'the gripper',
      TEXT.replace('"gripper": 0 }', '"gripper": 0.2 }'),
      ['grasp: waypoint 2 (grasp): gripper 0 % -> 20 %'],
    ],
    ['a setting', TEXT.replace('0.004', '0.008'), ['table: voxel: 0.004 -> 0.008']],
    [
      'the front matter',
      TEXT.replace('seed=7', 'seed=8'),
      [': robot: sim:tabletop?seed=7 -> sim:tabletop?seed=8'],
    ],
    [
      'words',
      TEXT.replace('red', 'blue'),
      ['put: instruction "put the red cube in the bowl" -> "put the blue cube in the bowl"'],
    ],
    ['prose', TEXT.replace('# Title', '# Other'), [': the text between the cells changed']],
    [
      'an id',
      TEXT.replace('#table', '#desk').replace('capture=table', 'capture=desk'),
      ['table: capture cell is gone', 'put: capture: table -> desk', 'desk: capture cell is new'],
    ],
  ])('tells %s', (_name, changed, expected) => {
    expect(differences(TEXT, changed)).toEqual(expected);
  });

  it('counts bodies as they are with their parameters filled in', () => {
    const named = TEXT.replace('seed=7\n', 'seed=7\nparams:\n  size: 0.004\n  high: 0.25\n')
      .replace('"voxel": 0.004', '"voxel": "{{size}}"')
      .replace('0.1, 0.25]', '0.1, "{{high}}"]');
    expect(differences(named, named)).toEqual([]);
    expect(differences(TEXT, named)).toEqual([
      ': parameter size: none -> 0.004',
      ': parameter high: none -> 0.25',
    ]);
    expect(differences(named, named.replace('0.004', '0.008').replace('high: 0.25', 'high: 0.262'))).toEqual([
      ': parameter size: 0.004 -> 0.008',
      ': parameter high: 0.25 -> 0.262',
      'table: voxel: 0.004 -> 0.008',
      'grasp: waypoint 1 (above) moved 12 mm',
    ]);
  });
});
