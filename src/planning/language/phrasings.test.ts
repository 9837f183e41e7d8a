import { describe, expect, it } from 'vitest';
import { canonicalStep } from '../evaluation/instruction-set.ts';
import { planByLanguage } from '../language-planner.ts';
import { refusalReason } from '../refusal.ts';
import { requestOver, tableScene, thing } from '../testing/scenes.ts';

const steps = (instruction: string, objects = tableScene) =>
  planByLanguage(requestOver(instruction, objects)).steps.map(canonicalStep);
const refusal = (instruction: string, objects = tableScene) => {
  try {
    return steps(instruction, objects);
  } catch (error) {
    return refusalReason(error);
  }
};

const pot = [
  thing('steel pot', [0.45, 0.1], [0.12, 0.12, 0.06]),
  thing('pot lid', [0.45, 0.1], [0.12, 0.12, 0.03], { z: 0.075 }),
  thing('red can', [0.5, -0.2], [0.04, 0.04, 0.08]),
];
const tower = [
  thing('green cube', [0.5, 0], [0.05, 0.05, 0.05]),
  thing('red cube', [0.5, 0], [0.05, 0.05, 0.05], { z: 0.075 }),
];

describe('phrasings', () => {
  it.each([
    [
      'put the red cube in the red bowl, then the blue cube',
      ['put red-cube in red-bowl', 'put blue-cube in red-bowl'],
    ],
    [
      'put the blue cube into the red bowl and the red cube into the blue one',
      ['put blue-cube in red-bowl', 'put red-cube in blue-bowl'],
    ],
    ['pick and place the red cube on the yellow block', ['put red-cube on yellow-block']],
    [
      'put the bowls on the left and on the right on the target',
      ['put red-bowl on target', 'put blue-bowl on target'],
    ],
    ['pick up the green cube and place it in the bowl on the right', ['put green-cube in blue-bowl']],
    ['pick up the red cube, move it over the blue bowl and let go of it', ['put red-cube in blue-bowl']],
    ['cover the target with the yellow block', ['put yellow-block on target']],
    ['push the yellow block until it reaches the target', ['push yellow-block on target']],
    ['place the red cube in the bowl to the right', ['put red-cube in blue-bowl']],
    ['put everything in the red bowl except the cubes', ['put yellow-block in red-bowl']],
    ['place the green cube on the far side of the table', ['put green-cube @back']],
    ['the red cube goes in the blue bowl', ['put red-cube in blue-bowl']],
    ['put the red cube back in the red bowl', ['put red-cube in red-bowl']],
  ])('%s', (instruction, expected) => {
    expect(steps(instruction).filter((s) => !/bowl in/.test(s))).toEqual(expected);
  });

  it('takes a state that is wanted, or a thing said first, for what to do', () => {
    expect(steps('the red cube should be placed in the blue bowl')).toEqual(['put red-cube in blue-bowl']);
    expect(steps('I want the red cube in the blue bowl, please')).toEqual(['put red-cube in blue-bowl']);
    expect(steps('make sure the green cube is on the target')).toEqual(['put green-cube on target']);
    expect(steps('the yellow block needs to be pushed to the left')).toEqual(['push yellow-block >left']);
    expect(refusal('the red cube is in the blue bowl')).not.toEqual(['put red-cube in blue-bowl']);
  });

  it('takes a stack apart from its top, and moves no stack at once', () => {
    const high = [...tower, thing('blue cube', [0.5, 0], [0.05, 0.05, 0.05], { z: 0.125 })];
    expect(steps('collapse the stack', high)).toEqual(['put blue-cube table', 'put red-cube table']);
    expect(steps('remove the cube on top', high)).toEqual(['put blue-cube table']);
    expect(refusal('put the stack in the corner', high)).toBe('unsupported');
    expect(refusal('collapse the stack')).toBe('not-found');
  });

  it('means the whole rather than its part, a grocery box as no container, and digits in names', () => {
    const shelf = [
      thing('wooden shelf', [0.6, 0.2], [0.2, 0.2, 0.2]),
      thing('top shelf layer', [0.6, 0.2], [0.2, 0.2, 0.01], {
        z: 0.15,
        names: ['top shelf'],
        partOf: 'wooden-shelf',
      }),
      thing('7up can', [0.4, 0], [0.06, 0.06, 0.12]),
      thing('cream cheese box', [0.4, -0.2], [0.07, 0.04, 0.03]),
      thing('basket', [0.5, -0.3], [0.2, 0.2, 0.1]),
    ];
    expect(steps('put the 7up can next to the shelf', shelf)).toEqual(['put 7up-can next-to wooden-shelf']);
    expect(steps('put everything in the basket', shelf)).toEqual([
      'put 7up-can in basket',
      'put cream-cheese-box in basket',
    ]);
  });

  it('lifts and lowers what hangs on a lying hinge', () => {
    const lid = thing('toilet lid', [0.6, 0], [0.2, 0.18, 0.02], {
      z: 0.2,
      articulation: { kind: 'revolute', axis: [0, 1, 0], origin: [0.7, 0, 0.2], travel: 1.6 },
    });
    expect(steps('lift the toilet lid up', [lid])).toEqual(['open toilet-lid']);
    expect(steps('put the toilet lid down', [lid])).toEqual(['close toilet-lid']);
  });

  it('opens and closes what has a lid by its lid', () => {
    expect(steps('open the pot', pot)).toEqual(['put pot-lid table']);
    expect(steps('uncover the pot', pot)).toEqual(['put pot-lid table']);
    expect(refusal('open the can', pot)).toBe('unsupported');
  });

  it('unstacks what stands, and leaves what it stands on', () => {
    expect(steps('unstack the cubes', tower)).toEqual(['put red-cube table']);
    expect(steps('take the stacked cube off', tower)).toEqual(['put red-cube table']);
  });

  it('refuses a middle of one, a stack moved at once, and exceptions to a single thing', () => {
    expect(refusal('pick up the middle bowl', [thing('red bowl', [0.4, 0.2], [0.15, 0.15, 0.05])])).toBe(
      'not-found',
    );
    expect(refusal('stack the red cube on the blue cube and put them in the red bowl')).toBe('unsupported');
    expect(refusal('put the red cube in the blue bowl except the green cube')).toBe('leftover');
  });
});
