import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../core/errors.ts';
import { distance, rotate } from '../core/geometry.ts';
import { gripperEvents } from '../core/waypoint.ts';
import { completeInstruction } from './completion.ts';
import { languagePlanner, planByLanguage } from './language-planner.ts';
import { plannerFor } from './planner-for.ts';
import { requestOver, tableScene, thing } from './testing/scenes.ts';

const plan = (instruction: string, objects = tableScene) => planByLanguage(requestOver(instruction, objects));
const steps = (instruction: string, objects = tableScene) =>
  plan(instruction, objects).steps.map((s) =>
    [s.verb, s.object, s.relation, s.destination].filter((x) => x !== undefined).join(' '),
  );

function refused(instruction: string, objects = tableScene): WaybookError {
  try {
    plan(instruction, objects);
  } catch (error) {
    if (error instanceof WaybookError) return error;
    throw error;
  }
  throw new Error(`"${instruction}" was planned`);
}

describe('understanding', () => {
  it.each([
    ['put the red cube in the blue bowl', ['put red-cube in blue-bowl']],
    ['stack the red cube on top of the blue cube', ['stack red-cube on blue-cube']],
    ['push the yellow block to the target', ['push yellow-block on target']],
    ['put all the red ones in the red bowl', ['put red-cube in red-bowl']],
    ['put the left cube in the left bowl', ['put red-cube in red-bowl']],
    ['pick up the green cube and put it in the red bowl', ['put green-cube in red-bowl']],
    [
      'put the red cube in the red bowl, then the blue one in the blue bowl',
      ['put red-cube in red-bowl', 'put blue-cube in blue-bowl'],
    ],
    [
      'put everything except the block in the blue bowl',
      ['put red-cube in blue-bowl', 'put blue-cube in blue-bowl', 'put green-cube in blue-bowl'],
    ],
    [
      'before lifting the red cube, put the blue cube in the blue bowl',
      ['put blue-cube in blue-bowl', 'pick red-cube'],
    ],
    ['put the blue cube next to the cube on the left', ['put blue-cube next-to red-cube']],
  ])('%s', (instruction, expected) => {
    expect(steps(instruction)).toEqual(expected);
  });

  it('lets the scene decide where a phrase belongs', () => {
    const stacked = [
      ...tableScene.filter((o) => o.id !== 'green-cube'),
      thing('green cube', [0.45, 0.1], [0.04, 0.04, 0.04], { z: 0.06 }),
    ];
    expect(steps('put the cube on the red cube in the blue bowl', stacked)).toEqual([
      'put green-cube in blue-bowl',
    ]);
  });

  it('follows the viewpoint for left and right, and says whose it is', () => {
    const request = requestOver('put the left cube in the blue bowl');
    expect(planByLanguage(request).steps[0]?.object).toBe('red-cube');
    const seen = planByLanguage({ ...request, viewpoint: 'camera' });
    expect(seen.steps[0]?.object).toBe('blue-cube');
    expect(seen.summary).toContain('as the camera sees');
  });

  it.each([
    ['put the flurb in the blue bowl', 'unknown-words', 'flurb'],
    ['put the purple cube in the blue bowl', 'unknown-words', 'purple'],
    ['put the red block in the green bowl', 'not-found', 'green bowl'],
    ['fnord the red cube', 'unknown-verb', 'fnord'],
    ['paint the red cube', 'unsupported', 'paint'],
    ['put the red cube in the blue bowl while dancing', 'leftover', 'while dancing'],
  ])('refuses "%s", naming the words', (instruction, reason, word) => {
    const error = refused(instruction);
    expect(error.code).toBe('input/grounding');
    expect(error.details.data?.['reason']).toBe(reason);
    expect(JSON.stringify(error.details.data?.['words'])).toContain(word);
  });

  it('lists the candidates of an ambiguity, for the view to highlight', () => {
    const error = refused('put the cube in the blue bowl');
    const candidates = error.details.data?.['candidates'] as { id: string }[];
    expect(candidates.map((c) => c.id)).toEqual(['red-cube', 'blue-cube', 'green-cube']);
  });

  it('suggests a verb for a slip of the finger', () => {
    expect(refused('psuh the red cube to the left').details.hint).toContain('push');
  });

  it('ends with a plan or a refusal whatever it is told', () => {
    const word = fc.constantFrom(
      ...'put the red cube in blue bowl on and then left of it , push all both except not to one between target stack . 2 behind that is'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        try {
          plan(words.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(WaybookError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same plan twice', async () => {
    const request = requestOver('put the red cube in the blue bowl');
    const signal = new AbortController().signal;
    expect(await languagePlanner.plan(request, signal)).toEqual(await languagePlanner.plan(request, signal));
  });
});

describe('templates', () => {
  it('grasp from above across a side that fits, and act at rest', () => {
    const { waypoints } = plan('put the red cube in the blue bowl');
    const grasp = waypoints[1]!;
    expect(grasp.label).toBe('grasp red cube');
    expect(distance(grasp.position, tableScene[0]!.pose.position)).toBeLessThan(0.002);
    expect(rotate(grasp.orientation, [0, 0, 1])[2]).toBeCloseTo(-1, 9);
    expect(gripperEvents(waypoints, 1).map((e) => waypoints[e.waypoint]!.label)).toEqual([
      'grasp red cube',
      'place red cube',
    ]);
    expect(waypoints.length).toBeLessThanOrEqual(7);
  });

  it('turn with the object, by as little as will do', () => {
    const turned = tableScene.map((o) =>
      o.id === 'red-cube'
        ? { ...o, pose: { ...o.pose, orientation: [0, 0, Math.sin(0.15), Math.cos(0.15)] as const } }
        : o,
    );
    const fingers = rotate(plan('lift the red cube', turned).waypoints[1]!.orientation, [0, 1, 0]);
    const across = rotate([0, 0, Math.sin(0.15), Math.cos(0.15)], [0, 1, 0]);
    expect(Math.abs(fingers[0] * across[0] + fingers[1] * across[1])).toBeCloseTo(1, 6);
  });

  it('travel over what stands in the way', () => {
    const wall = thing('grey wall', [0.42, -0.1], [0.3, 0.03, 0.2], { shape: 'obstacle' });
    const over = plan('put the red cube in the blue bowl', [...tableScene, wall]).waypoints;
    const lift = over.find((w) => w.label === 'lift red cube')!;
    expect(lift.position[2]).toBeGreaterThan(0.2 + 0.02);
  });

  it('stack at the height of what is there by then', () => {
    const { waypoints } = plan(
      'stack the red cube on the blue cube, then stack the green cube on the red cube',
    );
    const heights = waypoints.filter((w) => w.label.startsWith('place')).map((w) => w.position[2]);
    expect(heights[1]! - heights[0]!).toBeCloseTo(0.04, 2);
  });

  it('say what does not fit the gripper or the workspace, with what was understood', () => {
    const wide = refused('lift the crate', [thing('wooden crate', [0.5, 0], [0.3, 0.3, 0.02])]);
    expect(wide.code).toBe('input/planner');
    expect(wide.message).toMatch(/300 mm wide/);
    expect(wide.details.data?.['steps']).toMatchObject([{ verb: 'pick', object: 'wooden-crate' }]);
    expect(refused('lift the red cube', [thing('red cube', [2, 0])]).message).toMatch(
      /outside the workspace/,
    );
  });
});

describe('completions', () => {
  const texts = (text: string, objects = tableScene) => completeInstruction(text, objects).map((c) => c.text);

  it('go from verb to object to relation to destination', () => {
    expect(texts('')).toContain('put');
    expect(texts('put ')).toEqual(expect.arrayContaining(['the red cube', 'the yellow block']));
    expect(texts('put ')).not.toContain('the target');
    expect(texts('put the red cube ')).toContain('next to');
    expect(texts('put the red cube in ')).toContain('the blue bowl');
    expect(texts('put the red cube in the blue bowl ')).toEqual(['then']);
  });

  it('complete the word being typed, and tell twins apart by side', () => {
    expect(completeInstruction('put the re', tableScene)[0]).toEqual({
      text: 'the red cube',
      from: 4,
      kind: 'object',
    });
    const twins = [
      thing('mug', [0.5, 0.2], undefined, { id: 'a' }),
      thing('mug', [0.5, -0.2], undefined, { id: 'b' }),
    ];
    expect(texts('lift ', twins)).toEqual(['the left mug', 'the right mug']);
  });
});

describe('planners by id', () => {
  it('never takes another one in place of one that is not set up', () => {
    expect(plannerFor('language').id).toBe('language');
    expect(() => plannerFor('openai')).toThrow(/No model endpoint/);
    expect(() =>
      plannerFor('openai', { trusted: false, openai: { baseUrl: 'http://127.0.0.1:1', model: 'm' } }),
    ).toThrow(/untrusted/);
    expect(() => plannerFor('vscode')).toThrow(/no language model/);
    expect(() => plannerFor('nope')).toThrow(/There is no planner "nope"/);
  });

  it('asks the editor’s models with the schema in the prompt', async () => {
    const asked: string[] = [];
    const lm = {
      model: 'editor-model',
      send: async (prompt: string) => {
        asked.push(prompt);
        return '{"steps": [{"action": "pick", "object": "red-cube"}]}';
      },
    };
    const result = await plannerFor('vscode', { trusted: true, lm }).plan(
      requestOver('lift the red cube'),
      new AbortController().signal,
    );
    expect(result).toMatchObject({
      provider: 'vscode',
      model: 'editor-model',
      steps: [{ object: 'red-cube' }],
    });
    expect(asked[0]).toContain('"enum":["red-cube"');
  });
});
