import { describe, expect, it } from 'vitest';
import { chooseTarget, formatSimulator, parseSimulator } from './run-target.ts';

const machine = { robots: ['fr3'], robot: 'fr3' };

describe('which robot a run talks to', () => {
  it('the Simulator kernel never reaches a robot, whatever the notebook names', () => {
    for (const robot of [undefined, 'fr3', 'sim:stack?seed=2', 'ws://10.0.0.1:9090', '']) {
      expect(chooseTarget('simulator', { robot }, machine).robot).toMatch(/^sim:/);
    }
    expect(chooseTarget('simulator', { robot: 'sim:stack?seed=2' }, machine)).toEqual({
      robot: 'sim:stack?seed=2',
      robotFrom: 'notebook',
    });
  });

  it('the Robot kernel takes the notebook’s robot, else the machine’s', () => {
    expect(chooseTarget('robot', { robot: 'fr3' }, { robots: ['fr3', 'other'], robot: 'other' })).toEqual({
      robot: 'fr3',
      robotFrom: 'notebook',
    });
    expect(chooseTarget('robot', { robot: 'sim:stack?seed=2' }, machine)).toEqual({
      robot: 'fr3',
      robotFrom: 'controller',
    });
  });

  it('the Robot kernel refuses what this machine does not know', () => {
    expect(() => chooseTarget('robot', { robot: 'ur5' }, machine)).toThrow(/knows no robot "ur5"/);
    expect(() => chooseTarget('robot', {}, { robots: [] })).toThrow(/No robot is configured/);
    expect(() => chooseTarget('robot', {}, { robots: ['a'], robot: 'b' })).toThrow(/No robot is configured/);
  });

  it('a scene and a seed survive being written and read', () => {
    expect(parseSimulator(formatSimulator('drawer', 41))).toEqual({ scene: 'drawer', seed: 41 });
    expect(parseSimulator('sim:?seed=x')).toEqual({ scene: 'tabletop', seed: 0 });
    expect(parseSimulator('fr3')).toBeUndefined();
  });
});
