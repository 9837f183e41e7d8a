import { describe, expect, it } from 'vitest';
import { keyEnvironment } from './key-environment.ts';

const defaults = { defaultPlanner: 'language', defaultRefiner: 'spline' };
const of = (more: object) =>
  keyEnvironment({ waybook: 1, unknown: {}, ...more }, { robot: 'sim:tabletop?seed=0' }, defaults);

describe('what keys depend on', () => {
  it('another meaning of words is another key; none leaves keys as they were', () => {
    expect(of({}).parameters).toBeUndefined();
    const keys = [
      {},
      { viewpoint: 'camera' },
      { viewpoint: 'robot' },
      { names: { workpiece: 'red cube' } },
      { pins: { butter: { at: [0.4, 0.1, 0.02] } } },
      { pins: { butter: { at: [0.4, 0.1, 0.03] } } },
    ].map((front) => JSON.stringify(of(front)));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
