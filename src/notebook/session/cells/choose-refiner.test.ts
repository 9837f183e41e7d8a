import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../core/capture.ts';
import { WaybookError } from '../../../core/errors.ts';
import { IDENTITY_POSE } from '../../../core/geometry.ts';
import type { Refiner, RefinerId } from '../../../refinement/refiner.ts';
import { readNotebook } from '../../file/read-notebook.ts';
import { chooseRefiner, refinerText, type ChosenRefiner } from './choose-refiner.ts';

const capture: Capture = {
  cloud: { frame: 'base', stamp: 0, count: 0, positions: new Float32Array(0) },
  source: 'test',
  cameraPose: IDENTITY_POSE,
  objects: [],
  rawCount: 0,
  hash: 'x',
};

interface Case {
  readonly option?: string;
  readonly front?: string;
  readonly body?: string;
  readonly capture?: Capture;
  /** what an installation without an expert says, and when */
  readonly missing?: 'at once' | 'on starting';
}

async function choose({ option, front, body, missing, ...more }: Case): Promise<ChosenRefiner> {
  const text = [
    '---',
    'waybook: 1',
    ...(front ? [`refiner: ${front}`] : []),
    '---',
    '```json waypoints {#plan}',
    JSON.stringify({
      waypoints: [{ label: 'a', position: [0.4, 0, 0.3], approach: 'down', gripper: 1 }],
      ...(body ? { refiner: body } : {}),
    }),
    '```',
    '',
  ].join('\n');
  const document = readNotebook(text, 'test.waybook.md');
  const absent = new WaybookError('input/refiner', 'No action expert comes with this installation.');
  const refiner = (id: string): Refiner => {
    if (id === 'expert' && missing === 'at once') throw absent;
    return {
      id: id as RefinerId,
      ready: async () => {
        if (id === 'expert' && missing === 'on starting') throw absent;
      },
      refine: async () => ({ kind: 'abstained', reason: 'a test', waypoint: 0 }),
    };
  };
  return chooseRefiner(
    {
      services: { refiner, defaultRefiner: 'expert' },
      options: { robot: 'sim:tabletop', robotFrom: 'option', ...(option ? { refiner: option } : {}) },
      params: {},
      document,
      signal: new AbortController().signal,
    },
    document.cells.find(({ id }) => id === 'plan')!,
    more.capture,
  );
}

describe('chooseRefiner', () => {
  it('uses the default where there is a capture', async () => {
    const { refiner, instead } = await choose({ capture });
    expect(refiner.id).toBe('expert');
    expect(instead).toBeUndefined();
  });

  it('takes spline without a capture, and says so', async () => {
    const { refiner, instead } = await choose({});
    expect(refinerText(refiner.id, instead)).toBe('spline instead of expert: the cell looks at no capture');
  });

  it.each(['at once', 'on starting'] as const)(
    'takes spline where the expert is missing %s',
    async (missing) => {
      const { refiner, instead } = await choose({ capture, missing });
      expect(refiner.id).toBe('spline');
      expect(instead).toEqual({ of: 'expert', why: 'No action expert comes with this installation' });
    },
  );

  it.each([{ option: 'expert' }, { front: 'expert' }, { body: 'expert' }])(
    'never replaces an expert that was asked for: %j',
    async (asked) => {
      await expect(choose({ ...asked, capture, missing: 'at once' })).rejects.toThrow('No action expert');
      // Without a capture it is the refiner itself that refuses.
      expect((await choose(asked)).refiner.id).toBe('expert');
      expect((await choose({ ...asked, capture, missing: 'on starting' })).instead).toBeUndefined();
    },
  );

  it('lets an option win over the cell, and the cell over the notebook', async () => {
    const all = { capture, front: 'spline', body: 'snap', option: 'expert' };
    expect((await choose(all)).refiner.id).toBe('expert');
    expect((await choose({ capture, front: 'spline', body: 'snap' })).refiner.id).toBe('snap');
    expect((await choose({ capture, front: 'spline' })).refiner.id).toBe('spline');
  });
});
