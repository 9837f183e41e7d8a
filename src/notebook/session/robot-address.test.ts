import { describe, expect, it } from 'vitest';
import { parseRobotAddress, robotIdentity, withSeed } from './robot-address.ts';

describe('robot address', () => {
  it('reads scene, seed and further options', () => {
    expect(parseRobotAddress('sim:stack?seed=7&noise=off')).toEqual({
      kind: 'simulator',
      scene: 'stack',
      seed: 7,
      options: { noise: 'off' },
    });
    expect(parseRobotAddress('sim:tabletop')).toMatchObject({ seed: 0 });
  });

  it('treats every URL as a real robot and everything else as a profile', () => {
    expect(parseRobotAddress('ws://127.0.0.1:9090')).toEqual({ kind: 'url', url: 'ws://127.0.0.1:9090' });
    expect(parseRobotAddress('lab-panda')).toEqual({ kind: 'profile', name: 'lab-panda' });
  });

  it.each(['sim:', 'sim:a b', 'sim:x?seed=-1', 'sim:x?seed=1.5', 'sim:x?seed=abc', 'ws://', 'a robot'])(
    'refuses %s and says what to write instead',
    (text) => {
      expect(() => parseRobotAddress(text)).toThrow(/cannot be read/);
    },
  );

  it('has an identity without ports or tokens that depends on scene, seed and options only', () => {
    expect(robotIdentity(parseRobotAddress('sim:stack?noise=off&seed=3'))).toBe('sim:stack?seed=3&noise=off');
    expect(robotIdentity(parseRobotAddress('ws://10.0.0.7:9090/?token=secret'))).not.toContain('secret');
    expect(robotIdentity(withSeed(parseRobotAddress('sim:stack'), 9))).toBe('sim:stack?seed=9');
  });
});
